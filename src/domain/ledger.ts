/**
 * The ledger's port: the database of record as the domain sees it. Each method is one whole atomic act, so that
 * another database can stand behind it; a promise that resolves means that the act is on disk.
 * Every method rejects with AppError `ledger_unavailable` when it cannot be done now, and has then done nothing.
 */
import type { Charged, Market, OwedLine } from './changes.ts';
import type { Day } from './day.ts';
import type { EventHead, KeptEvent, MarketplaceEvent } from './event.ts';
import type { Fact } from './fact.ts';
import type { Flag } from './flag.ts';
import type {
  EventQuery,
  FlagQuery,
  HeldOrder,
  LedgerQuery,
  LicenseStory,
  OrderQuery,
  OrderStory,
  OrderSummary,
} from './ledger-views.ts';
import type { Customer, Marketplace, Mode, Order, OrderKey } from './order.ts';
import type { Message, Product } from './product.ts';
import type { ListContent } from './revocation-list.ts';
import type { KeptTerms, Terms } from './terms.ts';

export type {
  EventQuery,
  FlagQuery,
  HeldLicense,
  HeldOrder,
  HistoryEntry,
  LedgerQuery,
  LicenseStory,
  OrderQuery,
  OrderStory,
  OrderSummary,
} from './ledger-views.ts';

/** Units of a line to record, together with the answer that hands them out. */
export interface Issue {
  readonly order: Order;
  readonly product: Product;
  /** All units of the order, or the one unit of this number, where units are asked for one by one. */
  readonly units: 'all' | number;
  /** Facts that the request itself tells, such as the subscription that the order belongs to. */
  readonly facts: readonly Fact[];
  /** The last valid day of the first code, where the sale is a trial. */
  readonly trialEnd?: Day;
  readonly features?: readonly string[];
  /** What the request says that the order came to. */
  readonly charged?: Charged;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** Why, in words that stay in the history: no personal data. */
  readonly cause: string;
}

export type Issued =
  | { readonly outcome: 'issued' | 'repeated'; readonly held: HeldOrder }
  /** The line is known with another quantity; nothing was changed. */
  | { readonly outcome: 'conflict'; readonly heldQuantity: number };

/** A license request that names a subscription: for its first order, or for a further charge of it. */
export interface Renewal extends Issue {
  readonly subscription: string;
}

export type Renewed =
  | Issued
  /** The license is revoked, or suspended by an operator or a dispute: nothing may be mailed. */
  | { readonly outcome: 'revoked' | 'suspended' }
  /** More units were asked for than a signed event has told: they are issued once one tells. */
  | { readonly outcome: 'too many units'; readonly known: number };

export interface Erasure {
  readonly licenses: number;
  readonly events: number;
  /** Of these licenses, those of which somebody else is still named: the other half of a gift, or another address. */
  readonly others: number;
  /** The files' bytes are clean too. */
  readonly clean: boolean;
}

export interface Ledger {
  /** The ledger's licenses of one product of an order. */
  findOrder(key: Omit<OrderKey, 'line'>): Promise<HeldOrder | undefined>;
  /**
   * Records the units of a line with codes, answers, history and customer: all of them, or none where the first is
   * there already; licenses that an event brought about are answered now.
   */
  issue(issue: Issue): Promise<Renewed>;
  /** The same for a request that names a subscription (domain/answer.ts, renewals). */
  renew(renewal: Renewal): Promise<Renewed>;
  /**
   * Keeps an event and applies it, in one act. `unmatched`: it is about nothing that the ledger knows. `known`: it
   * was applied before, and nothing was changed.
   */
  ingest(
    event: MarketplaceEvent,
    options?: { readonly again?: boolean },
  ): Promise<'applied' | 'unmatched' | 'known'>;
  /** Keeps an event that could not be applied, so that it can be seen and replayed. */
  keepFailed(event: EventHead, fault: string): Promise<void>;
  findEvents(query: EventQuery): Promise<readonly KeptEvent[]>;
  /** Events whose payload mentions an e-mail address. Reads page by page: no sale waits for it. */
  findEventsAbout(email: string): Promise<readonly KeptEvent[]>;
  /** Forgets the payloads of events received before a moment, failed ones too; their digests stay. Their number. */
  forgetEvents(before: number): Promise<number>;
  /** Adds facts that are in no event, and settles what they concern. True where a license changed. */
  addFacts(facts: readonly Fact[]): Promise<boolean>;
  /** Adds the fact that ends a license and issues another for the same unit, in one act. The new id. */
  reissue(id: Uint8Array, fact: Fact): Promise<Uint8Array>;
  /** Applies what became true by time alone up to a moment, each dated its own day. Acts done; call until 0. */
  settleDue(now: number): Promise<number>;
  /** Removes a customer's name and address everywhere. */
  eraseCustomer(who: { readonly email: string } | { readonly order: string }): Promise<Erasure>;
  /** Corrects name or address of the customer of an order; the number of licenses concerned. */
  correctCustomer(order: string, customer: Partial<Customer>): Promise<number>;
  findFlags(query: FlagQuery): Promise<readonly Flag[]>;
  /** Settles flags by their ids. Resolves to how many were unsettled. */
  settleFlags(ids: readonly number[], at: number, by: string): Promise<number>;
  /** Unsettled flags by kind. */
  countFlags(): Promise<Readonly<Partial<Record<Flag['kind'], number>>>>;
  listOrders(query: OrderQuery): Promise<readonly OrderSummary[]>;
  showOrder(order: string): Promise<OrderStory>;
  /** Orders with a line that no product file names, by the marketplace's name of it. */
  findOwed(marketplace: Marketplace, line: string): Promise<readonly (OwedLine & Market)[]>;
  /** Units that were paid for and never handed out, for an hour or longer; active licenses with a newer code than handed out. */
  countUndelivered(now: number): Promise<{ readonly undelivered: number; readonly unmailed: number }>;
  /** Notes that the answer for a unit went out whole. Noting it again changes nothing. */
  noteDelivery(key: OrderKey, unit: number, at: number): Promise<void>;
  /** Keeps a version of a message; one that is there already stays as it is. */
  keepMessage(message: Message): Promise<void>;
  findMessage(digest: string): Promise<Message | undefined>;
  keepTerms(terms: KeptTerms): Promise<void>;
  findTerms(digest: string): Promise<Terms | undefined>;
  /**
   * Under which terms products were ever sold, or moved to, without a look at each license. Null: no terms were kept.
   */
  soldTerms(): Promise<readonly { readonly product: string; readonly digest: string | null }[]>;
  /** Which terms sold licenses live by, by product: how many licenses each. Null: no terms were kept. Reads them all. */
  countTerms(): Promise<
    readonly { readonly product: string; readonly digest: string | null; readonly licenses: number }[]
  >;
  /**
   * The oldest so many orders with a license of the product that lives by other terms than these, or by none that
   * were kept. A `termed` fact takes an order out of the answer.
   */
  findOtherTerms(
    product: string,
    digest: string,
    limit: number,
  ): Promise<readonly (Market & { readonly order: string })[]>;
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
