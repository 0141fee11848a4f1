/** A product: what is sold, what a license of it entitles to, and the text that goes with it. */
import type { Period } from './day.ts';

export interface Product {
  /** 1 to 64 bytes; the name of its file, part of its URLs, bound by every signature. */
  readonly id: string;
  readonly name: string;
  /** How long a license is valid from the day of sale. */
  readonly term: Period | 'perpetual';
  /** Added to the last day of a term: late renewals. */
  readonly grace: Period;
  /** How long from the day of sale new versions are covered. */
  readonly updates: Period | 'unlimited';
  /** Several units bought: a code each, or one code with as many times the seats. */
  readonly quantity: 'codes' | 'seats';
  /** Seats of one unit; 0 = unlimited. */
  readonly seats: number;
  /** Paddle's "Separate Multibuy": one request for all units, or one a unit. */
  readonly multibuy: 'single' | 'separate';
  /** All features that the program knows: the place in the list is the bit in the code, so it only grows. At most 24. */
  readonly features: readonly string[];
  /** Those that a license of this product switches on. */
  readonly grants: readonly string[];
  readonly trial: boolean;
  /** How long a trial's first code is valid from the day of sale, where the sale says that it begins with a trial. */
  readonly trialTerm: Period | undefined;
  /** A payment that is overdue suspends the license, or only stands in its history. */
  readonly overdue: 'suspend' | 'keep';
  /** When its subscription ends: its last day, revoked, or for good with the versions of that day. */
  readonly ended: 'expire' | 'revoke' | 'fallback';
  /** Money that went back takes the license with it, or not. */
  readonly refund: 'revoke' | 'keep';
  readonly marketplaces: Readonly<Record<string, ProductMarketplace>>;
  /** The names under which a marketplace sends what the seller may name, first match first; none: it is never read. */
  readonly fields: Readonly<Record<FieldName, readonly string[]>>;
  readonly message: Message;
}

/** How one marketplace sells a product. */
export interface ProductMarketplace {
  /** The marketplace's own names for it; a sale of anything else is refused. */
  readonly products: readonly string[];
  /** What a fulfillment request is answered with: the codes alone, one a line, or the whole text. */
  readonly reply: 'codes' | 'markdown';
  /** Further parameters of a request that the seller sends: accepted, and read only if `fields` names them. */
  readonly parameters: readonly string[];
  /** A fulfillment request may come for each unit (`multibuy: separate`), where the marketplace can do that. */
  readonly askedByUnit?: boolean;
}

export type FieldName =
  | 'email'
  | 'name'
  | 'company'
  | 'reference'
  | 'quantity'
  | 'subscriptionReference'
  | 'sequence'
  | 'test'
  /** The marketplace's name of what was sold. */
  | 'product'
  /** Whether the sale begins with a trial, and the trial's last day. */
  | 'trial'
  | 'trialEnd'
  /** The features and the units of this sale, instead of the product file's and `quantity`. */
  | 'features'
  | 'units';

/**
 * All that a reply takes from a product, apart from the product, since a reply must stay the same to the byte
 * when the product file is edited or gone: the ledger keeps each version under its digest.
 */
export interface Message {
  /** SHA-256 over the other fields: 32 bytes, lower-case hex. */
  readonly digest: string;
  readonly productId: string;
  readonly productName: string;
  readonly features: readonly string[];
  /** The Liquid template. */
  readonly body: string;
}
