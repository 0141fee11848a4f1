/**
 * Facts: what marketplaces, requests and operators say about an order, a charge or a subscription, in one
 * vocabulary. A license is the sum of its facts, ordered by the marketplace's own times (life.ts), so the
 * order of arrival and repeats do not matter.
 */
import type { Day } from '../values/day.ts';
import type { FlagKind } from '../values/flag.ts';
import type { Marketplace, Mode } from '../values/order.ts';
import type { ChargedItem } from './charged-item.ts';
import type { Decision } from './decision.ts';
import type { Dispute } from './dispute.ts';
import type { RepaidLine } from './repaid-line.ts';

/**
 * The subject of a fact. `order` is the reference that license requests name, `order-id` a marketplace's
 * internal id. `alias` facts join the names of one order. A charge is an order too and has its own name.
 */
export type Subject =
  | `order:${string}`
  | `order-id:${string}`
  | `subscription:${string}`
  | `case:${string}`
  | `license:${string}`;

/** A line that a charge or a subscription pays for, as the marketplace names it. */
export interface CoveredLine {
  /** The marketplace's own name of the item, lower case (FastSpring: path; Paddle: plan id). */
  readonly line: string;
  /** The product's id in Mintmark; null: no product file names the item. */
  readonly product: string | null;
  readonly quantity: number;
  /** Units in one of the item (a pack), counted in `quantity`; absent: one, or not stated (packs.ts). */
  readonly per?: number;
  readonly features?: readonly string[];
}

export type FactBody =
  /** A line of an order was sold. */
  | {
      readonly kind: 'sold';
      /** null: no product file names the line. */
      readonly product: string | null;
      readonly quantity: number;
      /** The message states no quantity, or not all of it: another one counts. */
      readonly assumed?: true;
      /** Absent in facts of ledgers before schema 6; they count as ''. */
      readonly line?: string;
      readonly subscription?: string;
      /** The subscription belongs to another line, whose dates this line follows (an add-on). */
      readonly companion?: true;
      readonly features?: readonly string[];
      /** As of covered lines. */
      readonly per?: number;
      /** Net amount of the whole line, after discounts, in the order's currency. */
      readonly price?: number;
      /** A trial: nothing is paid yet. */
      readonly trial?: true;
      /** License fulfillment failed at the marketplace: the line counts as undelivered at once. */
      readonly failed?: true;
      /** A placeholder: the lines are fetched later (awaited-lines.ts). What a person does where they are not: a sentence. */
      readonly awaits?: string;
      /** The placeholder stands beside stated lines, until a fact with its key takes its place. */
      readonly awaitsRest?: true;
    }
  /** The total of the order's own charge, tax included. */
  | {
      readonly kind: 'charged';
      readonly total: number;
      readonly currency: string | null;
      /** All items of the charge, if returns name items instead of lines. Returned one by one, they are the whole charge. */
      readonly items?: readonly ChargedItem[];
    }
  /** The number of paid units, for marketplaces whose fulfillment requests fetch the licenses (Paddle). */
  | {
      readonly kind: 'confirmed';
      readonly quantity: number;
      /** Paddle's product id and Mintmark's product id; null: no product file names it. */
      readonly line?: string;
      readonly product?: string | null;
      /** sale_gross and its currency. */
      readonly total?: number;
      readonly currency?: string | null;
    }
  /** The marketplace stored these codes, given as license ids. */
  | { readonly kind: 'stored'; readonly licenses: readonly string[] }
  /** The order's licenses (of one product or line, if stated) follow a subscription. */
  | {
      readonly kind: 'linked';
      readonly subscription: string;
      readonly product?: string;
      readonly line?: string;
    }
  /** Another name of this subject; a subscription: this order is a charge of it (`unsold`: unless it is known as a sale). */
  | { readonly kind: 'alias'; readonly of: Subject; readonly unsold?: true }
  /** A charge of a subscription, whose own order is `charge`, was paid. `until` is the day of the next charge; null: not stated. */
  | {
      readonly kind: 'paid';
      readonly until: Day | null;
      readonly sequence: number | null;
      readonly charge?: Subject;
      readonly total?: number;
      readonly currency?: string | null;
      /** `proration` and `extra` begin no period. Absent: the dates decide. */
      readonly part?: 'first' | 'rebill' | 'proration' | 'extra';
      /** The lines that the charge paid for; absent: not stated. */
      readonly covers?: readonly CoveredLine[];
      /** What the event of the charge shows the subscription itself to be for, maybe as before the charge; absent: not stated. */
      readonly own?: Omit<CoveredLine, 'quantity'> & { readonly quantity?: number };
      /** A trial or a charge of zero: it gives access until `until` and is no payment. */
      readonly free?: true;
      /** `until` is a lower bound: a later day that is known stays. */
      readonly atLeast?: true;
      /** Charged when a person asks, to no day that the marketplace keeps: it pays a term, also within the time paid before. */
      readonly byHand?: true;
      /** The customer paid by hand for the period after the present one: it pays a term from that one's end. */
      readonly ahead?: true;
    }
  /** A license request named the subscription under a new order: a charge of unknown kind. */
  | {
      readonly kind: 'asked';
      readonly order: string;
      readonly line: string;
      readonly product: string;
      readonly quantity: number;
    }
  /** The day of the next charge, stated without a payment. `active`: the stated state, which undoes a cancellation. */
  | {
      readonly kind: 'dated';
      readonly until: Day;
      readonly sequence: number | null;
      readonly active?: true;
      /** `until` is the end of a trial. */
      readonly trial?: true;
      /** The date of a payment that states none itself; no payment, no date (date-payments.ts). */
      readonly ofPayment?: true;
    }
  /** The subscription's new product and quantity. quantity null: unchanged. product null: no product file names it. */
  | {
      readonly kind: 'resized';
      readonly product: string | null;
      readonly quantity: number | null;
      readonly line?: string;
      readonly features?: readonly string[];
      /** Stated by a payment up to this day (null: not stated): unless it begins a period, the quantity is a lower bound. */
      readonly paidTo?: Day | null;
    }
  /** All lines of the subscription from now on, as the marketplace states them; no payment. */
  | { readonly kind: 'covered'; readonly lines: readonly CoveredLine[] }
  /** An edit that takes effect when a paid charge names it (FastSpring). */
  | {
      readonly kind: 'announced';
      readonly product: string | null;
      readonly quantity: number;
      readonly per?: number;
      readonly line: string;
      readonly features?: readonly string[];
    }
  /** `due`: the charge date that is not paid, as stated. */
  | { readonly kind: 'overdue'; readonly due?: Day }
  /** Said to be active, also where nothing was overdue: the license is no longer overdue or paused. */
  | { readonly kind: 'recovered' }
  /**
   * `last`: a scheduled pause, paid up to and including that day. `scheduled`: the pause begins at the next
   * charge date known before. Neither: the pause begins now.
   */
  | { readonly kind: 'paused'; readonly last?: Day; readonly scheduled?: true }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'canceled'; readonly last: Day }
  | { readonly kind: 'uncanceled' }
  | { readonly kind: 'deactivated'; readonly on: Day }
  /** All money of the subject's charge was returned. `name`: the marketplace's, of the return, if it can be undone. */
  | { readonly kind: 'refunded'; readonly name?: string }
  /** Part of the subject's charge was returned; the amounts of one charge add up. */
  | {
      readonly kind: 'repaid';
      readonly amount: number | null;
      readonly currency: string | null;
      /** The total of the charge, if the message states it. */
      readonly total?: number;
      /** Only tax was returned: the amount adds up and never revokes by itself. */
      readonly tax?: true;
      readonly lines?: readonly RepaidLine[];
      /** The marketplace's name of the return, if it can be undone. */
      readonly name?: string;
    }
  /** The returns of the subject's charge with this name came to nothing, as far as they are not later: the money stayed. */
  | { readonly kind: 'return-undone'; readonly name: string }
  /** Units were returned (ledgers before schema 6). */
  | { readonly kind: 'returned'; readonly product: string | null; readonly quantity: number }
  | { readonly kind: 'disputed' }
  | { readonly kind: 'dispute-won' }
  | ({ readonly kind: 'charged-back' | 'dispute-lost' } & Dispute)
  /**
   * The order was not completed. `test`: a test order that was taken for a live one. `unsold`: it counts while the order is not
   * told as sold.
   */
  | { readonly kind: 'voided'; readonly test?: true; readonly unsold?: true }
  | { readonly kind: 'reviewed' }
  | { readonly kind: 'cleared' }
  /** A genuine code of this license was seen outside, with a higher revision than the ledger's. */
  | { readonly kind: 'learned'; readonly revision: number }
  /** The subject is the subscription as which one of another marketplace goes on, whose licenses follow it (moved.ts). */
  | { readonly kind: 'moved'; readonly from: Marketplace; readonly subscription: string }
  /** The subject is a claim name (claim.ts): the page after the checkout shows the codes of this order to who knows it. */
  | { readonly kind: 'claimable'; readonly order: string }
  /** The seller mailed the code of this revision by hand, or the page after the checkout showed it. */
  | { readonly kind: 'handed'; readonly revision: number; readonly by?: 'page' }
  | Decision
  /** For the history only. `flag`: a person must look at it; `why` is the flag's kind. `language`: of the customer. */
  | {
      readonly kind: 'noted';
      readonly note: string;
      readonly flag?: true;
      readonly why?: FlagKind;
      /** The reader knows that it is about a sale of ours, whatever else is known of the subject. */
      readonly ours?: true;
      /** Flagged only while a license of the subscription is overdue, or not paid up to this day, or after a won dispute (flags-of-doubts.ts). */
      readonly doubt?: 'overdue' | 'won before' | { readonly until: Day };
      /** The charge whose money it is about; absent: the subject. */
      readonly charge?: Subject;
      /** The address of the order's customer was corrected by it. */
      readonly address?: true;
      /** What the fact with the key `of` states of an order, and another event otherwise (stated-units.ts). */
      readonly units?: CoveredLine & { readonly of: string; readonly order: Subject };
      readonly language?: string;
    };

export type FactKind = FactBody['kind'];

export interface Fact {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly subject: Subject;
  /**
   * Unique in its marketplace and mode. A repeated fact has the same key, even under another event id or
   * subject; the earliest time counts.
   */
  readonly key: string;
  /** The marketplace's own time, milliseconds since 1970-01-01. */
  readonly at: number;
  /** For the history: the source of the fact. No personal data. */
  readonly cause: string;
  readonly body: FactBody;
}
