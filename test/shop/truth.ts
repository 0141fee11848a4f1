/** The truth: what must be so in the end, whatever was heard when. */
import type { Charge, Item, Subscription } from './books.ts';
import type { Day } from './calendar.ts';
import type { Call } from './call.ts';

/** `ended`: only of a license that stays good for good. */
export type State = 'active' | 'suspended' | 'ended';

/** The licenses of one product that one line, or one subscription, pays for. */
export interface Paid {
  readonly what: string;
  /** Orders that its licenses may have. */
  readonly orders: readonly string[];
  readonly product: string;
  /** The marketplace's name of the item, by which two lines of one product are told apart. */
  readonly line: string;
  readonly subscription: string | null;
  /** Live licenses: any of these numbers will do. */
  readonly counts: readonly number[];
  /** Nothing of them ever was taken back: whoever asks for these items gets a code for each unit. */
  readonly untouched: readonly Item[];
  /** Nor was any of the money: whatever is not heard, nothing may revoke them. */
  readonly isClean: boolean;
  readonly states: readonly State[];
  readonly lastValid: Span;
  readonly updates: Span;
  /** No event tells the days: they begin when the first request comes. */
  readonly isByArrival: boolean;
  readonly seats: number;
}

/** Days that will do, inclusive: what is not documented leaves several. null: for good. */
export type Span = null | { readonly from: Day; readonly to: Day };

export type FlagKind = 'partial-refund' | 'undelivered' | 'unknown-product';

export interface Flagged {
  readonly kind: FlagKind;
  /** Any of these names must be in it. */
  readonly about: readonly string[];
}

/** Somebody who must be found with an order. */
export interface Known {
  readonly email: string;
  readonly order: string;
}

export interface Truth {
  readonly paid: readonly Paid[];
  readonly flags: readonly Flagged[];
  readonly people: readonly Known[];
}

/** All that a shop knows in the end. */
export interface Books {
  readonly marketplace: 'fastspring' | 'paddle-classic';
  readonly charges: readonly Charge[];
  readonly subscriptions: readonly Subscription[];
  readonly calls: readonly Call[];
  readonly people: readonly Known[];
  readonly end: number;
}
