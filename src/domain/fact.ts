/**
 * Facts: what marketplaces, requests and operators say of an order, a charge or a subscription, in one vocabulary.
 * A license is what its facts add up to, taken by the marketplace's own times (life.ts), so it does not matter when,
 * how often or in which order they arrive.
 */
import type { Day } from './day.ts';
import type { FlagKind } from './flag.ts';
import type { Marketplace, Mode } from './order.ts';

/**
 * What a fact is about. `order` is the reference that license requests name, `order-id` a marketplace's internal id;
 * `alias` facts tie the names of one order together. A charge is an order too: its own name is the charge's name.
 */
export type Subject =
  | `order:${string}`
  | `order-id:${string}`
  | `subscription:${string}`
  | `case:${string}`
  | `license:${string}`;

/** What a charge or a subscription is for, as the marketplace names it. */
export interface CoveredLine {
  /** The marketplace's own name of the item, lower case (FastSpring: path; Paddle: plan id). */
  readonly line: string;
  /** The product's id in Mintmark; null where no product file names the item. */
  readonly product: string | null;
  readonly quantity: number;
}

/** Money that went back for one line of a charge. */
export interface RepaidLine {
  readonly line: string;
  /** Net amount, in the charge's currency; null where it is not told. */
  readonly amount: number | null;
  /** Units as told; 0 where the return is by amount. */
  readonly quantity: number;
  /** The marketplace says that the whole line went back. */
  readonly full: boolean;
  /** The subscription that the line was charged for; absent where it is not told. */
  readonly subscription?: string;
}

export type FactBody =
  /** A line of an order was sold. */
  | {
      readonly kind: 'sold';
      /** null: no product file names it. */
      readonly product: string | null;
      readonly quantity: number;
      /** Absent in ledgers before schema 6: ''. */
      readonly line?: string;
      readonly subscription?: string;
      /** The subscription is another line's, whose dates this line follows (an add-on). */
      readonly companion?: true;
      readonly features?: readonly string[];
      /** Net amount of the whole line, after discounts, in the order's currency. */
      readonly price?: number;
      /** A trial: no money was paid for it yet. */
      readonly trial?: true;
      /** The license fulfillment failed at the marketplace: undelivered at once. */
      readonly failed?: true;
    }
  /** What the order's own charge came to, tax included. */
  | { readonly kind: 'charged'; readonly total: number; readonly currency: string | null }
  /** How many units were paid for, where the licenses come by fulfillment requests (Paddle). */
  | {
      readonly kind: 'confirmed';
      readonly quantity: number;
      /** Paddle's product id, and the product that it is here; null where no file names it. */
      readonly line?: string;
      readonly product?: string | null;
      /** sale_gross and its currency. */
      readonly total?: number;
      readonly currency?: string | null;
    }
  /** A code that the marketplace says it stored: the license ids of the codes it named. */
  | { readonly kind: 'stored'; readonly licenses: readonly string[] }
  /** The order's licenses (of one product or line, where named) follow a subscription. */
  | {
      readonly kind: 'linked';
      readonly subscription: string;
      readonly product?: string;
      readonly line?: string;
    }
  /** Another name of this subject; of a subscription: this order is a charge of it. */
  | { readonly kind: 'alias'; readonly of: Subject }
  /** A charge of a subscription was paid. `until` is the day of the next charge; null where it is not told. */
  | {
      readonly kind: 'paid';
      readonly until: Day | null;
      readonly sequence: number | null;
      /** The name of the charge's own order. */
      readonly charge?: Subject;
      readonly total?: number;
      readonly currency?: string | null;
      /** `proration` and `extra` begin no period. Absent: the dates decide. */
      readonly part?: 'first' | 'rebill' | 'proration' | 'extra';
      /** What it paid for; absent where the marketplace does not say. */
      readonly covers?: readonly CoveredLine[];
      /** A trial or a charge of nothing: it gives access until `until`, and is no payment. */
      readonly free?: true;
    }
  /** A license request named the subscription under an order of its own: a charge of unknown kind (fault 77). */
  | {
      readonly kind: 'asked';
      readonly order: string;
      readonly line: string;
      readonly product: string;
      readonly quantity: number;
    }
  /** The day of the next charge, told without a payment. `active`: the state told with it, which undoes a cancellation. */
  | {
      readonly kind: 'dated';
      readonly until: Day;
      readonly sequence: number | null;
      readonly active?: true;
      /** The end of a trial. */
      readonly trial?: true;
    }
  /** What a subscription is for from now on. quantity null: as before. product null: no file names it. */
  | {
      readonly kind: 'resized';
      readonly product: string | null;
      readonly quantity: number | null;
      readonly line?: string;
      readonly features?: readonly string[];
    }
  /** An edit that takes effect with the paid charge that names it (FastSpring). */
  | {
      readonly kind: 'announced';
      readonly product: string | null;
      readonly quantity: number;
      readonly line: string;
      readonly features?: readonly string[];
    }
  | { readonly kind: 'overdue' }
  /** Paid again: overdue and paused are over. */
  | { readonly kind: 'recovered' }
  /**
   * `last`: a scheduled pause, paid up to and including that day. `scheduled`: it begins at the next charge date that was
   * known before. Neither: from now.
   */
  | { readonly kind: 'paused'; readonly last?: Day; readonly scheduled?: true }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'canceled'; readonly last: Day }
  | { readonly kind: 'uncanceled' }
  | { readonly kind: 'deactivated'; readonly on: Day }
  /** All money of the charge that the subject names went back. */
  | { readonly kind: 'refunded' }
  /** Money of the charge that the subject names went back; amounts of one charge add up. */
  | {
      readonly kind: 'repaid';
      readonly amount: number | null;
      readonly currency: string | null;
      /** What the charge came to, where the message says it. */
      readonly total?: number;
      /** Tax alone: it adds up and never revokes by itself. */
      readonly tax?: true;
      readonly lines?: readonly RepaidLine[];
    }
  /** Units came back (ledgers before schema 6). */
  | { readonly kind: 'returned'; readonly product: string | null; readonly quantity: number }
  | { readonly kind: 'charged-back' }
  | { readonly kind: 'disputed' }
  | { readonly kind: 'dispute-won' }
  | { readonly kind: 'dispute-lost' }
  /** The order did not come about after all. `test`: it was a test order that was taken for a live one. */
  | { readonly kind: 'voided'; readonly test?: true }
  | { readonly kind: 'reviewed' }
  | { readonly kind: 'cleared' }
  /** A genuine code of this license with a higher revision than the ledger's was seen outside. */
  | { readonly kind: 'learned'; readonly revision: number }
  /** Somebody mailed the customer the code of this revision by hand. */
  | { readonly kind: 'handed'; readonly revision: number }
  /** What an operator decided. */
  | { readonly kind: 'set-until'; readonly until: Day }
  | { readonly kind: 'set-updates'; readonly until: Day }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'reinstated' }
  | { readonly kind: 'withdrawn' }
  /** The sold licenses of a product live by other terms from now on. */
  | { readonly kind: 'termed'; readonly product: string; readonly terms: string }
  /** A line that no product file named is this product. */
  | { readonly kind: 'mapped'; readonly line: string; readonly product: string }
  /** For the history alone; `flag` where somebody has to look, and `why` the flag's kind. */
  | { readonly kind: 'noted'; readonly note: string; readonly flag?: true; readonly why?: FlagKind };

export type FactKind = FactBody['kind'];

export interface Fact {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly subject: Subject;
  /**
   * Unique in its marketplace and mode. The same fact told again, even under another event id or of another subject,
   * has the same key; the earliest time told counts.
   */
  readonly key: string;
  /** The marketplace's own time, milliseconds since 1970-01-01. */
  readonly at: number;
  /** For the history: who said so. No personal data. */
  readonly cause: string;
  readonly body: FactBody;
}
