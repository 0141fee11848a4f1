/**
 * Group commit: acts that wait at the same time share one durable transaction, and its flush. A group closes once a
 * turn of the event loop, without a timer; acts that arrive during a flush are in the next group. While another process
 * holds the lock, acts wait here and the event loop runs.
 */
import Database from 'better-sqlite3';
import { BUSY_MILLISECONDS, type Connection } from './connection.ts';
import { ledgerError } from './ledger-error.ts';

/** Limits the time that one commit blocks the event loop. */
export const LARGEST_GROUP = 256;

/** Between two tries to get the lock; the event loop runs meanwhile. */
const PAUSE_MILLISECONDS = 20;

interface Waiting {
  /** When the act is rejected if the lock is still held; in time of `performance.now()`. */
  readonly deadline: number;
  readonly act: () => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (reason: unknown) => void;
}

/** Called around the acts of a transaction. */
export interface TransactionHooks {
  /** Inside each transaction, after its acts. */
  beforeCommit(): void;
  /** The rows of the acts are on disk. */
  afterCommit(): void;
  /** No row of the acts is left. */
  afterRollback(): void;
}

export type ObserveCommit = (acts: number, seconds: number) => void;

export class GroupCommit {
  readonly #connection: Connection;
  readonly #hooks: TransactionHooks;
  readonly #observe: ObserveCommit;
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  readonly #patience: number;
  #waiting: Waiting[] = [];
  #scheduled = false;

  /** `patience`: how long an act waits for another process that holds the lock, milliseconds. */
  constructor(
    connection: Connection,
    hooks: TransactionHooks,
    observe: ObserveCommit = () => {},
    patience = BUSY_MILLISECONDS,
  ) {
    this.#connection = connection;
    this.#hooks = hooks;
    this.#observe = observe;
    this.#patience = patience;
    this.#begin = connection.prepare('BEGIN IMMEDIATE');
    this.#commit = connection.prepare('COMMIT');
    this.#rollback = connection.prepare('ROLLBACK');
  }

  /**
   * Runs a synchronous act in the next transaction; resolves to its result when the commit is on disk. An act that
   * throws is rejected and rolled back, without effect on the other acts. An act may run twice: it must change nothing
   * but the ledger.
   */
  run<T>(act: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ act, resolve, reject, deadline: performance.now() + this.#patience });
      this.#schedule();
    });
  }

  /** Commits all waiting acts now. */
  drain(): void {
    while (this.#waiting.length > 0) this.#flush();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#scheduled = false;
    if (this.#waiting.length > 0) this.#flush();
  };

  #flush(): void {
    const group = this.#waiting.slice(0, LARGEST_GROUP);
    this.#waiting = this.#waiting.slice(LARGEST_GROUP);
    const failed = this.#transact(group);
    if (failed?.at === 'begin' && isBusy(failed.error)) {
      this.#waitForLock(group, failed.error);
      return;
    }
    if (this.#waiting.length > 0) this.#schedule();
    if (failed === undefined) return;
    // Nothing of the group is on disk. If an act failed, each act gets its own transaction.
    if (failed.at !== 'act' || group.length === 1) {
      for (const { reject } of group) reject(ledgerError(failed.error));
      return;
    }
    for (const [place, waiting] of group.entries()) {
      const fault = this.#transact([waiting]);
      if (fault?.at === 'begin' && isBusy(fault.error)) {
        this.#waitForLock(group.slice(place), fault.error);
        return;
      }
      if (fault !== undefined) waiting.reject(ledgerError(fault.error));
    }
  }

  /** None of these acts has run. Rejects acts past their deadline; the others keep their order. */
  #waitForLock(group: readonly Waiting[], error: unknown): void {
    const now = performance.now();
    const all = [...group, ...this.#waiting];
    this.#waiting = all.filter(({ deadline }) => deadline > now);
    for (const { deadline, reject } of all) if (deadline <= now) reject(ledgerError(error));
    if (this.#waiting.length === 0 || this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(this.#turn, PAUSE_MILLISECONDS);
  }

  /** Resolves all acts of a group, or rolls all back and returns the error and the step that failed. */
  #transact(group: readonly Waiting[]): { error: unknown; at: 'begin' | 'act' | 'commit' } | undefined {
    const results: unknown[] = [];
    let at: 'begin' | 'act' | 'commit' = 'begin';
    const start = performance.now();
    try {
      this.#begin.run();
      at = 'act';
      for (const { act } of group) results.push(act());
      at = 'commit';
      this.#hooks.beforeCommit();
      this.#commit.run();
    } catch (error) {
      if (this.#connection.inTransaction) this.#rollback.run();
      this.#hooks.afterRollback();
      return { error, at };
    }
    this.#hooks.afterCommit();
    this.#observe(group.length, (performance.now() - start) / 1000);
    for (const [place, { resolve }] of group.entries()) resolve(results[place] as never);
    return undefined;
  }
}

/** Another process holds the lock, or recovers the write-ahead log (sqlite.org/rescode.html). */
function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}
