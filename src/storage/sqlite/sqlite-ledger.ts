/** The ledger port on SQLite: reads at once, writes by group commit. */
import type { EventHead, KeptEvent, MarketplaceEvent } from '../../domain/facts/event.ts';
import type { Fact } from '../../domain/facts/fact.ts';
import type {
  EventQuery,
  FirstIssued,
  FlagQuery,
  HeldOrder,
  Issue,
  Ledger,
  LedgerQuery,
  LicenseStory,
  Renewal,
  Renewed,
} from '../../domain/ledger.ts';
import type { OrderQuery, OrderSummary } from '../../domain/ports/ledger-views.ts';
import type { OutboxLedger } from '../../domain/ports/outbox-ledger.ts';
import type { ListContent } from '../../domain/ports/revocation-list.ts';
import type { ServiceRules } from '../../domain/rules.ts';
import type { Flag, RaisedFlag } from '../../domain/values/flag.ts';
import type { Customer, Marketplace, OrderKey, OrderName } from '../../domain/values/order.ts';
import type { Message } from '../../domain/values/product.ts';
import type { KeptTerms } from '../../domain/values/terms.ts';
import { Access } from './access.ts';
import { type Components, createComponents } from './components.ts';
import { consoleAccess, runnerOn } from './console-access.ts';
import { downloadsOn } from './downloads.ts';
import { settleDueOrders } from './due.ts';
import { commitHooks } from './file/commit-hooks.ts';
import { type Connection, TRY_MILLISECONDS } from './file/connection.ts';
import { GroupCommit, type ObserveCommit } from './file/group-commit.ts';
import { requireIdentity } from './file/identity.ts';
import { LogKeeper } from './file/log-file.ts';
import type { Mark } from './file/mark.ts';
import { WriteProbe } from './file/write-probe.ts';
import { longJobsOn } from './jobs.ts';
import { refusedCallsOn } from './refused-calls.ts';
import { selfService } from './self-service.ts';

export interface SqliteLedgerOptions {
  /** The secret of license ids and seals: 32 bytes or more. */
  readonly idSecret: Uint8Array;
  /** Needed for decisions; a read-only ledger has none. */
  readonly rules?: ServiceRules;
  /** The highest key id of the keyring. */
  readonly highestKeyId?: number;
  readonly mark?: Mark;
  readonly observeCommit?: ObserveCommit;
  /** How long a write waits for another process that holds the lock, milliseconds. Default: BUSY_MILLISECONDS. */
  readonly lockPatience?: number;
  /** Milliseconds since 1970-01-01. */
  readonly now?: () => number;
  /** Called after each commit with an announcement that waits. */
  readonly onAnnounced?: () => void;
}

export class SqliteLedger implements Ledger {
  readonly outbox: OutboxLedger;
  readonly #connection: Connection;
  readonly #components: Components;
  readonly #access: Access;
  readonly #mark: Mark | undefined;
  readonly #now: () => number;
  readonly #probe;
  readonly consoleAccess;
  readonly selfService;
  readonly downloads;
  readonly jobs;
  readonly refusedCalls;

  /**
   * Owns an open connection (open.ts): `close` closes it. Throws AppError `bad_configuration` if the id secret, the
   * keyring or the mark does not belong to the ledger.
   */
  constructor(connection: Connection, options: SqliteLedgerOptions) {
    const { idSecret, rules, highestKeyId, observeCommit, lockPatience, mark, now = Date.now } = options;
    this.#connection = connection;
    this.#now = now;
    this.#mark = mark;
    const write = <T>(act: () => T) => this.#access.write(act);
    this.#components = createComponents(connection, { idSecret, rules, write, now });
    const { pen, outbox } = this.#components;
    requireIdentity(connection, pen.sealer, highestKeyId);
    mark?.attach(connection, pen);
    const hooks = commitHooks(this.#components, new LogKeeper(connection), mark);
    this.#access = new Access(connection, new GroupCommit(connection, hooks, observeCommit, lockPatience));
    this.consoleAccess = consoleAccess(runnerOn(this.#components.access, this.#access));
    this.outbox = outbox.port(this.#access);
    this.selfService = selfService(this.#components.selfService, this.#access);
    this.downloads = downloadsOn(this.#components.downloads, this.#access);
    this.jobs = longJobsOn(this.#components.jobs, this.#access);
    this.refusedCalls = refusedCallsOn(this.#components.refusedCalls, this.#access);
    outbox.table.listen(options.onAnnounced ?? (() => {}));
    // From now on acts wait for the lock in the group commit, and not inside SQLite.
    connection.pragma(`busy_timeout = ${TRY_MILLISECONDS}`);
    this.#probe = new WriteProbe(connection);
  }

  findOrder(key: Omit<OrderKey, 'line'>): Promise<HeldOrder | undefined> {
    return this.#access.read(() => this.#components.orders.find(key));
  }

  issue(issue: Issue): Promise<Renewed> {
    return this.#access.write(() => this.#components.acts.issue(issue));
  }

  async issueFirst(issue: Issue): Promise<FirstIssued> {
    const held = await this.findOrder(issue.order);
    return held === undefined ? this.issue(issue) : { outcome: 'known', held };
  }

  renew(renewal: Renewal): Promise<Renewed> {
    return this.#access.write(() => this.#components.acts.renew(renewal));
  }

  ingest(event: MarketplaceEvent, { again = false } = {}): Promise<'applied' | 'unmatched' | 'known'> {
    return this.#access.write(() => this.#components.acts.ingest(event, this.#now(), again));
  }

  keepFailed(event: EventHead, fault: string): Promise<void> {
    return this.#access.write(() => this.#components.acts.keepFailed(event, this.#now(), fault));
  }

  findEvents(query: EventQuery): Promise<readonly KeptEvent[]> {
    return this.#access.read(() => this.#components.events.find(query));
  }

  findMissing(facts: readonly Fact[]): Promise<readonly Fact[]> {
    return this.#access.read(() => this.#components.missingFacts.among(facts));
  }

  findEventsAbout(email: string): Promise<readonly KeptEvent[]> {
    return this.#access.readPages(() => this.#components.forgetter.eventsAbout(email));
  }

  async forgetEvents(before: number): Promise<number> {
    const { events } = await this.#access.readPages(() => this.#components.forgetter.forgetBefore(before));
    return events;
  }

  addFacts(facts: readonly Fact[]): Promise<boolean> {
    return this.#access.write(() => this.#components.acts.addFacts(facts, this.#now()));
  }

  reissue(id: Uint8Array, fact: Fact): Promise<Uint8Array> {
    return this.#access.write(() => this.#components.acts.reissue(id, fact));
  }

  settleDue(now: number): Promise<number> {
    return settleDueOrders(
      now,
      (query) => this.#access.read(() => this.#components.due.find(query)),
      (order) => this.#access.write(() => this.#components.acts.settleDue(order, now)),
    );
  }

  eraseCustomer(who: { readonly email: string } | OrderName) {
    return this.#access.readPages(() => this.#components.forgetter.erase(who));
  }

  correctCustomer(order: OrderName, customer: Partial<Customer>, note?: Fact): Promise<number> {
    return this.#access.write(() => this.#components.acts.correct(order, customer, this.#now(), note));
  }

  findFlags(query: FlagQuery): Promise<readonly Flag[]> {
    return this.#access.read(() => this.#components.flags.find(query));
  }

  settleFlags(ids: readonly number[], at: number, by: string): Promise<number> {
    return this.#access.write(() => ids.filter((id) => this.#components.flags.settle(id, at, by)).length);
  }

  noteFlag(flag: RaisedFlag, isSo: boolean): Promise<void> {
    return this.#access.write(() => this.#components.flags.note(flag, isSo));
  }

  countFlags(): Promise<Readonly<Partial<Record<Flag['kind'], number>>>> {
    return this.#access.read(() => this.#components.flags.count());
  }

  listOrders(query: OrderQuery): Promise<readonly OrderSummary[]> {
    return this.#access.readPages(() => this.#components.lister.list(query));
  }

  readonly showOrder: Ledger['showOrder'] = (order, options) =>
    this.#access.read(() => this.#components.showOrder(order, options));

  findOwed(marketplace: Marketplace, line: string): ReturnType<Ledger['findOwed']> {
    return this.#access.read(() => this.#components.lister.owedOf(marketplace, line));
  }

  countUndelivered(now: number): ReturnType<Ledger['countUndelivered']> {
    return this.#access.read(() => this.#components.lister.countUndelivered(now));
  }

  noteDelivery(key: OrderKey, unit: number, at: number): Promise<void> {
    return this.#access.write(() => this.#components.orders.noteDelivery(key, unit, at));
  }

  readonly keepMessage: Ledger['keepMessage'] = (message) =>
    this.#access.write(() => this.#components.messages.keep(message));

  findMessage(digest: string): Promise<Message | undefined> {
    return this.#access.read(() => this.#components.messages.find(digest));
  }

  keepTerms(terms: KeptTerms): Promise<void> {
    return this.#access.write(() => this.#components.terms.keep(terms));
  }

  readonly findTerms: Ledger['findTerms'] = (digest) =>
    this.#access.read(() => this.#components.terms.find(digest));

  readonly soldTerms: Ledger['soldTerms'] = () => this.#access.read(() => this.#components.soldTerms.list());
  readonly countTerms: Ledger['countTerms'] = () => this.#access.read(() => this.#components.terms.count());

  findOtherTerms(product: string, digest: string, limit: number): ReturnType<Ledger['findOtherTerms']> {
    return this.#access.read(() => this.#components.terms.findOthers(product, digest, limit));
  }

  readonly products: Ledger['products'] = () => this.#access.read(() => this.#components.messages.products());

  findListSeq(product: string): Promise<number | undefined> {
    return this.#access.read(() => this.#components.lists.seqOf(product));
  }

  publishList(product: string, keyId: number, at: number): Promise<ListContent> {
    return this.#access.write(() => this.#components.lists.publish(product, keyId, at));
  }

  find(query: LedgerQuery): Promise<readonly LicenseStory[]> {
    return this.#access.readPages(() => this.#components.stories.find(query));
  }

  readonly codesAfter: Ledger['codesAfter'] = (number, limit) =>
    this.#access.read(() => this.#components.stories.codesAfter(number, limit));

  probe(): Promise<void> {
    return this.#access.write(() => this.#probe.run());
  }

  readonly count: Ledger['count'] = () => this.#access.read(() => this.#components.pen.countLicenses());

  async close(): Promise<void> {
    this.#access.drain();
    await this.#mark?.close();
    this.#connection.close();
  }
}
