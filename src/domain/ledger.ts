/**
 * The ledger's port: the database of record as the domain sees it. Each method is one atomic act, done once; its promise
 * resolves once the act is on disk.
 * Every method rejects with AppError `ledger_unavailable` if it cannot act now, and then has changed nothing. Only a database
 * that was lost at the commit, and cannot be asked for seconds, may have done the act.
 */
import type { Charged, Market, OwedLine } from './changes.ts';
import type { EventHead, KeptEvent, MarketplaceEvent } from './facts/event.ts';
import type { Fact } from './facts/fact.ts';
import type { ConsoleAccess } from './ports/console-access.ts';
import type { Downloads } from './ports/download.ts';
import type { Handouts } from './ports/handouts.ts';
import type {
  EventQuery,
  FlagQuery,
  HeldOrder,
  LedgerQuery,
  LicenseStory,
  NumberedCode,
  OrderQuery,
  OrderStory,
  OrderSummary,
} from './ports/ledger-views.ts';
import type { LongJobs } from './ports/long-job.ts';
import type { OutboxLedger } from './ports/outbox-ledger.ts';
import type { PublishedLists } from './ports/published-lists.ts';
import type { RefusedCallCounts } from './ports/refused-calls.ts';
import type { ListContent } from './ports/revocation-list.ts';
import type { SelfService } from './ports/self-service.ts';
import type { SharedDatabase } from './ports/shared-database.ts';
import type { Day } from './values/day.ts';
import type { Flag, RaisedFlag } from './values/flag.ts';
import type { Customer, Marketplace, Mode, Order, OrderKey, OrderName } from './values/order.ts';
import type { Message, Product } from './values/product.ts';
import type { KeptTerms, Terms } from './values/terms.ts';

export type {
  EventQuery,
  FlagQuery,
  HeldLicense,
  HeldOrder,
  HistoryEntry,
  LedgerQuery,
  LicenseStory,
  NumberedCode,
  OrderQuery,
  OrderStory,
  OrderSummary,
} from './ports/ledger-views.ts';

/** Units of a line to issue, with the answer that hands them out. */
export interface Issue {
  readonly order: Order;
  readonly product: Product;
  /** All units of the order, or the number of the requested unit. */
  readonly units: 'all' | number;
  /** Facts that the request states, such as the order's subscription. */
  readonly facts: readonly Fact[];
  /** The last valid day of the first code, if the sale is a trial. */
  readonly trialEnd?: Day;
  readonly features?: readonly string[];
  /** The order's total as the request states it. */
  readonly charged?: Charged;
  /** The marketplace's name of the product, of an order whose one line has no name. */
  readonly item?: string;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** The cause, kept in the history: no personal data. */
  readonly cause: string;
}

export type Issued =
  | { readonly outcome: 'issued' | 'repeated'; readonly held: HeldOrder }
  /** The line is known with another quantity; nothing was changed. */
  | { readonly outcome: 'conflict'; readonly heldQuantity: number };

/** A license request that names a subscription, for its first order or a further charge. */
export interface Renewal extends Issue {
  readonly subscription: string;
}

export type Renewed =
  | Issued
  /** The license is in this state, so nothing may be mailed. */
  | { readonly outcome: 'revoked' | 'ended' | 'suspended' }
  /** More units were requested than signed events report; they are issued once an event reports them. */
  | { readonly outcome: 'too many units'; readonly known: number };

/** `known`: the ledger has licenses of the order's product; nothing was changed. */
export type FirstIssued = Renewed | { readonly outcome: 'known'; readonly held: HeldOrder };

export interface Erasure {
  readonly licenses: number;
  readonly events: number;
  /** How many of these licenses still name another person: the other half of a gift, or another address. */
  readonly others: number;
  /** The bytes are also gone from the ledger's files. */
  readonly clean: boolean;
}

export interface Ledger {
  /** What leaves the service. */
  readonly outbox: OutboxLedger;
  /** Finds the licenses of one product of an order. */
  findOrder(key: Omit<OrderKey, 'line'>): Promise<HeldOrder | undefined>;
  /**
   * Issues all units of a line with codes, answers, history and customer, or none if the first one exists.
   * Licenses that an event issued are answered now.
   */
  issue(issue: Issue): Promise<Renewed>;
  /** As `issue` if the ledger has no license of the order's product; else changes nothing. */
  issueFirst(issue: Issue): Promise<FirstIssued>;
  /** As `issue`, for a request that names a subscription (domain/requests/answer.ts, answerRenewal). */
  renew(renewal: Renewal): Promise<Renewed>;
  /**
   * Stores and applies an event in one act. `unmatched`: the event concerns nothing in the ledger. `known`:
   * it was applied before, and nothing was changed.
   */
  ingest(
    event: MarketplaceEvent,
    options?: { readonly again?: boolean },
  ): Promise<'applied' | 'unmatched' | 'known'>;
  /** Stores an event that could not be applied, for display and replay. */
  keepFailed(event: EventHead, fault: string): Promise<void>;
  findEvents(query: EventQuery): Promise<readonly KeptEvent[]>;
  /** Of these facts, those that the ledger does not have under their subject and key, or only with other quantities. */
  findMissing(facts: readonly Fact[]): Promise<readonly Fact[]>;
  /** Finds events whose payload mentions an e-mail address. Reads page by page, so that no sale waits. */
  findEventsAbout(email: string): Promise<readonly KeptEvent[]>;
  /**
   * Deletes the payloads of events received before a moment, failed ones too; digests stay. Resolves to their
   * number.
   */
  forgetEvents(before: number): Promise<number>;
  /** Adds facts that no event contains and updates the licenses they concern. True: a license changed. */
  addFacts(facts: readonly Fact[]): Promise<boolean>;
  /**
   * Ends a license by a fact and issues another for the same unit, in one act. Resolves to the new id; to that of
   * the newest successor where there is one, and then changes nothing.
   */
  reissue(id: Uint8Array, fact: Fact): Promise<Uint8Array>;
  /**
   * Applies changes that are due by time alone up to a moment, each dated to its own day. Resolves to the
   * number of acts; call until 0.
   */
  settleDue(now: number): Promise<number>;
  /** Removes a customer's name and address everywhere. */
  eraseCustomer(who: { readonly email: string } | OrderName): Promise<Erasure>;
  /**
   * Corrects the name or address of an order's customer, and keeps the note of it in the same act. Resolves to the number of
   * licenses concerned; 0, and no note: the order is unknown, or its customer was erased.
   */
  correctCustomer(order: OrderName, customer: Partial<Customer>, note?: Fact): Promise<number>;
  findFlags(query: FlagQuery): Promise<readonly Flag[]>;
  /** Settles flags by id. Resolves to how many were open. */
  settleFlags(ids: readonly number[], at: number, by: string): Promise<number>;
  /** Raises a flag that no order calls for, or settles it by itself where it is not so any more. */
  noteFlag(flag: RaisedFlag, isSo: boolean): Promise<void>;
  /** The number of open flags by kind. */
  countFlags(): Promise<Readonly<Partial<Record<Flag['kind'], number>>>>;
  listOrders(query: OrderQuery): Promise<readonly OrderSummary[]>;
  /**
   * All that is known of an order by its number. `byAnyName`: also by an internal id, by the order of a charge, or, where no
   * order has the name, by a subscription's id.
   */
  showOrder(order: string, options?: { readonly byAnyName?: boolean }): Promise<OrderStory>;
  /** Finds orders with a line without a product file, by the marketplace's name of the line. */
  findOwed(marketplace: Marketplace, line: string): Promise<readonly (OwedLine & Market)[]>;
  /**
   * `undelivered`: paid units that were not handed out within an hour. `unmailed`: active licenses whose
   * newest code was not handed out.
   */
  countUndelivered(now: number): Promise<{ readonly undelivered: number; readonly unmailed: number }>;
  /** Notes that the answer for a unit was sent completely. Idempotent. */
  noteDelivery(key: OrderKey, unit: number, at: number): Promise<void>;
  /** Stores a version of a message; a no-op if it exists. */
  keepMessage(message: Message): Promise<void>;
  findMessage(digest: string): Promise<Message | undefined>;
  keepTerms(terms: KeptTerms): Promise<void>;
  findTerms(digest: string): Promise<Terms | undefined>;
  /**
   * The terms under which products were sold or to which they were moved, without reading each license. Null:
   * no terms were stored.
   */
  soldTerms(): Promise<readonly { readonly product: string; readonly digest: string | null }[]>;
  /** The number of sold licenses by product and terms; reads all licenses. Null: no terms were stored. */
  countTerms(): Promise<
    readonly { readonly product: string; readonly digest: string | null; readonly licenses: number }[]
  >;
  /**
   * Finds the oldest orders, at most `limit`, with a license of the product whose terms are others or not
   * stored. A `termed` fact removes an order from the result.
   */
  findOtherTerms(
    product: string,
    digest: string,
    limit: number,
  ): Promise<readonly (Market & { readonly order: string })[]>;
  /** The products of all stored messages, and so of all licenses. */
  products(): Promise<readonly string[]>;
  /** The number of a product's revocation list as last published; undefined once a license of the product changed. */
  findListSeq(product: string): Promise<number | undefined>;
  /**
   * The content of a product's revocation list at a moment (milliseconds since 1970-01-01), and its numbers:
   * the last ones if nothing changed, else new ones, stored (domain/ports/revocation-list.ts).
   */
  publishList(product: string, keyId: number, at: number): Promise<ListContent>;
  find(query: LedgerQuery): Promise<readonly LicenseStory[]>;
  /** Licenses with their newest code in the order of issue, after a number of that order; at most `limit`. */
  codesAfter(number: number, limit: number): Promise<readonly NumberedCode[]>;
  /** Rejects unless a write would succeed now. */
  probe(): Promise<void>;
  /** The number of licenses by mode. */
  count(): Promise<Readonly<Record<Mode, number>>>;
  /** Who may enter the console. */
  readonly consoleAccess: ConsoleAccess;
  /** What customers do by themselves. */
  readonly selfService: SelfService;
  /** Files that customers got. */
  readonly downloads: Downloads;
  /** What takes long. */
  readonly jobs: LongJobs;
  /** Calls of marketplaces whose signature was wrong. */
  readonly refusedCalls: RefusedCallCounts;
  /** Units that are being sent; none: one process writes to the ledger, and keeps them in memory. */
  readonly handouts?: Handouts;
  /** True: for so long no other instance gets the turn of this name. None: there is one instance. */
  takeTurn?(name: string, milliseconds: number): Promise<boolean>;
  /** None: one process publishes. */
  readonly publishedLists?: PublishedLists;
  /** None: the ledger is a file of one process. */
  readonly database?: SharedDatabase;
  close(): Promise<void>;
}
