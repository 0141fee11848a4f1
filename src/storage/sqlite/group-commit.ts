/**
 * Group commit: acts that wait together share one durable transaction, which is what makes durability cheap.
 * The group is closed once a turn of the event loop, without a timer: whoever arrives while the disk is busy
 * is in the next one. While another process holds the lock the acts wait here, and the event loop runs.
 */

import Database from 'better-sqlite3';
import { BUSY_MILLISECONDS, type Connection } from './connection.ts';
import { ledgerError } from './ledger-error.ts';

/** Bounds the time that one commit keeps the event loop. */
export const LARGEST_GROUP = 256;

/** Between two tries to get the lock, for whatever else this process has to do. */
const PAUSE_MILLISECONDS = 20;

interface Waiting {
  /** When it is told that the ledger cannot be used; as `performance.now()` counts. */
  readonly deadline: number;
  readonly act: () => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (reason: unknown) => void;
}

/** What is done around the acts of a transaction. */
export interface Around {
  /** Runs in each transaction, after its acts. */
  beforeCommit(): void;
  /** What the acts wrote is on disk. */
  afterCommit(): void;
  /** Nothing that the acts wrote is left. */
  afterRollback(): void;
}

export type ObserveCommit = (acts: number, seconds: number) => void;

export class GroupCommit {
  readonly #connection: Connection;
  readonly #around: Around;
  readonly #observe: ObserveCommit;
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  readonly #patience: number;
  #waiting: Waiting[] = [];
  #scheduled = false;

  /** `patience`: how long an act waits for another process that holds the lock, in milliseconds. */
  constructor(
    connection: Connection,
    around: Around,
    observe: ObserveCommit = () => {},
    patience = BUSY_MILLISECONDS,
  ) {
    this.#connection = connection;
    this.#around = around;
    this.#observe = observe;
    this.#patience = patience;
    this.#begin = connection.prepare('BEGIN IMMEDIATE');
    this.#commit = connection.prepare('COMMIT');
    this.#rollback = connection.prepare('ROLLBACK');
  }

  /**
   * Runs a synchronous act in the next transaction; resolves to its result when that is on disk.
   * An act that throws is rejected and leaves nothing behind, and its neighbours do not notice. It may be run
   * twice, so it must change nothing but the ledger.
   */
  run<T>(act: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ act, resolve, reject, deadline: performance.now() + this.#patience });
      this.#schedule();
    });
  }

  /** Commits what waits, at once. */
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
    // Nothing of the group is on disk. Where an act was at fault, each gets a transaction of its own.
    if (failed.at !== 'act' || group.length === 1) {
      for (const { reject } of group) reject(ledgerError(failed.error));
      return;
    }
    for (const [place, waiting] of group.entries()) {
      const alone = this.#transact([waiting]);
      if (alone?.at === 'begin' && isBusy(alone.error)) {
        this.#waitForLock(group.slice(place), alone.error);
        return;
      }
      if (alone !== undefined) waiting.reject(ledgerError(alone.error));
    }
  }

  /** None of these acts has run. They keep their places, but for those that have waited long enough. */
  #waitForLock(group: readonly Waiting[], error: unknown): void {
    const now = performance.now();
    const all = [...group, ...this.#waiting];
    this.#waiting = all.filter(({ deadline }) => deadline > now);
    for (const { deadline, reject } of all) if (deadline <= now) reject(ledgerError(error));
    if (this.#waiting.length === 0 || this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(this.#turn, PAUSE_MILLISECONDS);
  }

  /** Resolves all of a group, or undoes all of it and tells why and which step was at fault. */
  #transact(group: readonly Waiting[]): { error: unknown; at: 'begin' | 'act' | 'commit' } | undefined {
    const results: unknown[] = [];
    let at: 'begin' | 'act' | 'commit' = 'begin';
    const start = performance.now();
    try {
      this.#begin.run();
      at = 'act';
      for (const { act } of group) results.push(act());
      at = 'commit';
      this.#around.beforeCommit();
      this.#commit.run();
    } catch (error) {
      if (this.#connection.inTransaction) this.#rollback.run();
      this.#around.afterRollback();
      return { error, at };
    }
    this.#around.afterCommit();
    this.#observe(group.length, (performance.now() - start) / 1000);
    for (const [place, { resolve }] of group.entries()) resolve(results[place] as never);
    return undefined;
  }
}

/** Another process holds the lock, or recovers the write-ahead log (sqlite.org/rescode.html). */
function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}
