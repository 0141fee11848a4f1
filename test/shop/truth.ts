/** The truth: the expected end, whatever events arrive when. */
import type { Charge, Item, Subscription } from './books.ts';
import type { Day } from './calendar.ts';
import type { Call } from './call.ts';

/** `ended`: only for a license that stays perpetual. */
export type State = 'active' | 'suspended' | 'ended';

/** The licenses of one product that one line or one subscription pays for. */
export interface Paid {
  readonly what: string;
  /** Orders that its licenses can have. */
  readonly orders: readonly string[];
  readonly product: string;
  /** The marketplace's name of the item, which distinguishes two lines of one product. */
  readonly line: string;
  readonly subscription: string | null;
  /** Live licenses: any of these numbers is right. */
  readonly counts: readonly number[];
  /** None of them was ever refunded: a request for these items gets a code for each unit. */
  readonly untouched: readonly Item[];
  /** Nor was any of the money: whatever events are missing, nothing may revoke them. */
  readonly isClean: boolean;
  readonly states: readonly State[];
  readonly lastValid: Span;
  readonly updates: Span;
  /** No event has the days: they begin with the first request. */
  readonly isByArrival: boolean;
  /** Units that the subscription left, and that stay good for the versions of their time. */
  readonly isLeft?: true;
  /** Their ids name the path that is heard of first, of those that the subscription was for (docs/life.md). */
  readonly isNamedByPath?: true;
  readonly seats: number;
  /** Bits; undefined: nothing says which. */
  readonly features?: number;
}

/** Allowed days, inclusive: several where the documentation is silent. null: no end. */
export type Span = null | { readonly from: Day; readonly to: Day };

export type FlagKind = 'partial-refund' | 'undelivered' | 'unknown-product' | 'unclear';

export interface Flagged {
  readonly kind: FlagKind;
  /** One of these names must be in it. */
  readonly about: readonly string[];
}

/** A person who must be found with an order. */
export interface Known {
  readonly email: string;
  readonly order: string;
}

export interface Truth {
  readonly paid: readonly Paid[];
  readonly flags: readonly Flagged[];
  readonly people: readonly Known[];
  /** Requested orders that no event names: webhooks without expansion tell a charge by its other name alone. */
  readonly unnamed: readonly string[];
}

export type ShopName =
  | 'fastspring'
  | 'paddle-classic'
  | 'paddle-billing'
  | 'stripe'
  | 'lemon-squeezy'
  | 'gumroad';

/** Events alone bring the licenses: nobody is asked for codes. */
export function isByEvent(shop: ShopName): boolean {
  return shop !== 'fastspring' && shop !== 'paddle-classic';
}

/** A dispute suspends also what was sold once, until it is decided. */
export function suspendsSales(shop: ShopName): boolean {
  return shop === 'stripe' || shop === 'gumroad';
}

/** Everything that a shop knows in the end. */
export interface Books {
  readonly marketplace: ShopName;
  readonly charges: readonly Charge[];
  readonly subscriptions: readonly Subscription[];
  readonly calls: readonly Call[];
  readonly people: readonly Known[];
  readonly end: number;
}
