/** The port to a marketplace. Each folder here exports one definition, and all.ts lists them. */
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { HistoryPage } from '../domain/desk/reconcile.ts';
import type { Fact } from '../domain/facts/fact.ts';
import type { Received } from '../domain/receive-events.ts';
import type { ClaimName } from '../domain/requests/claim.ts';
import type { AnsweredLicense } from '../domain/requests/fulfill.ts';
import type { Day } from '../domain/values/day.ts';
import type { Customer, Marketplace, Order } from '../domain/values/order.ts';
import type { Product } from '../domain/values/product.ts';
import type { ReplySources } from '../message/reply.ts';
import type { ProductKeys } from './product-keys.ts';
import type { SharedKeys, Simulator } from './simulator.ts';

export interface MarketplaceDefinition {
  /** In URLs, product files, commands and the ledger: `a-z`, `0-9` and `-`. It must never change. */
  readonly name: Marketplace;
  /** For people. */
  readonly title: string;
  readonly settings: MarketplaceSettings;
  /** The settings for live orders and where the seller finds their values: the end of a sentence after "set". */
  readonly goLive: string;
  readonly productKeys: ProductKeys;
  /** The form of the reply or mail, unless the product file says otherwise. */
  readonly reply: 'codes' | 'markdown';
  readonly mails: MailsItself;
  loadStoredEvents(): Promise<StoredEvents>;
  readonly simulator: Simulator;
  /** Nothing signs its events: the address that it is told ends with a secret. */
  readonly isAddressSecret?: true;
  /** How a subscription is named, where sellers move them to or from another marketplace (all.ts, MOVES). */
  readonly subscriptionShape?: RegExp;
}

/** Reads events that were authenticated when they were received. Loaded at first use. */
export interface StoredEvents {
  /** Reads an event for a replay, or an event together with what it lacked (completed-event.ts). */
  readAgain(payload: string, mode: Order['mode'], products: readonly Product[]): Received;
  /** What an event lacks, in words for `Account.fetch`; undefined: nothing. Absent: no event lacks anything. */
  lacks?(payload: string): string | undefined;
}

/** What reaches the customer by the marketplace itself, so that Mintmark does not mail it a second time. A store that only sends events mails nothing. */
export interface MailsItself {
  /** The licenses of a sale: with the marketplace's own mail, from the reply to its fulfillment request. */
  readonly sold: boolean;
  /** Renewed codes: the marketplace asks again at each rebill, and mails the answer. */
  readonly renewed: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface MarketplaceSettings {
  /** The environment variables. They share a prefix, which no other marketplace uses. */
  readonly names: readonly string[];
  /** Settings that can also be given as the path of a file, under the name with the suffix `_FILE`. */
  readonly fromFile: readonly string[];
  /** A line for each fault, beginning with the setting's name and without its value. */
  read(given: Environment): { readonly account: Account } | { readonly faults: readonly string[] };
}

/** A marketplace with the seller's settings. What reads its calls is loaded where something can authenticate them. */
export interface Account {
  readonly marketplace: Marketplace;
  /** Whether the settings can authenticate the marketplace's own requests and events. */
  readonly live: { readonly requests: boolean; readonly events: boolean };
  /** Calls of the marketplace's own sandbox are accepted too, in mode test. */
  readonly sandbox: boolean;
  /** An event confirms each order of a request, so an order without an event is noticed. */
  readonly confirmsOrders: boolean;
  /** Findings about the settings; empty where none is set. */
  readonly findings: readonly AccountFinding[];
  /** Undefined where no request can be authenticated. */
  requests(parts: RequestSources): Promise<FulfillmentMarketplace | undefined>;
  /** Undefined where no event can be authenticated. */
  events(parts: EventSources): Promise<EventMarketplace | undefined>;
  /** Reads with the seller's API key what the marketplace has since a moment. Absent: it is not read. */
  readHistory?(wanted: WantedHistory): AsyncIterable<HistoryPage>;
  /** Whether the settings can read the history of a mode. Absent: they cannot. */
  canReadHistory?(mode: Order['mode']): boolean;
  /** Whether the settings can fetch what events of a mode lack. Absent: no event lacks anything. */
  canFetch?(mode: Order['mode']): boolean;
  /** Fetches with the seller's API key what an event lacks. Never rejects for what the marketplace answers. */
  fetch?(lacking: string, mode: Order['mode'], signal: AbortSignal): Promise<Fetched>;
}

export interface WantedHistory {
  readonly mode: Order['mode'];
  /** Milliseconds since 1970-01-01. */
  readonly since: number;
  readonly now: number;
  /** The marketplace's own ids of products, from the product files. */
  readonly products: readonly string[];
  /** Waits for milliseconds between tries. */
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** `answer`: what the marketplace said, without personal data, at most 500 characters. */
export type Fetched =
  /** `text` is JSON, and is stored beside the event. */
  | { readonly outcome: 'fetched'; readonly text: string }
  /** Try again later, and not within `pause` (milliseconds). */
  | { readonly outcome: 'failed'; readonly answer: string; readonly pause?: number }
  /** The marketplace does not have it: nothing will change that. */
  | { readonly outcome: 'refused'; readonly answer: string }
  /** The key as a whole does not work. */
  | { readonly outcome: 'target failed'; readonly answer: string };

export interface AccountFinding {
  readonly level: 'ok' | 'warning' | 'fault';
  /** One sentence, for `mintmark doctor`. */
  readonly so: string;
  /** What to do, where the level is not `ok`. */
  readonly remedy?: string;
  /** The same for the output of the start, on one line. */
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

/** The fields of a form, decoded once, in their order, with unique names. */
export type Fields = ReadonlyMap<string, string>;

/** Who made a call, by the key or secret that authenticates it. */
export type Caller = 'live' | 'sandbox' | 'simulator';

export interface FulfillmentRequest {
  /** `line` is '' with an `ambiguity`. */
  readonly order: Order;
  /** Facts in the request beside the sale. */
  readonly facts: readonly Fact[];
  /** The subscription that the request names, with facts about it if the order is not the subscription's first. */
  readonly renewal: { readonly subscription: string; readonly facts: readonly Fact[] } | undefined;
  /** The last day of the trial at the beginning of the sale: the first code is valid no longer. */
  readonly trialEnd?: Day;
  /** The features of the sale, instead of the product file's `grants`. */
  readonly features?: readonly string[];
  /** The amount of the order according to the request, tax included. */
  readonly charged?: { readonly total: number; readonly currency: string | null };
  /** The request does not say whether it is a test, and counts as live. */
  readonly isUnmarked?: true;
  /** The order's name does not have the marketplace's usual shape. */
  readonly oddReference?: true;
  /** Why the line is unknown, where several are possible: the message of the 400 for an unknown order. */
  readonly ambiguity?: string;
}

/** Reads and answers the fulfillment requests of one marketplace. */
export interface FulfillmentMarketplace {
  readonly name: Marketplace;
  readonly title: string;
  /** The description of the reply's text, for the OpenAPI document. */
  readonly replyText: string;
  /** What the seller can do about a request that is not UTF-8, if there is a setting for it: a sentence. */
  readonly encodingRemedy?: string;
  /** For the log, where too many orders have an unusual name: what the seller can do. */
  readonly oddReferenceRemedy?: string;
  /** Who made the call; undefined where it is not authentic. */
  authenticate(fields: Fields): Caller | undefined;
  /** The same for fields that were not UTF-8 and were decoded as ISO-8859-1; absent: the marketplace sends UTF-8 alone. */
  authenticateLatin1?(fields: Fields): Caller | undefined;
  /**
   * Reads a fulfillment request; `now` in milliseconds.
   * Throws AppError `malformed_request` naming the field, or `wrong_product`.
   */
  readRequest(fields: Fields, product: Product, caller: Caller, now: number): FulfillmentRequest;
  /**
   * The order of a request that can be faulty otherwise, if readable: for the log and the ledger, and the subscription that it
   * names. Without a product: by the usual names of fields.
   */
  nameOrder(
    fields: Fields,
    product: Product | undefined,
    caller: Caller,
  ): (Pick<Order, 'order' | 'mode'> & { readonly subscription?: string }) | undefined;
  /** The text of the 200, made from the ledger alone. */
  writeReply(
    licenses: readonly [AnsweredLicense, ...AnsweredLicense[]],
    order: Order,
    product: Product,
    customer: Customer,
  ): Promise<string>;
}

/** What a marketplace puts into the address of the page after its checkout. */
export interface ClaimPort {
  /** The name of the parameter. */
  readonly parameter: string;
  /** The order of an unguessable value, or the digest of one that events tell; undefined: the value is none. */
  orderOf(value: string): ClaimName | undefined;
}

/** Reads the deliveries of events of one marketplace. */
export interface EventMarketplace {
  readonly name: Marketplace;
  readonly title: string;
  /** The media type of its deliveries. */
  readonly mediaType: string;
  /** The body of a delivery, for the OpenAPI document; absent: the fields of a form. */
  readonly delivery?: z.ZodType;
  /** The headers that sign a delivery, for the OpenAPI document; absent: the body has the signature. */
  readonly signedHead?: z.ZodObject;
  /** Its address ends with a secret, instead of a signature. */
  readonly isAddressSecret?: true;
  /**
   * Whether the headers have a signature, if it belongs there, or the address the secret: without it, the body is not read.
   */
  isSigned?(headers: IncomingHttpHeaders, secret?: string): boolean;
  /**
   * The events of a delivery; undefined where it is not authentic.
   * Throws AppError `malformed_request` for an authentic call that is no delivery. `now` in milliseconds, for
   * signatures with a time. `secret`: the end of an address that is secret.
   */
  readBatch(
    body: Buffer,
    headers: IncomingHttpHeaders,
    now: number,
    secret?: string,
  ): readonly Received[] | undefined;
  /** The page after the checkout (http/claim.ts); absent: nothing in the page's address would be unguessable. */
  readonly claim?: ClaimPort;
  /** Whether an answer can name the events that are done, so that only the others are sent again. */
  readonly partial: boolean;
}

/** Stands for the secret in an address for people: a secret is never printed. */
export const SECRET_OF_ADDRESS = 'YOUR-SECRET';

/** Where a marketplace delivers its events. `secret`: the end of an address that is secret, or what stands for it. */
export function webhookPath(
  { name, isAddressSecret }: Pick<EventMarketplace, 'name' | 'isAddressSecret'>,
  secret: string,
): string {
  return isAddressSecret === true ? `/webhooks/${name}/${secret}` : `/webhooks/${name}`;
}
