/** A product: its name, the entitlement of a license, and the message to the customer. */
import type { MailTopic } from './announcement.ts';
import type { Period } from './day.ts';

export interface Product {
  /** 1 to 64 bytes: the name of the product file, part of URLs, covered by every signature. */
  readonly id: string;
  readonly name: string;
  /** How long a license is valid, from the day of sale. */
  readonly term: Period | 'perpetual';
  /** Added to the last day of a term, for late renewals. */
  readonly grace: Period;
  /** How long new versions are covered, from the day of sale. */
  readonly updates: Period | 'unlimited';
  /** Several units: a code each, or one code with the seats of all units. */
  readonly quantity: 'codes' | 'seats';
  /** Seats of one unit; 0 = unlimited. */
  readonly seats: number;
  /** Paddle's "Separate Multibuy": one request for all units, or one request a unit. */
  readonly multibuy: 'single' | 'separate';
  /**
   * All features of the program, at most 24. The position in the list is the bit in the code, so the list
   * only grows.
   */
  readonly features: readonly string[];
  /** The features that a license of this product switches on. */
  readonly grants: readonly string[];
  readonly trial: boolean;
  /**
   * How long the first code of a trial is valid, from the day of sale, if the sale says that it begins with a
   * trial.
   */
  readonly trialTerm: Period | undefined;
  /** An overdue payment suspends the license, or only appears in its history. */
  readonly overdue: 'suspend' | 'keep';
  /** At the end of the subscription the license expires, is revoked, or stays good for the versions of that day. */
  readonly ended: 'expire' | 'revoke' | 'fallback';
  /** New codes that a customer may make for a unit within 365 days, after a leak; 0: none. */
  readonly selfReissue: number;
  readonly downloads: ProductDownloads;
  /** A refund revokes the license, or keeps it. */
  readonly refund: 'revoke' | 'keep';
  readonly marketplaces: Readonly<Record<string, ProductMarketplace>>;
  /** The parameter names of each field, first match first; an empty list: the field is not read. */
  readonly fields: Readonly<Record<FieldName, readonly string[]>>;
  readonly mail: ProductMail;
  readonly message: Message;
  /** The text in further languages, by their tags (ISO 639-1). */
  readonly translations: Readonly<Record<string, Message>>;
}

export interface ProductDownloads {
  /** Whole downloads that a license may have in 30 days, all files together. */
  readonly limit: number | 'unlimited';
}

/** Which mails Mintmark itself sends. */
export interface ProductMail {
  /** Switched on or off by the seller; otherwise what the marketplace mails by itself decides. */
  readonly topics: Readonly<Partial<Record<SwitchedTopic, boolean>>>;
  /** Days before the last valid day; undefined: no reminder. */
  readonly reminder: number | undefined;
}

export type SwitchedTopic = Exclude<MailTopic, 'reminder' | 'asked'>;

/** How one marketplace sells a product. */
export interface ProductMarketplace {
  /** The marketplace's names of the product; a sale under another name is refused. */
  readonly products: readonly string[];
  /** The reply to a fulfillment request: the codes only, one per line, or the whole message. */
  readonly reply: 'codes' | 'markdown';
  /** Further parameters that the seller sends; they are accepted, and read only if `fields` names them. */
  readonly parameters: readonly string[];
  /** The marketplace may send a fulfillment request for each unit (`multibuy: separate`). */
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
  /** The marketplace's name of the product. */
  | 'product'
  /** Whether the sale begins with a trial; the trial's last day. */
  | 'trial'
  | 'trialEnd'
  /** The features and units of this sale; they override the product file's features and `quantity`. */
  | 'features'
  | 'units';

/**
 * The parts of a product that a reply uses. The ledger keeps each version by its digest, so that a repeated
 * reply stays the same byte for byte after the product file is edited or deleted.
 */
export interface Message {
  /** SHA-256 over the other fields: 32 bytes, lower-case hex. */
  readonly digest: string;
  readonly productId: string;
  readonly productName: string;
  readonly features: readonly string[];
  /** The Liquid template. */
  readonly body: string;
  /** ISO 639-1; absent: English, or a language without a table (message/languages.ts). */
  readonly language?: string;
  /** The Liquid template of a mail's subject; absent: that of the language. */
  readonly subject?: string;
  /** Where the customer renews. */
  readonly renewUrl?: string;
  /** The public address of the license pages, in a text that names a page while pages are on. */
  readonly page?: string;
  /** The public address of downloads, in a text that names the newest one while downloads are on. */
  readonly downloads?: string;
}
