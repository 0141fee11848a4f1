/** An event: one message that a marketplace sends after the sale, parsed into facts. */
import type { Customer, Marketplace, Mode } from '../values/order.ts';
import type { Fact, Subject } from './fact.ts';

/** Fields that every event has. */
export interface EventHead {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  /** The marketplace's event id; an automatic retry carries the same id. */
  readonly id: string;
  /** The marketplace's name of the event type. */
  readonly type: string;
  /** The marketplace's own time, milliseconds since 1970-01-01. */
  readonly at: number;
  /** The body as received, byte for byte. */
  readonly payload: string;
}

export interface MarketplaceEvent extends EventHead {
  readonly facts: readonly Fact[];
  /** The customers of an order's licenses: stored apart from all else, and only where no customer is known yet. */
  readonly people: readonly { readonly subject: Subject; readonly customer: Customer }[];
  /**
   * License codes that the marketplace holds. A genuine code is adopted if its license is missing, and
   * learned if its revision is higher than the ledger's. A code of another order makes the two orders
   * aliases, or raises a flag.
   */
  readonly codes: readonly string[];
  /** The marketplace's API has what the event lacks: it is fetched later (outbox/complete-channel.ts). */
  readonly isLacking?: true;
  /** The event is another one together with what that lacked. */
  readonly isCompletion?: true;
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
  /** Why the last attempt failed; no personal data. */
  readonly fault: string | null;
  readonly attempts: number;
  /** The event raised a flag that is not settled. */
  readonly flagged: boolean;
  /** null: deleted after RETAIN_EVENTS; the digest stays. */
  readonly payload: string | null;
}
