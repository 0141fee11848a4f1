/**
 * Group commit: acts that wait together share one durable transaction, which is what makes durability cheap.
 * The group is closed once a turn of the event loop, without a timer: whoever arrives while the disk is busy
 * is in the next one.
 */

import type { Connection } from './connection.ts';
import { ledgerError } from './ledger-error.ts';

/** Bounds the time that one commit keeps the event loop. */
export const LARGEST_GROUP = 256;

interface Waiting {
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
  #waiting: Waiting[] = [];
  #scheduled = false;

  constructor(connection: Connection, around: Around, observe: ObserveCommit = () => {}) {
    this.#connection = connection;
    this.#around = around;
    this.#observe = observe;
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
      this.#waiting.push({ act, resolve, reject });
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
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#waiting.length > 0) this.#flush();
    });
  }

  #flush(): void {
    const group = this.#waiting.slice(0, LARGEST_GROUP);
    this.#waiting = this.#waiting.slice(LARGEST_GROUP);
    if (this.#waiting.length > 0) this.#schedule();
    const failed = this.#transact(group);
    if (failed === undefined) return;
    // Nothing of the group is on disk. Where an act was at fault, each gets a transaction of its own.
    if (!failed.byAct || group.length === 1) {
      for (const { reject } of group) reject(ledgerError(failed.error));
      return;
    }
    for (const waiting of group) {
      const alone = this.#transact([waiting]);
      if (alone !== undefined) waiting.reject(ledgerError(alone.error));
    }
  }

  /** Resolves all of a group, or undoes all of it and tells why and whether an act was at fault. */
  #transact(group: readonly Waiting[]): { error: unknown; byAct: boolean } | undefined {
    const results: unknown[] = [];
    let byAct = false;
    const start = performance.now();
    try {
      this.#begin.run();
      byAct = true;
      for (const { act } of group) results.push(act());
      byAct = false;
      this.#around.beforeCommit();
      this.#commit.run();
    } catch (error) {
      if (this.#connection.inTransaction) this.#rollback.run();
      this.#around.afterRollback();
      return { error, byAct };
    }
    this.#around.afterCommit();
    this.#observe(group.length, (performance.now() - start) / 1000);
    for (const [place, { resolve }] of group.entries()) resolve(results[place] as never);
    return undefined;
  }
}
