/**
 * Facts: what marketplaces and operators say of an order or a subscription, in one vocabulary whoever says it.
 * The state of a license is what its facts add up to, taken in the order of their own times (life.ts), so it does not
 * matter when, how often or in what company they arrive.
 */
import type { Day } from './day.ts';
import type { Marketplace, Mode } from './order.ts';

/**
 * What a fact is about. A marketplace may tell of the same thing by several names (an order by its reference and by an
 * internal id, a rebill by an order of its own), which `alias` facts tie together.
 */
export type Subject =
  | `order:${string}`
  | `order-id:${string}`
  | `subscription:${string}`
  | `case:${string}`
  | `license:${string}`;

export type FactBody =
  /** A product was sold: confirms the licenses of the order, or lets them be issued. */
  | {
      readonly kind: 'sold';
      readonly product: string;
      readonly quantity: number;
      readonly subscription?: string;
      readonly features?: readonly string[];
    }
  /** How many units were paid for, where the licenses come by fulfillment requests of their own. */
  | { readonly kind: 'confirmed'; readonly quantity: number }
  /** A code that the marketplace says it stored: the license ids of the codes it named. */
  | { readonly kind: 'stored'; readonly licenses: readonly string[] }
  /** The order's licenses (of one product, where it is named) follow a subscription. */
  | { readonly kind: 'linked'; readonly subscription: string; readonly product?: string }
  /** Another name of this subject. */
  | { readonly kind: 'alias'; readonly of: Subject }
  /** A period was paid. `until` is the day of the next charge; null where the marketplace did not say. */
  | { readonly kind: 'paid'; readonly until: Day | null; readonly sequence: number | null }
  /** The day of the next charge, told without a payment. */
  | { readonly kind: 'dated'; readonly until: Day; readonly sequence: number | null }
  /** What a subscription is for now. */
  | { readonly kind: 'resized'; readonly product: string; readonly quantity: number }
  | { readonly kind: 'overdue' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'canceled'; readonly last: Day }
  | { readonly kind: 'uncanceled' }
  | { readonly kind: 'deactivated'; readonly on: Day }
  /** Money went back: all of the order's, or that of some units of a product. */
  | { readonly kind: 'refunded' }
  | { readonly kind: 'returned'; readonly product: string | null; readonly quantity: number }
  | { readonly kind: 'charged-back' }
  | { readonly kind: 'disputed' }
  | { readonly kind: 'dispute-won' }
  /** The order did not come about after all. */
  | { readonly kind: 'voided' }
  | { readonly kind: 'reviewed' }
  | { readonly kind: 'cleared' }
  /** What an operator decided. */
  | { readonly kind: 'set-until'; readonly until: Day }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'reinstated' }
  | { readonly kind: 'withdrawn' }
  /** For the history alone; `flag` where somebody has to look. */
  | { readonly kind: 'noted'; readonly note: string; readonly flag?: true };

export type FactKind = FactBody['kind'];

export interface Fact {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly subject: Subject;
  /**
   * Unique in its marketplace and mode. The same fact told again, under another event id even, or of another subject
   * too, has the same key; the earliest time told counts.
   */
  readonly key: string;
  /** The marketplace's own time, milliseconds since 1970-01-01. */
  readonly at: number;
  /** For the history: who said so. No personal data. */
  readonly cause: string;
  readonly body: FactBody;
}

/** Of facts of one time, the graver is taken last. */
const RANK: Record<FactKind, number> = {
  alias: 0,
  linked: 0,
  sold: 0,
  confirmed: 0,
  stored: 0,
  noted: 0,
  resized: 1,
  dated: 1,
  paid: 2,
  resumed: 3,
  uncanceled: 3,
  cleared: 3,
  overdue: 4,
  paused: 4,
  reviewed: 4,
  canceled: 5,
  deactivated: 6,
  disputed: 7,
  returned: 8,
  refunded: 8,
  voided: 8,
  'charged-back': 8,
  'dispute-won': 9,
  'set-until': 10,
  stopped: 10,
  withdrawn: 10,
  reinstated: 11,
};

/** By the marketplace's time, then by rank, then by key: the same facts always come in the same order. */
export function byTime(a: Fact, b: Fact): number {
  return a.at - b.at || RANK[a.body.kind] - RANK[b.body.kind] || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
