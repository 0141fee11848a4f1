/**
 * The ledger's port: the database of record as the domain sees it. Each method is one whole atomic act, so that
 * another database can stand behind it; a promise that resolves means that the act is on disk.
 * Every method rejects with AppError `ledger_unavailable` when it cannot be done now, and has then done nothing.
 */
import type { KeptEvent, MarketplaceEvent } from './event.ts';
import type { Fact } from './fact.ts';
import type { LicenseState, MintedLicense } from './license.ts';
import type { Customer, Marketplace, Mode, Order, OrderKey } from './order.ts';
import type { Message } from './product.ts';
import type { ListContent } from './revocation-list.ts';

/** What was asked for and answered for one unit, so that the same request gets the same text for ever. */
export interface Answer {
  /** Quantity of the request that it answers. */
  readonly quantity: number;
  readonly revision: number;
  readonly code: string;
  /** Digest of the message that the reply was made of. */
  readonly message: string;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** When its 200 had gone out whole; kept only where units are delivered one by one. */
  readonly deliveredAt: number | null;
  /** Its unit was asked for by itself: the order's other units have answers of their own. */
  readonly alone: boolean;
}

/** A license as the ledger holds it: the code is the one of the newest revision. */
export interface HeldLicense extends MintedLicense {
  readonly state: LicenseState;
  /** None for a license that came into being otherwise than by a fulfillment request. */
  readonly answer: Answer | undefined;
}

/** All that the ledger holds of one product of an order. */
export interface HeldOrder {
  /** By unit, gapless from 0; at least one. */
  readonly licenses: readonly HeldLicense[];
  /** As first told; undefined where it was erased: a repeat is then answered with what the request itself says. */
  readonly customer: Customer | undefined;
}

/** Licenses to record together with the answer that hands them out. */
export interface Issue {
  readonly order: Order;
  readonly licenses: readonly MintedLicense[];
  readonly message: string;
  /** False where units are delivered one by one, and this is one of them. */
  readonly whole: boolean;
  /** Facts that the request itself tells, such as the subscription that the order belongs to. */
  readonly facts: readonly Fact[];
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** Why, in words that stay in the history: no personal data. */
  readonly cause: string;
}

/** A request for the codes of a further billing period of a subscription. */
export interface Renewal {
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly subscription: string;
  /** The product's id in Mintmark. */
  readonly product: string;
  /** The rebill's own order: the same again gets the same answer. */
  readonly order: string;
  readonly quantity: number;
  readonly message: string;
  readonly facts: readonly Fact[];
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
}

export interface HistoryEntry {
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  readonly from: LicenseState | null;
  readonly to: LicenseState;
  readonly revision: number;
  readonly cause: string;
}

/** A license with its order and its past, for the person who runs the service. */
export interface LicenseStory extends HeldLicense, OrderKey {
  readonly customer: Customer;
  readonly subscription: string | null;
  readonly history: readonly HistoryEntry[];
}

export type LedgerQuery =
  | { readonly by: 'license'; readonly id: Uint8Array }
  | { readonly by: 'order'; readonly order: string }
  | { readonly by: 'email'; readonly email: string };

export interface EventQuery {
  readonly marketplace?: Marketplace;
  readonly id?: string;
  readonly failed?: boolean;
  readonly flagged?: boolean;
  /** The newest so many. */
  readonly limit: number;
}

export interface Ledger {
  findOrder(key: OrderKey): Promise<HeldOrder | undefined>;
  /**
   * Records licenses with their codes, answers, history and customer: all of them, or none where the first one
   * is there already; licenses that came into being by an event are answered now. Resolves to what the ledger then
   * holds of the order, whoever recorded it.
   */
  issue(issue: Issue): Promise<{ readonly held: HeldOrder; readonly issued: boolean }>;
  /**
   * Records the answer to a renewal, after its facts: the licenses of the product that follow the subscription, each
   * with the code of that moment in its `answer`. Undefined where there are none; the facts are kept either way.
   */
  renew(renewal: Renewal): Promise<HeldOrder | undefined>;
  /** The orders of the product whose licenses follow a subscription. */
  findSubscription(
    market: { readonly marketplace: Marketplace; readonly mode: Mode },
    subscription: string,
    product: string,
  ): Promise<readonly string[]>;
  /**
   * Keeps an event and applies it, in one act: licenses that are missing are issued, those that it concerns become
   * what all facts known of them add up to. Resolves to `known`, having changed nothing, where it was applied before.
   */
  ingest(event: MarketplaceEvent, options?: { readonly again?: boolean }): Promise<'applied' | 'known'>;
  /** Keeps an event that could not be applied, so that it can be seen and replayed. */
  keepFailed(event: Omit<MarketplaceEvent, 'facts' | 'people' | 'codes'>, fault: string): Promise<void>;
  findEvents(query: EventQuery): Promise<readonly KeptEvent[]>;
  /** Events whose payload mentions an e-mail address. */
  findEventsAbout(email: string): Promise<readonly KeptEvent[]>;
  /** Removes a customer's name and e-mail everywhere. Resolves to what it was removed from. */
  eraseCustomer(email: string): Promise<{ readonly licenses: number; readonly events: number }>;
  /** Adds facts that are in no event: what an operator decided, what a license request tells. */
  addFacts(facts: readonly Fact[]): Promise<void>;
  /**
   * Adds the fact that ends a license and issues another for the same unit, in one act. Resolves to the new id.
   * The order's own repeats are still answered with what they were answered with.
   */
  reissue(id: Uint8Array, fact: Fact): Promise<Uint8Array>;
  /** Forgets the payloads of events received before a moment; their digests stay. Resolves to their number. */
  forgetEvents(before: number): Promise<number>;
  /** Notes that the answer for a unit went out whole. Noting it again changes nothing. */
  noteDelivery(key: OrderKey, unit: number, at: number): Promise<void>;
  /** Keeps a version of a message; one that is there already stays as it is. */
  keepMessage(message: Message): Promise<void>;
  findMessage(digest: string): Promise<Message | undefined>;
  /** The products of which it ever kept a message, so all that a license may be of. */
  products(): Promise<readonly string[]>;
  /** The number of a product's revocation list as it was last published; undefined once a license of it changed. */
  findListSeq(product: string): Promise<number | undefined>;
  /**
   * What the product's revocation list holds at a moment (milliseconds since 1970-01-01), and its numbers: the last
   * ones while nothing changed, else new ones, recorded (domain/revocation-list.ts).
   */
  publishList(product: string, keyId: number, at: number): Promise<ListContent>;
  find(query: LedgerQuery): Promise<readonly LicenseStory[]>;
  /** Rejects unless a write would succeed now. */
  probe(): Promise<void>;
  /** Licenses held, by mode. */
  count(): Promise<Readonly<Record<Mode, number>>>;
  close(): Promise<void>;
}
