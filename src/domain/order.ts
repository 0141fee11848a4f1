/** An order: what a marketplace says was bought. */

/** The name of a marketplace's definition, or MANUAL. */
export type Marketplace = string;

/** What an operator issues by hand. */
export const MANUAL = 'manual';

/** A test order never gets a live code (docs/architecture.md, What always holds 4). */
export type Mode = 'live' | 'test';

/** The only personal data that Mintmark takes. */
export interface Customer {
  readonly name: string | undefined;
  readonly email: string | undefined;
}

/** One line of an order, by which the ledger finds it again. */
export interface OrderKey {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  /** The marketplace's own id, as text: `621267-5045403` is one. */
  readonly order: string;
  /** The product's id in Mintmark. */
  readonly product: string;
  /** The marketplace's own name of the item, lower case; '' where it names none, or only one can be meant. */
  readonly line: string;
}

export interface Order extends OrderKey {
  /** Units bought; 1 to LARGEST_QUANTITY. */
  readonly quantity: number;
  /** When the marketplace says it was sold, milliseconds since 1970-01-01. */
  readonly soldAt: number;
  readonly customer: Customer;
}

export const LARGEST_QUANTITY = 1000;
