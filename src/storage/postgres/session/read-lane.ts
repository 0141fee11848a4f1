/**
 * Reads: one connection with one group of reads under way, which sees one state of the ledger. Lists have connections of
 * their own, so that no repeat of a sale waits for them.
 */
import type { PoolLoad } from '../../../domain/ports/shared-database.ts';
import type { Components } from '../../sqlite/components.ts';
import { type GroupNeed, groupNeed, type Holding, holding, Miss, type Need, NOTHING_HELD } from '../needs.ts';
import type { Workspace } from '../workspace.ts';
import type { Hosts, Session } from './connection.ts';
import { isLost, isPassing, ledgerError } from './ledger-error.ts';
import type { Query, Rows } from './query.ts';
import { closed, mayReadAgain, ReadConnection, ReadPool } from './read-connection.ts';
import { COMMIT } from './session-settings.ts';

const LARGEST_GROUP = 256;

/** A list for the operator may take longer than an act. */
const LIST_MILLISECONDS = 10_000;

/** Of what sales wait for: as of an act. */
const READ_MILLISECONDS = 3000;

interface Read {
  readonly need: Need;
  readonly run: (components: Components) => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (reason: unknown) => void;
}

export interface ReadLaneOptions {
  readonly hosts: Hosts;
  readonly makeWorkspace: (held: () => Holding) => Workspace;
  /** How long one statement may take. */
  readonly milliseconds?: number;
  /** Connections for lists. */
  readonly lists?: number;
}

export class ReadLane {
  readonly #connection: ReadConnection;
  readonly #lists: ReadPool;
  readonly #workspace: Workspace;
  #held = NOTHING_HELD;
  #waiting: Read[] = [];
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor({ hosts, makeWorkspace, milliseconds = LIST_MILLISECONDS, lists = 1 }: ReadLaneOptions) {
    this.#connection = new ReadConnection(hosts, Math.min(milliseconds, READ_MILLISECONDS), true);
    this.#lists = new ReadPool(hosts, lists, milliseconds);
    this.#workspace = makeWorkspace(() => this.#held);
  }

  /** Runs a synchronous read over the rows that it needs. */
  read<T>(need: Need, run: (components: Components) => T): Promise<T> {
    if (this.#isClosed) return Promise.reject(closed());
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ need, run, resolve, reject });
      this.#running ??= this.#runAll();
    });
  }

  /** Rows of a query that an index answers, and that needs no working memory. */
  search(text: string, values: readonly unknown[] = []): Promise<Rows> {
    return this.#connection.search(text, values);
  }

  /** The same for a list: whoever sells does not wait for it. */
  searchList(text: string, values: readonly unknown[] = []): Promise<Rows> {
    return this.#lists.idlest.search(text, values);
  }

  /** The same for a query that may read whole tables. */
  rows(text: string, values: readonly unknown[] = []): Promise<Rows> {
    return this.#lists.idlest.rows(text, values);
  }

  /** Runs one short statement that writes, on its own. */
  runShort(text: string, values: readonly unknown[] = []): Promise<Rows> {
    return this.#connection.run(text, values);
  }

  /** The same for one that may take long, such as a deletion of payloads. */
  run(text: string, values: readonly unknown[] = []): Promise<Rows> {
    return this.#lists.idlest.run(text, values);
  }

  get load(): readonly PoolLoad[] {
    const { isOpen, busy } = this.#connection;
    const isBusy = busy > 0 || this.#running !== undefined;
    return [
      {
        use: 'read',
        connections: Number(isOpen),
        busy: Number(isBusy),
        waiting: this.#waiting.length,
      },
      { use: 'list', ...this.#lists.load },
    ];
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#running;
    await this.#connection.close();
    await this.#lists.close();
    this.#workspace.close();
  }

  async #runAll(): Promise<void> {
    // The reads of one turn of the event loop are one group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const group = this.#waiting.slice(0, LARGEST_GROUP);
      this.#waiting = this.#waiting.slice(LARGEST_GROUP);
      await this.#run(group);
    }
    this.#running = undefined;
  }

  async #run(group: readonly Read[]): Promise<void> {
    const found: Need[] = [];
    const start = performance.now();
    for (let tries = 1; ; tries++) {
      try {
        return await this.#transact(group, found);
      } catch (error) {
        if (error instanceof Miss && tries < 20) found.push(error.need);
        else if (mayReadAgain(error, tries, start)) continue;
        else if (!isPassing(error) && group.length > 1) {
          // One of the reads may fail whenever it runs: the others must not fail with it.
          const half = Math.ceil(group.length / 2);
          for (const part of [group.slice(0, half), group.slice(half)]) await this.#run(part);
          return;
        } else {
          for (const { reject } of group) reject(ledgerError(error));
          return;
        }
      }
    }
  }

  async #transact(group: readonly Read[], found: readonly Need[]): Promise<void> {
    const session = await this.#connection.session();
    this.#workspace.begin();
    try {
      await this.#load(session, groupNeed([...group.map(({ need }) => need), ...found]));
      const settled = group.map(({ run }) => settle(() => run(this.#workspace.components)));
      for (const each of settled) if ('fault' in each && each.fault instanceof Miss) throw each.fault;
      for (const [place, { resolve, reject }] of group.entries()) {
        const each = settled[place];
        if (each === undefined) continue;
        if ('fault' in each) reject(ledgerError(each.fault));
        else resolve(each.result as never);
      }
    } catch (error) {
      if (isLost(error)) await session.close();
      else await session.rollback();
      throw error;
    } finally {
      this.#workspace.end();
    }
  }

  async #load(session: Session, { names, loads, wholeHistory }: GroupNeed): Promise<void> {
    const queries: readonly Query[] = [
      ...(names.length > 0
        ? [{ text: 'SELECT * FROM begin_reads($1::text[], $2)', values: [names, wholeHistory] }]
        : []),
      ...loads.map(({ text, json }): Query => ({ text, values: [json] })),
    ];
    // A repeat needs one statement, which sees one state of the ledger by itself.
    const isAlone = queries.length === 1 && names.length === 0 && session.isKept;
    const begin = isAlone ? [] : this.#connection.begin;
    const answers = await session.all([...begin, ...queries, ...(isAlone ? [] : [COMMIT])]);
    const rows = answers.slice(begin.length).map((answer) => answer.rows);
    const held = names.length > 0 ? this.#workspace.loadMany(rows.shift() ?? []) : [];
    this.#held = holding(held, loads);
    for (const [place, { table }] of loads.entries()) this.#workspace.load(table, rows[place] ?? []);
  }
}

function settle(run: () => unknown): { readonly result: unknown } | { readonly fault: unknown } {
  try {
    return { result: run() };
  } catch (fault) {
    return { fault };
  }
}
