/** The ledger port on PostgreSQL: what each act and each query needs of the database. The rest is shared with SQLite. */
import type { EventHead, KeptEvent, MarketplaceEvent } from '../../domain/facts/event.ts';
import type { Fact } from '../../domain/facts/fact.ts';
import { licenseSubject } from '../../domain/facts/license-subject.ts';
import type {
  EventQuery,
  FlagQuery,
  HeldOrder,
  Issue,
  Ledger,
  LedgerQuery,
  LicenseStory,
  Renewal,
  Renewed,
} from '../../domain/ledger.ts';
import type { ConsoleAccess } from '../../domain/ports/console-access.ts';
import type { Downloads } from '../../domain/ports/download.ts';
import type { OutboxLedger } from '../../domain/ports/outbox-ledger.ts';
import type { PublishedLists } from '../../domain/ports/published-lists.ts';
import type { ListContent } from '../../domain/ports/revocation-list.ts';
import type { SelfService } from '../../domain/ports/self-service.ts';
import type { Flag } from '../../domain/values/flag.ts';
import type { Customer, OrderKey, OrderName } from '../../domain/values/order.ts';
import { orderSubject, subscriptionSubject } from '../../domain/values/order-subject.ts';
import { namesOf } from '../sqlite/acts.ts';
import type { Components } from '../sqlite/components.ts';
import { settleDueOrders } from '../sqlite/due.ts';
import { lookedFor } from '../sqlite/missing-facts.ts';
import { namesOfFact, needOfEvent, needOfFlag, needOfIssue, needOfOrder } from './act-needs.ts';
import { consoleAccessPort } from './console-access.ts';
import { ADDRESS_LOCK, changesOfOrder } from './customer-loads.ts';
import { downloadsPort } from './downloads.ts';
import { FirstSales } from './first-sales.ts';
import { LeasedHandouts } from './handouts.ts';
import { jobsPort } from './jobs.ts';
import { eventLoads, flagLoads, listOrders, marketsOf, named, newestFirst } from './lists.ts';
import { entriesOf, factOf, flagOfId, licensesAfter, listOf, orderItem, orderLicenses } from './loads.ts';
import { type Load, type Need, namesIn } from './needs.ts';
import { outboxPort } from './outbox.ts';
import type { People } from './people.ts';
import { publishedLists } from './published-lists.ts';
import { refusedCallsPort } from './refused-calls.ts';
import { selfServicePort } from './self-service.ts';
import { forgetDone } from './session/done-acts.ts';
import type { GroupCommit } from './session/group-commit.ts';
import { sharedDatabase } from './session/instances.ts';
import { listLock } from './session/lane.ts';
import type { ReadLane } from './session/read-lane.ts';
import type { SharedClock } from './session/shared-clock.ts';
import { findStories } from './stories.ts';
import type { Tables } from './table-reads.ts';

export interface LedgerStores {
  readonly commits: GroupCommit;
  readonly reads: ReadLane;
  readonly people: People;
  readonly tables: Tables;
  readonly now: () => number;
  readonly clock: SharedClock;
}

export class PostgresLedger implements Ledger {
  readonly outbox: OutboxLedger;
  readonly consoleAccess: ConsoleAccess;
  readonly selfService: SelfService;
  readonly handouts: LeasedHandouts;
  readonly publishedLists: PublishedLists;
  readonly downloads: Downloads;
  readonly jobs;
  readonly refusedCalls;
  readonly database: ReturnType<typeof sharedDatabase>;
  readonly #commits: GroupCommit;
  /** For queries beside the port. */
  readonly reads: ReadLane;
  readonly #people: People;
  readonly #tables: Tables;
  readonly #now: () => number;
  readonly #firstSales: FirstSales;

  /** Owns its lanes: `close` closes them. open-ledger.ts makes them. */
  constructor({ commits, reads, people, tables, now, clock }: LedgerStores) {
    this.#commits = commits;
    this.reads = reads;
    this.#people = people;
    this.#tables = tables;
    this.#now = now;
    this.#firstSales = new FirstSales(commits, this);
    this.outbox = outboxPort(commits, reads, clock);
    this.selfService = selfServicePort(commits, reads, clock);
    this.downloads = downloadsPort(commits, reads, clock);
    this.handouts = new LeasedHandouts(reads);
    this.publishedLists = publishedLists(reads);
    this.database = sharedDatabase(commits, reads, { now, clock });
    this.consoleAccess = consoleAccessPort(commits, reads, clock);
    this.jobs = jobsPort(commits, reads, clock);
    this.refusedCalls = refusedCallsPort(commits, reads);
  }

  // Queries that PostgreSQL answers alone, and what people.ts does.
  readonly findEventsAbout: Ledger['findEventsAbout'] = (email) => this.#people.keptEventsAbout(email);
  readonly forgetEvents: Ledger['forgetEvents'] = async (before) => {
    await this.handouts.forgetOld();
    await forgetDone((text) => this.reads.run(text));
    return this.#people.forgetBefore(before);
  };
  readonly issueFirst: Ledger['issueFirst'] = (issue) => this.#firstSales.issue(issue);
  readonly takeTurn = (name: string, milliseconds: number) => this.handouts.takeTurnFor(name, milliseconds);
  readonly eraseCustomer: Ledger['eraseCustomer'] = (who) => this.#people.erase(who);
  readonly countFlags: Ledger['countFlags'] = () => this.#tables.countFlags();
  readonly findOwed: Ledger['findOwed'] = (marketplace, line) => this.#tables.owed(marketplace, line);
  readonly countUndelivered: Ledger['countUndelivered'] = (now) => this.#tables.countUndelivered(now);
  readonly findMessage: Ledger['findMessage'] = (digest) => this.#tables.message(digest);
  readonly findTerms: Ledger['findTerms'] = (digest) => this.#tables.terms(digest);
  readonly soldTerms: Ledger['soldTerms'] = () => this.#tables.soldTerms();
  readonly countTerms: Ledger['countTerms'] = () => this.#tables.countTerms();
  readonly findOtherTerms: Ledger['findOtherTerms'] = (product, digest, limit) =>
    this.#tables.otherTerms(product, digest, limit);
  readonly products: Ledger['products'] = () => this.#tables.products();
  readonly findListSeq: Ledger['findListSeq'] = (product) => this.#tables.listSeq(product);
  readonly probe: Ledger['probe'] = () => this.#tables.probe();
  readonly count: Ledger['count'] = () => this.#tables.countLicenses();

  findOrder(key: Omit<OrderKey, 'line'>): Promise<HeldOrder | undefined> {
    const loads = orderLicenses(orderItem(key.order, key));
    return this.reads.read({ loads }, ({ orders }) => orders.find(key));
  }

  issue(issue: Issue): Promise<Renewed> {
    return this.#act(needOfIssue(issue), ({ acts }) => acts.issue(issue));
  }

  renew(renewal: Renewal): Promise<Renewed> {
    const need = needOfIssue(renewal);
    const names = namesIn(renewal.order, [subscriptionSubject(renewal.subscription)]);
    return this.#act({ ...need, names: [...need.names, ...names] }, ({ acts }) => acts.renew(renewal));
  }

  ingest(event: MarketplaceEvent, { again = false } = {}): Promise<'applied' | 'unmatched' | 'known'> {
    const foreign = event.facts.filter(({ mode }) => mode !== event.mode);
    const names = [...namesIn(event, namesOf(event)), ...foreign.flatMap((fact) => namesOfFact(fact))];
    const need = { ...needOfEvent(event), names, knownBy: again ? undefined : ('event' as const) };
    return this.#act(need, ({ acts }) => acts.ingest(event, this.#now(), again));
  }

  keepFailed(event: EventHead, fault: string): Promise<void> {
    return this.#act(needOfEvent(event), ({ acts }) => acts.keepFailed(event, this.#now(), fault));
  }

  async findEvents(query: EventQuery): Promise<readonly KeptEvent[]> {
    const found = await this.#read(eventLoads(query), ({ events }) => events.find(query));
    return newestFirst(found, ({ receivedAt }) => receivedAt);
  }

  findMissing(facts: readonly Fact[]): Promise<readonly Fact[]> {
    const loads = lookedFor(facts).map(({ subject, marketplace, mode, key }) =>
      factOf({ subject, marketplace, mode, key }),
    );
    return this.#read(loads, ({ missingFacts }) => missingFacts.among(facts));
  }

  addFacts(facts: readonly Fact[]): Promise<boolean> {
    const names = facts.flatMap((fact) => namesOfFact(fact));
    return this.#act({ names }, ({ acts }) => acts.addFacts(facts, this.#now()));
  }

  reissue(id: Uint8Array, fact: Fact): Promise<Uint8Array> {
    const names = [...namesIn(fact, [licenseSubject(id)]), ...namesOfFact(fact)];
    return this.#act({ names }, ({ acts }) => acts.reissue(id, fact));
  }

  settleDue(now: number): Promise<number> {
    return settleDueOrders(
      now,
      (query) => this.#tables.due(query),
      (order) =>
        this.#act(needOfOrder(order, { knownBy: 'due date' }), ({ acts }) => acts.settleDue(order, now)),
    );
  }

  correctCustomer(order: OrderName, customer: Partial<Customer>, note?: Fact): Promise<number> {
    const need = needOfOrder(order, { locks: [ADDRESS_LOCK], loads: [changesOfOrder({ ...order })] });
    return this.#act(need, ({ acts }) => acts.correct(order, customer, this.#now(), note));
  }

  async findFlags(query: FlagQuery): Promise<readonly Flag[]> {
    const found = await this.#read(flagLoads(query), ({ flags }) => flags.find(query));
    return newestFirst(found, ({ at }) => at);
  }

  settleFlags(ids: readonly number[], at: number, by: string): Promise<number> {
    const loads = ids.map((id) => flagOfId({ id }));
    return this.#act({ loads }, ({ flags }) => ids.filter((id) => flags.settle(id, at, by)).length);
  }

  readonly listOrders: Ledger['listOrders'] = (query) => listOrders(this.reads, query);

  readonly noteFlag: Ledger['noteFlag'] = (flag, isSo) =>
    this.#act(needOfFlag(flag), ({ flags }) => flags.note(flag, isSo));

  readonly showOrder: Ledger['showOrder'] = async (order, options) => {
    const names = options?.byAnyName
      ? (await named(this.reads, order)).flatMap(({ name, ...market }) => namesIn(market, [name]))
      : await this.#namesOfOrder(order);
    return this.reads.read({ names, wholeHistory: true }, ({ showOrder }) => showOrder(order, options));
  };

  noteDelivery(key: OrderKey, unit: number, at: number): Promise<void> {
    const need = needOfOrder(key, { knownBy: 'delivery' });
    return this.#commits.run(need, ({ orders }) => orders.noteDelivery(key, unit, at), true);
  }

  readonly keepMessage: Ledger['keepMessage'] = (message) =>
    this.#act({ knownBy: 'digest' }, ({ messages }) => messages.keep(message));
  readonly keepTerms: Ledger['keepTerms'] = (terms) =>
    this.#act({ knownBy: 'digest' }, (components) => components.terms.keep(terms));

  publishList(product: string, keyId: number, at: number): Promise<ListContent> {
    const need = { locks: [listLock(product)], loads: [listOf({ product }), entriesOf({ product })] };
    return this.#act(need, ({ lists }) => lists.publish(product, keyId, at));
  }

  find(query: LedgerQuery): Promise<readonly LicenseStory[]> {
    return findStories(query, this.reads, this.#people);
  }

  codesAfter(number: number, limit: number): ReturnType<Ledger['codesAfter']> {
    return this.#read(licensesAfter({ number, limit }), ({ stories }) => stories.codesAfter(number, limit));
  }

  async close(): Promise<void> {
    await this.#commits.close();
    await this.reads.close();
  }

  #act<T>(need: Need, run: (components: Components) => T): Promise<T> {
    return this.#commits.run(need, run);
  }

  #read<T>(loads: readonly Load[], run: (components: Components) => T): Promise<T> {
    return this.reads.read({ loads }, run);
  }

  /** The order in every market where it is known. */
  async #namesOfOrder(order: string): Promise<readonly string[]> {
    const name = orderSubject(order);
    const markets = await marketsOf(this.reads, order, name);
    return markets.flatMap((market) => namesIn(market, [name]));
  }
}
