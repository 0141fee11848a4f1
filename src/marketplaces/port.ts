/** A marketplace as the endpoints see it: the same questions to each. */
import type { AnsweredLicense } from '../domain/fulfill.ts';
import type { Customer, Marketplace, Order } from '../domain/order.ts';
import type { Product } from '../domain/product.ts';

/** The fields of a form, decoded once, in the order in which they came; no name twice. */
export type Fields = ReadonlyMap<string, string>;

/** Whose key a call was signed with. */
export type Signer = 'live' | 'sandbox' | 'simulator';

export interface FulfillmentMarketplace {
  readonly name: Marketplace;
  /** Who signed the fields; undefined when nobody known did. */
  authenticate(fields: Fields): Signer | undefined;
  /**
   * The order that a fulfillment request tells of; `now` in milliseconds.
   * Throws AppError `malformed_request` naming the field, or `wrong_product`.
   */
  readOrder(fields: Fields, product: Product, signer: Signer, now: number): Order;
  /** The text that answers it with 200, made of what the ledger holds and nothing else. */
  writeReply(
    licenses: readonly [AnsweredLicense, ...AnsweredLicense[]],
    order: Order,
    customer: Customer,
  ): Promise<string>;
}
