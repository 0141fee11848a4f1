/** An event: one thing that a marketplace tells afterwards, read into facts. */
import type { Fact, Subject } from './fact.ts';
import type { Customer, Marketplace, Mode } from './order.ts';

export interface MarketplaceEvent {
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
  readonly facts: readonly Fact[];
  /** Who holds the licenses of an order: kept apart from all else, and only where nobody is known yet. */
  readonly people: readonly { readonly subject: Subject; readonly customer: Customer }[];
  /** License codes that the marketplace holds for the order; one that is genuine and that the ledger lacks is adopted. */
  readonly codes: readonly string[];
}

export interface KeptEvent {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly outcome: 'done' | 'failed';
  /** What was wrong when it failed last; no personal data. */
  readonly fault: string | null;
  readonly attempts: number;
  /** Somebody has to look: what it says was not clear enough to act on. */
  readonly flagged: boolean;
  /** null once it was forgotten (RETAIN_EVENTS); its digest stays. */
  readonly payload: string | null;
}
