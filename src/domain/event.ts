/** An event: one message that a marketplace sends afterwards, read into facts. */
import type { Fact, Subject } from './fact.ts';
import type { Customer, Marketplace, Mode } from './order.ts';

/** What every event tells, whatever its type. */
export interface EventHead {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  /** The marketplace's own; an automatic retry carries the same. */
  readonly id: string;
  /** The marketplace's own name for it. */
  readonly type: string;
  /** The marketplace's own time, milliseconds since 1970-01-01. */
  readonly at: number;
  /** As received, to the byte. */
  readonly payload: string;
}

export interface MarketplaceEvent extends EventHead {
  readonly facts: readonly Fact[];
  /** Who holds the licenses of an order: kept apart from all else, and only where nobody is known yet. */
  readonly people: readonly { readonly subject: Subject; readonly customer: Customer }[];
  /**
   * License codes that the marketplace holds. One that is genuine and that the ledger lacks is adopted; one of a
   * higher revision than the ledger's is learned; one of another order ties that order to this one, or is flagged.
   */
  readonly codes: readonly string[];
}

export type EventOutcome = 'done' | 'unmatched' | 'failed';

export interface KeptEvent {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly outcome: EventOutcome;
  /** What was wrong when it failed last; no personal data. */
  readonly fault: string | null;
  readonly attempts: number;
  /** It raised a flag that nobody has settled. */
  readonly flagged: boolean;
  /** null once it was forgotten (RETAIN_EVENTS); its digest stays. */
  readonly payload: string | null;
}
