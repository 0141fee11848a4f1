/** The marketplaces as the endpoints see them: the same questions to each. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Day } from '../domain/day.ts';
import type { Fact } from '../domain/fact.ts';
import type { AnsweredLicense } from '../domain/fulfill.ts';
import type { Received } from '../domain/ingest.ts';
import type { Customer, Marketplace, Order } from '../domain/order.ts';
import type { Product } from '../domain/product.ts';

/** The fields of a form, decoded once, in the order in which they came; no name twice. */
export type Fields = ReadonlyMap<string, string>;

/** Whose key a call was signed with. */
export type Signer = 'live' | 'sandbox' | 'simulator';

export interface FulfillmentRequest {
  /** `line` is '' with an `ambiguity`. */
  readonly order: Order;
  /** What it tells beside the sale. */
  readonly facts: readonly Fact[];
  /** The subscription that it names, and what it tells of it if the order is not the subscription's first. */
  readonly renewal: { readonly subscription: string; readonly facts: readonly Fact[] } | undefined;
  /** The last day of the trial with which the sale begins: the first code is valid no longer. */
  readonly trialEnd?: Day;
  /** What the sale switches on, instead of the product file's `grants`. */
  readonly features?: readonly string[];
  /** What it says that the order came to, tax included. */
  readonly charged?: { readonly total: number; readonly currency: string | null };
  /** It does not say whether it is a test, and is taken for live. */
  readonly isUnmarked?: true;
  /** The order's name does not have the marketplace's usual shape. */
  readonly oddReference?: true;
  /** It does not name the line, and several can be meant: the message of the 400 for an order that is not known. */
  readonly ambiguity?: string;
}

export interface FulfillmentMarketplace {
  readonly name: Marketplace;
  /** Who signed the fields; undefined when nobody known did. */
  authenticate(fields: Fields): Signer | undefined;
  /**
   * What a fulfillment request asks for; `now` in milliseconds.
   * Throws AppError `malformed_request` naming the field, or `wrong_product`.
   */
  readRequest(fields: Fields, product: Product, signer: Signer, now: number): FulfillmentRequest;
  /** The order that it names, where that can be read whatever else is wrong with it: for the log and the ledger. */
  nameOrder(fields: Fields, product: Product, signer: Signer): Pick<Order, 'order' | 'mode'> | undefined;
  /** The text that answers it with 200, made of what the ledger holds and nothing else. */
  writeReply(
    licenses: readonly [AnsweredLicense, ...AnsweredLicense[]],
    order: Order,
    product: Product,
    customer: Customer,
  ): Promise<string>;
}

export interface EventMarketplace {
  readonly name: Marketplace;
  /** What its deliveries are sent as. */
  readonly mediaType: string;
  /** Whether the head of a delivery has a signature in it, if that is where it belongs: else the body is not read. */
  isSigned?(headers: IncomingHttpHeaders): boolean;
  /**
   * The events of a delivery; undefined when nobody known signed it.
   * Throws AppError `malformed_request` for what is signed and is no delivery.
   */
  readBatch(body: Buffer, headers: IncomingHttpHeaders): readonly Received[] | undefined;
  /** An event from its kept payload, to replay it. */
  readAgain(payload: string, mode: Order['mode']): Received;
  /** True where an answer may name the events that are done, and only the others come again. */
  readonly partial: boolean;
}
