/** The ledger port on SQLite: reads at once, writes by group commit. */
import type { KeptEvent, MarketplaceEvent } from '../../domain/event.ts';
import type { Fact } from '../../domain/fact.ts';
import type {
  EventQuery,
  HeldOrder,
  Issue,
  Ledger,
  LedgerQuery,
  LicenseStory,
  Renewal,
} from '../../domain/ledger.ts';
import type { Mode, OrderKey } from '../../domain/order.ts';
import type { Message } from '../../domain/product.ts';
import type { ListContent } from '../../domain/revocation-list.ts';
import { AppError } from '../../errors.ts';
import { Answering, asIssued } from './answering.ts';
import { Applying } from './applying.ts';
import { Events } from './events.ts';
import { Facts, type Market } from './facts.ts';
import { GroupCommit, type ObserveCommit } from './group-commit.ts';
import { Issuing } from './issuing.ts';
import { ledgerError } from './ledger-error.ts';
import { Messages } from './messages.ts';
import type { Connection } from './open.ts';
import { OrderReader } from './orders.ts';
import { People } from './people.ts';
import { Renewing } from './renewing.ts';
import { RevocationLists } from './revocation-lists.ts';
import { Sealer } from './seal.ts';
import { Settling, type SettlingParts } from './settling.ts';
import { Stories } from './stories.ts';
import { Tallies } from './tally.ts';
import { Withdrawals } from './withdrawals.ts';

export interface SqliteLedgerOptions {
  /** Seals derive from it as license ids do: 32 bytes or more. */
  readonly idSecret: Uint8Array;
  /** What facts are turned into licenses with; a ledger that is only looked at needs none. */
  readonly life?: Pick<SettlingParts, 'minter' | 'findProduct'>;
  readonly observeCommit?: ObserveCommit;
  /** Milliseconds since 1970-01-01. */
  readonly now?: () => number;
}

export class SqliteLedger implements Ledger {
  readonly #connection: Connection;
  readonly #commits: GroupCommit;
  readonly #orders: OrderReader;
  readonly #issuing: Issuing;
  readonly #renewing: Renewing;
  readonly #messages: Messages;
  readonly #stories: Stories;
  readonly #events: Events;
  readonly #facts: Facts;
  readonly #answering: Answering;
  readonly #applying: Applying;
  readonly #people: People;
  readonly #lists: RevocationLists;
  readonly #now: () => number;
  readonly #probe;

  /** Takes over an open connection (open.ts) and closes it in the end. */
  constructor(connection: Connection, options: SqliteLedgerOptions) {
    const { idSecret, life, observeCommit, now = Date.now } = options;
    const sealer = new Sealer(idSecret);
    this.#connection = connection;
    this.#now = now;
    const tallies = new Tallies(connection, sealer);
    tallies.begin();
    this.#commits = new GroupCommit(connection, tallies, observeCommit);
    this.#orders = new OrderReader(connection);
    const withdrawals = new Withdrawals(connection);
    this.#issuing = new Issuing(connection, sealer, { withdrawals, tallies });
    this.#lists = new RevocationLists(connection, sealer, withdrawals);
    this.#renewing = new Renewing(connection, this.#issuing);
    this.#messages = new Messages(connection);
    this.#stories = new Stories(connection);
    this.#events = new Events(connection, sealer, tallies);
    this.#facts = new Facts(connection, sealer, tallies);
    this.#people = new People(connection, this.#issuing);
    const settling =
      life && new Settling(connection, { ...life, facts: this.#facts, issuing: this.#issuing });
    this.#answering = new Answering(this.#orders, this.#issuing);
    this.#applying = new Applying(connection, { facts: this.#facts, people: this.#people, settling });
    this.#probe = {
      insert: connection.prepare('INSERT INTO customer (name) VALUES (NULL)'),
      remove: connection.prepare('DELETE FROM customer WHERE number = ?'),
    };
  }

  findOrder(key: OrderKey): Promise<HeldOrder | undefined> {
    return this.#read(() => this.#orders.find(key));
  }

  issue(issue: Issue): Promise<{ held: HeldOrder; issued: boolean }> {
    return this.#write(() => {
      const { order, facts, at } = issue;
      const issued = this.#answering.record(issue);
      if (facts.length > 0) this.#applying.apply(facts, at);
      // What was told before the request came has waited for it.
      else if (issued && this.#facts.hasAny(`order:${order.order}`, order)) {
        this.#applying.settle(order.order, order, { now: at, news: [], codes: [] });
      } else if (issued && issue.whole) {
        return { held: asIssued(issue), issued };
      }
      const held = this.#orders.find(order);
      if (held === undefined) throw new TypeError('an order that was just recorded is not there');
      return { held, issued };
    });
  }

  renew(renewal: Renewal): Promise<HeldOrder | undefined> {
    return this.#write(() => {
      const answered = this.#renewing.find(renewal);
      if (answered !== undefined) return answered;
      this.#applying.apply(renewal.facts, renewal.at);
      return this.#renewing.answer(renewal);
    });
  }

  findSubscription(market: Market, subscription: string, product: string): Promise<readonly string[]> {
    return this.#read(() => this.#renewing.ordersOf(market, subscription, product));
  }

  ingest(event: MarketplaceEvent, { again = false } = {}): Promise<'applied' | 'known'> {
    return this.#write(() => {
      if (!again && this.#events.isDone(event.marketplace, event.id)) return 'known';
      const now = this.#now();
      const flagged = event.facts.some(({ body }) => body.kind === 'noted' && body.flag === true);
      this.#events.keep(event, now, { fault: null, flagged });
      if (this.#applying.apply(event.facts, now, event.codes)) this.#events.flag(event);
      this.#applying.fill(event);
      return 'applied';
    });
  }

  keepFailed(event: Omit<MarketplaceEvent, 'facts' | 'people' | 'codes'>, fault: string): Promise<void> {
    return this.#write(() => {
      if (this.#events.isDone(event.marketplace, event.id)) return;
      this.#events.keep(event, this.#now(), { fault, flagged: false });
    });
  }

  findEvents(query: EventQuery): Promise<readonly KeptEvent[]> {
    return this.#read(() => this.#events.find(query));
  }

  findEventsAbout(email: string): Promise<readonly KeptEvent[]> {
    return this.#read(() => this.#events.findAbout(email));
  }

  async eraseCustomer(email: string): Promise<{ licenses: number; events: number }> {
    this.#connection.pragma('secure_delete = ON');
    const erased = await this.#write(() => ({
      licenses: this.#people.erase(email),
      events: this.#events.forgetAbout(email),
    }));
    // The write-ahead log still holds the pages of before.
    this.#connection.pragma('wal_checkpoint(TRUNCATE)');
    return erased;
  }

  addFacts(facts: readonly Fact[]): Promise<void> {
    return this.#write(() => {
      this.#applying.apply(facts, this.#now());
    });
  }

  reissue(id: Uint8Array, fact: Fact): Promise<Uint8Array> {
    return this.#write(() => this.#applying.reissue(id, fact));
  }

  forgetEvents(before: number): Promise<number> {
    return this.#write(() => this.#events.forget(before));
  }

  noteDelivery(key: OrderKey, unit: number, at: number): Promise<void> {
    return this.#write(() => {
      const license = this.#orders.licenseNumber(key, unit);
      if (license !== undefined) this.#issuing.noteDelivery(license, at);
    });
  }

  keepMessage(message: Message): Promise<void> {
    return this.#write(() => this.#messages.keep(message));
  }

  findMessage(digest: string): Promise<Message | undefined> {
    return this.#read(() => this.#messages.find(digest));
  }

  products(): Promise<readonly string[]> {
    return this.#read(() => this.#messages.products());
  }

  findListSeq(product: string): Promise<number | undefined> {
    return this.#read(() => this.#lists.seqOf(product));
  }

  publishList(product: string, keyId: number, at: number): Promise<ListContent> {
    return this.#write(() => this.#lists.publish(product, keyId, at));
  }

  find(query: LedgerQuery): Promise<readonly LicenseStory[]> {
    return this.#read(() => this.#stories.find(query));
  }

  /** A row written and removed again, committed: only a commit needs the disk; one undone would stay in memory. */
  probe(): Promise<void> {
    return this.#write(() => {
      const { lastInsertRowid } = this.#probe.insert.run();
      this.#probe.remove.run(lastInsertRowid);
    });
  }

  count(): Promise<Readonly<Record<Mode, number>>> {
    return this.#read(() => {
      const count = this.#connection.prepare('SELECT count(*) FROM license WHERE mode = ?').pluck();
      return { live: Number(count.get('live')), test: Number(count.get('test')) };
    });
  }

  async close(): Promise<void> {
    this.#commits.drain();
    this.#connection.close();
  }

  /** What is visible to a read is on disk: a commit shows only after its flush. */
  async #read<T>(query: () => T): Promise<T> {
    this.#refuseClosed();
    try {
      return query();
    } catch (error) {
      throw ledgerError(error);
    }
  }

  async #write<T>(act: () => T): Promise<T> {
    this.#refuseClosed();
    return this.#commits.run(act);
  }

  /** A request that outlived the stop. */
  #refuseClosed(): void {
    if (!this.#connection.open) throw new AppError('ledger_unavailable', 'The ledger is closed.');
  }
}
