/** The ledger port on SQLite: reads at once, writes by group commit. */
import type { HeldOrder, Issue, Ledger, LedgerQuery, LicenseStory } from '../../domain/ledger.ts';
import type { Mode, OrderKey } from '../../domain/order.ts';
import type { Message } from '../../domain/product.ts';
import { AppError } from '../../errors.ts';
import { GroupCommit, type ObserveCommit } from './group-commit.ts';
import { Issuing } from './issuing.ts';
import { ledgerError } from './ledger-error.ts';
import { Messages } from './messages.ts';
import type { Connection } from './open.ts';
import { OrderReader } from './orders.ts';
import { Sealer } from './seal.ts';
import { Stories } from './stories.ts';

export interface SqliteLedgerOptions {
  /** Seals derive from it as license ids do: 32 bytes or more. */
  readonly idSecret: Uint8Array;
  readonly observeCommit?: ObserveCommit;
}

export class SqliteLedger implements Ledger {
  readonly #connection: Connection;
  readonly #commits: GroupCommit;
  readonly #orders: OrderReader;
  readonly #issuing: Issuing;
  readonly #messages: Messages;
  readonly #stories: Stories;
  readonly #probe;

  /** Takes over an open connection (open.ts) and closes it in the end. */
  constructor(connection: Connection, { idSecret, observeCommit }: SqliteLedgerOptions) {
    this.#connection = connection;
    this.#commits = new GroupCommit(connection, observeCommit);
    this.#orders = new OrderReader(connection);
    this.#issuing = new Issuing(connection, new Sealer(idSecret));
    this.#messages = new Messages(connection);
    this.#stories = new Stories(connection);
    this.#probe = {
      insert: connection.prepare('INSERT INTO customer (name) VALUES (NULL)'),
      remove: connection.prepare('DELETE FROM customer WHERE number = ?'),
    };
  }

  findOrder(key: OrderKey): Promise<HeldOrder | undefined> {
    return this.#read(() => this.#orders.find(key));
  }

  issue(issue: Issue): Promise<{ held: HeldOrder; issued: boolean }> {
    const { order, licenses } = issue;
    return this.#write(() => {
      const [first] = licenses;
      if (first === undefined) throw new TypeError('an issue without licenses');
      const issued = this.#orders.licenseNumber(order, first.unit) === undefined;
      if (issued) this.#issuing.record(issue);
      const held = this.#orders.find(order);
      if (held === undefined) throw new TypeError('an order that was just recorded is not there');
      return { held, issued };
    });
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
