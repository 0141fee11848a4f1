/** The marketplaces as the endpoints see them: the same questions to each. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Fact } from '../domain/fact.ts';
import type { AnsweredLicense } from '../domain/fulfill.ts';
import type { Received } from '../domain/ingest.ts';
import type { Customer, Marketplace, Order } from '../domain/order.ts';
import type { Product } from '../domain/product.ts';
import type { RenewalRequest } from '../domain/renew.ts';

/** The fields of a form, decoded once, in the order in which they came; no name twice. */
export type Fields = ReadonlyMap<string, string>;

/** Whose key a call was signed with. */
export type Signer = 'live' | 'sandbox' | 'simulator';

export interface FulfillmentRequest {
  readonly order: Order;
  /** What it tells beside the sale. */
  readonly facts: readonly Fact[];
  readonly renewal: RenewalRequest | undefined;
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
