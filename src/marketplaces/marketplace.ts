/** What Mintmark knows of a marketplace. Each folder here exports one definition, and all.ts lists them. */
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Day } from '../domain/day.ts';
import type { Fact } from '../domain/fact.ts';
import type { AnsweredLicense } from '../domain/fulfill.ts';
import type { Customer, Marketplace, Order } from '../domain/order.ts';
import type { Product } from '../domain/product.ts';
import type { Received } from '../domain/receive-events.ts';
import type { ReplySources } from '../message/reply.ts';
import type { ProductKeys } from './product-keys.ts';
import type { SharedKeys, Simulator } from './simulator.ts';

export interface MarketplaceDefinition {
  /** In addresses, product files, commands and the ledger: `a-z`, `0-9` and `-`. It must never change. */
  readonly name: Marketplace;
  /** For people. */
  readonly title: string;
  readonly settings: MarketplaceSettings;
  /** Which settings to set for live orders, and where the seller finds them: a part of a sentence behind "set". */
  readonly goLive: string;
  readonly productKeys: ProductKeys;
  /** What a request is answered with unless the product file says otherwise. */
  readonly reply: 'codes' | 'markdown';
  /** Reads a kept event again, to replay it. It was authenticated when it came. */
  readAgain(payload: string, mode: Order['mode'], products: readonly Product[]): Received;
  readonly simulator: Simulator;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface MarketplaceSettings {
  /** The environment variables. They begin with the same word, and no other marketplace's do. */
  readonly names: readonly string[];
  /** Those that may also be given as a file's path, under the name with `_FILE` behind it. */
  readonly fromFile: readonly string[];
  /** A line for each fault, beginning with the setting's name. No value is repeated in it. */
  read(given: Environment): { readonly account: Account } | { readonly faults: readonly string[] };
}

/** A marketplace with the seller's settings. */
export interface Account {
  readonly marketplace: Marketplace;
  /** What is live: the settings hold what authenticates the marketplace's own requests and events. */
  readonly live: { readonly requests: boolean; readonly events: boolean };
  /** Calls of the marketplace's own sandbox are taken too, for mode test. */
  readonly sandbox: boolean;
  /** An event confirms each order that was requested, so an order without one is noticed. */
  readonly confirmsOrders: boolean;
  /** What is to be said of the settings; empty where none is set. */
  readonly findings: readonly AccountFinding[];
  /** Undefined where nobody could sign a request. */
  requests(parts: RequestSources): FulfillmentMarketplace | undefined;
  /** Undefined where nobody could sign an event. */
  events(parts: EventSources): EventMarketplace | undefined;
}

export interface AccountFinding {
  readonly level: 'ok' | 'warning' | 'fault';
  /** One sentence, for `mintmark doctor`. */
  readonly so: string;
  /** What to do, where the level is not `ok`. */
  readonly remedy?: string;
  /** The same for whoever starts the service, on one line. */
  readonly atStart?: string;
}

export interface RequestSources extends ReplySources {
  /** Undefined while the simulator is off. */
  readonly simulator: SharedKeys | undefined;
}

export interface EventSources {
  readonly products: readonly Product[];
  /** Undefined while the simulator is off. */
  readonly simulator: SharedKeys | undefined;
}

/** The fields of a form, decoded once, in the order in which they came; no name twice. */
export type Fields = ReadonlyMap<string, string>;

/** Whose key a call was signed with. */
export type Signer = 'live' | 'sandbox' | 'simulator';

export interface FulfillmentRequest {
  /** `line` is '' with an `ambiguity`. */
  readonly order: Order;
  /** What the request says beside the sale. */
  readonly facts: readonly Fact[];
  /** The subscription that it names, and what it says of it if the order is not the subscription's first. */
  readonly renewal: { readonly subscription: string; readonly facts: readonly Fact[] } | undefined;
  /** The last day of the trial with which the sale begins: the first code is valid no longer. */
  readonly trialEnd?: Day;
  /** What the sale switches on, instead of the product file's `grants`. */
  readonly features?: readonly string[];
  /** What the order came to according to the request, tax included. */
  readonly charged?: { readonly total: number; readonly currency: string | null };
  /** The request does not say whether it is a test, and is taken for live. */
  readonly isUnmarked?: true;
  /** The order's name does not have the marketplace's usual shape. */
  readonly oddReference?: true;
  /** The request does not name the line, and several are possible: the message of the 400 for an unknown order. */
  readonly ambiguity?: string;
}

/** Reads and answers the fulfillment requests of one marketplace. */
export interface FulfillmentMarketplace {
  readonly name: Marketplace;
  readonly title: string;
  /** What the text of a reply is, for the OpenAPI document. */
  readonly replyText: string;
  /** What the seller can do about a request that is not UTF-8, where there is a setting for it: a sentence. */
  readonly encodingRemedy?: string;
  /** For the log, where too many orders have an unusual name: what the seller can do. */
  readonly oddReferenceRemedy?: string;
  /** Who signed the fields; undefined when nobody known did. */
  authenticate(fields: Fields): Signer | undefined;
  /** The same for fields that were not UTF-8 and were decoded as ISO-8859-1; absent: the marketplace sends UTF-8 alone. */
  authenticateLatin1?(fields: Fields): Signer | undefined;
  /**
   * What a fulfillment request asks for; `now` in milliseconds.
   * Throws AppError `malformed_request` naming the field, or `wrong_product`.
   */
  readRequest(fields: Fields, product: Product, signer: Signer, now: number): FulfillmentRequest;
  /**
   * The order that it names, if that can be read whatever else is wrong with it: for the log and the ledger. Without a
   * product: by the usual names of fields.
   */
  nameOrder(
    fields: Fields,
    product: Product | undefined,
    signer: Signer,
  ): Pick<Order, 'order' | 'mode'> | undefined;
  /** The text that answers it with 200, made of what the ledger holds and nothing else. */
  writeReply(
    licenses: readonly [AnsweredLicense, ...AnsweredLicense[]],
    order: Order,
    product: Product,
    customer: Customer,
  ): Promise<string>;
}

/** Reads the deliveries of events of one marketplace. */
export interface EventMarketplace {
  readonly name: Marketplace;
  readonly title: string;
  /** The media type of its deliveries. */
  readonly mediaType: string;
  /** The body of a delivery, for the OpenAPI document; absent: the fields of a form. */
  readonly delivery?: z.ZodType;
  /** The headers that sign a delivery, for the OpenAPI document; absent: the body holds the signature. */
  readonly signedHead?: z.ZodObject;
  /** Whether the head of a delivery has a signature in it, if that is where it belongs: else the body is not read. */
  isSigned?(headers: IncomingHttpHeaders): boolean;
  /**
   * The events of a delivery; undefined when nobody known signed it.
   * Throws AppError `malformed_request` for what is signed and is no delivery.
   */
  readBatch(body: Buffer, headers: IncomingHttpHeaders): readonly Received[] | undefined;
  /** True where an answer may name the events that are done, and only the others come again. */
  readonly partial: boolean;
}
