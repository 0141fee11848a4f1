/** The ledger port on SQLite: reads at once, writes by group commit. */
import type { EventHead, KeptEvent, MarketplaceEvent } from '../../domain/event.ts';
import type { Fact } from '../../domain/fact.ts';
import type { Flag } from '../../domain/flag.ts';
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
import type { OrderQuery, OrderStory, OrderSummary } from '../../domain/ledger-views.ts';
import type { Customer, Marketplace, Mode, OrderKey } from '../../domain/order.ts';
import type { Message } from '../../domain/product.ts';
import type { ListContent } from '../../domain/revocation-list.ts';
import type { ServiceRules } from '../../domain/rules.ts';
import type { KeptTerms, Terms } from '../../domain/terms.ts';
import { Access } from './access.ts';
import { type Connection, TRY_MILLISECONDS } from './connection.ts';
import { GroupCommit, type ObserveCommit } from './group-commit.ts';
import { holdIdentity } from './identity.ts';
import { LogKeeper } from './log-file.ts';
import type { Mark } from './mark.ts';
import { createRooms, type Rooms } from './rooms.ts';

/** Orders settled in one call of settleDue. */
const DUE_BATCH = 100;

export interface SqliteLedgerOptions {
  /** Seals derive from it as license ids do: 32 bytes or more. */
  readonly idSecret: Uint8Array;
  /** What decisions need; a ledger that is only looked at needs none. */
  readonly rules?: ServiceRules;
  /** Of the keyring. */
  readonly highestKeyId?: number;
  readonly mark?: Mark;
  readonly observeCommit?: ObserveCommit;
  /** How long a write waits for another process that holds the lock, milliseconds; BUSY_MILLISECONDS, if not given. */
  readonly lockPatience?: number;
  /** Milliseconds since 1970-01-01. */
  readonly now?: () => number;
}

export class SqliteLedger implements Ledger {
  readonly #connection: Connection;
  readonly #rooms: Rooms;
  readonly #access: Access;
  readonly #mark: Mark | undefined;
  readonly #now: () => number;
  readonly #probe;

  /**
   * Takes over an open connection (open.ts) and closes it in the end. Throws AppError `bad_configuration` where the id
   * secret, the keyring or the mark is not the ledger's.
   */
  constructor(connection: Connection, options: SqliteLedgerOptions) {
    const { idSecret, rules, highestKeyId, observeCommit, lockPatience, mark, now = Date.now } = options;
    this.#connection = connection;
    this.#now = now;
    this.#mark = mark;
    this.#rooms = createRooms(connection, { idSecret, rules, write: (act) => this.#access.write(act) });
    const { sealer, pen, soldTerms } = this.#rooms;
    holdIdentity(connection, sealer, highestKeyId);
    mark?.hold(connection, sealer, pen);
    const log = new LogKeeper(connection);
    const around = {
      beforeCommit: () => pen.beforeCommit(),
      afterCommit: () => {
        pen.afterCommit();
        mark?.follow();
        log.follow();
      },
      afterRollback: () => {
        pen.afterRollback();
        soldTerms.afterRollback();
      },
    };
    this.#access = new Access(connection, new GroupCommit(connection, around, observeCommit, lockPatience));
    // From now on what waits for the lock waits in the group commit, and not inside SQLite.
    connection.pragma(`busy_timeout = ${TRY_MILLISECONDS}`);
    this.#probe = {
      insert: connection.prepare('INSERT INTO schema_version (version, readable_from) VALUES (0, 0)'),
      remove: connection.prepare('DELETE FROM schema_version WHERE version = 0'),
    };
  }

  findOrder(key: Omit<OrderKey, 'line'>): Promise<HeldOrder | undefined> {
    return this.#access.read(() => this.#rooms.orders.find(key));
  }

  issue(issue: Issue): Promise<Renewed> {
    return this.#access.write(() => this.#rooms.acts.issue(issue));
  }

  renew(renewal: Renewal): Promise<Renewed> {
    return this.#access.write(() => this.#rooms.acts.renew(renewal));
  }

  ingest(event: MarketplaceEvent, { again = false } = {}): Promise<'applied' | 'unmatched' | 'known'> {
    return this.#access.write(() => this.#rooms.acts.ingest(event, this.#now(), again));
  }

  keepFailed(event: EventHead, fault: string): Promise<void> {
    return this.#access.write(() => this.#rooms.acts.keepFailed(event, this.#now(), fault));
  }

  findEvents(query: EventQuery): Promise<readonly KeptEvent[]> {
    return this.#access.read(() => this.#rooms.events.find(query));
  }

  findEventsAbout(email: string): Promise<readonly KeptEvent[]> {
    return this.#access.readPages(() => this.#rooms.forgetter.eventsAbout(email));
  }

  async forgetEvents(before: number): Promise<number> {
    const { events } = await this.#access.readPages(() => this.#rooms.forgetter.forgetBefore(before));
    return events;
  }

  addFacts(facts: readonly Fact[]): Promise<boolean> {
    return this.#access.write(() => this.#rooms.acts.addFacts(facts, this.#now()));
  }

  reissue(id: Uint8Array, fact: Fact): Promise<Uint8Array> {
    return this.#access.write(() => this.#rooms.acts.reissue(id, fact));
  }

  /** An order that cannot be settled (its product is gone) does not keep others from it. */
  async settleDue(now: number): Promise<number> {
    let fault: unknown;
    for (let from = 0; ; ) {
      const orders = await this.#access.read(() => this.#rooms.due.find(from, now, DUE_BATCH));
      const settled = await Promise.allSettled(
        orders.map((order) => this.#access.write(() => this.#rooms.acts.settleDue(order, now))),
      );
      for (const each of settled) if (each.status === 'rejected') fault ??= each.reason;
      const done = settled.filter((each) => each.status === 'fulfilled' && each.value).length;
      const last = orders.at(-1);
      if (done > 0) return done;
      if (last === undefined || orders.length < DUE_BATCH) break;
      from = last.due + 1;
    }
    if (fault !== undefined) throw fault;
    return 0;
  }

  eraseCustomer(who: { readonly email: string } | { readonly order: string }) {
    return this.#access.readPages(() => this.#rooms.forgetter.erase(who));
  }

  correctCustomer(order: string, customer: Partial<Customer>): Promise<number> {
    return this.#access.write(() => this.#rooms.people.correct(order, customer));
  }

  findFlags(query: FlagQuery): Promise<readonly Flag[]> {
    return this.#access.read(() => this.#rooms.flags.find(query));
  }

  settleFlags(ids: readonly number[], at: number, by: string): Promise<number> {
    return this.#access.write(() => ids.filter((id) => this.#rooms.flags.settle(id, at, by)).length);
  }

  countFlags(): Promise<Readonly<Partial<Record<Flag['kind'], number>>>> {
    return this.#access.read(() => this.#rooms.flags.count());
  }

  listOrders(query: OrderQuery): Promise<readonly OrderSummary[]> {
    return this.#access.readPages(() => this.#rooms.lister.list(query));
  }

  showOrder(order: string): Promise<OrderStory> {
    return this.#access.read(() => this.#rooms.showOrder(order));
  }

  findOwed(marketplace: Marketplace, line: string): ReturnType<Ledger['findOwed']> {
    return this.#access.read(() => this.#rooms.lister.owedOf(marketplace, line));
  }

  countUndelivered(now: number): ReturnType<Ledger['countUndelivered']> {
    return this.#access.read(() => this.#rooms.lister.countUndelivered(now));
  }

  noteDelivery(key: OrderKey, unit: number, at: number): Promise<void> {
    return this.#access.write(() => this.#rooms.orders.noteDelivery(key, unit, at));
  }

  keepMessage(message: Message): Promise<void> {
    return this.#access.write(() => this.#rooms.messages.keep(message));
  }

  findMessage(digest: string): Promise<Message | undefined> {
    return this.#access.read(() => this.#rooms.messages.find(digest));
  }

  keepTerms(terms: KeptTerms): Promise<void> {
    return this.#access.write(() => this.#rooms.terms.keep(terms));
  }

  findTerms(digest: string): Promise<Terms | undefined> {
    return this.#access.read(() => this.#rooms.terms.find(digest));
  }

  soldTerms(): ReturnType<Ledger['soldTerms']> {
    return this.#access.read(() => this.#rooms.soldTerms.list());
  }

  countTerms(): ReturnType<Ledger['countTerms']> {
    return this.#access.read(() => this.#rooms.terms.count());
  }

  findOtherTerms(product: string, digest: string, limit: number): ReturnType<Ledger['findOtherTerms']> {
    return this.#access.read(() => this.#rooms.terms.findOthers(product, digest, limit));
  }

  products(): Promise<readonly string[]> {
    return this.#access.read(() => this.#rooms.messages.products());
  }

  findListSeq(product: string): Promise<number | undefined> {
    return this.#access.read(() => this.#rooms.lists.seqOf(product));
  }

  publishList(product: string, keyId: number, at: number): Promise<ListContent> {
    return this.#access.write(() => this.#rooms.lists.publish(product, keyId, at));
  }

  find(query: LedgerQuery): Promise<readonly LicenseStory[]> {
    return this.#access.readPages(() => this.#rooms.stories.find(query));
  }

  /** A row written and removed again, committed: an update that changes nothing would not reach the disk. */
  probe(): Promise<void> {
    return this.#access.write(() => {
      this.#probe.insert.run();
      this.#probe.remove.run();
    });
  }

  count(): Promise<Readonly<Record<Mode, number>>> {
    return this.#access.read(() => this.#rooms.pen.countLicenses());
  }

  async close(): Promise<void> {
    this.#access.drain();
    await this.#mark?.close();
    this.#connection.close();
  }
}
