/** An order: a purchase as the marketplace states it. */

/** The name of a marketplace's definition, or MANUAL. */
export type Marketplace = string;

/** The marketplace of sales that an operator issues by hand. */
export const MANUAL = 'manual';

/** A test order never gets a live code (docs/architecture.md, What always holds 4). */
export type Mode = 'live' | 'test';

/** The only personal data that Mintmark stores. */
export interface Customer {
  readonly name: string | undefined;
  readonly email: string | undefined;
}

/** One line of an order, as the ledger looks it up. */
export interface OrderKey {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  /** The marketplace's own id as text, such as `621267-5045403`. */
  readonly order: string;
  /** The product's id in Mintmark. */
  readonly product: string;
  /** The marketplace's own name of the item, lower case; '': it names none, or only one is possible. */
  readonly line: string;
}

export interface Order extends OrderKey {
  /** Units bought; 1 to LARGEST_QUANTITY. */
  readonly quantity: number;
  /** The marketplace's time of the sale, milliseconds since 1970-01-01. */
  readonly soldAt: number;
  readonly customer: Customer;
}

export const LARGEST_QUANTITY = 1000;

/** An order with its marketplace and mode: two markets may use the same order id. */
export type OrderName = Pick<OrderKey, 'marketplace' | 'mode' | 'order'>;
