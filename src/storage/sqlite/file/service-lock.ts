/** One service on a ledger's file. Commands run beside it, and take no lock. */
import { existsSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { AppError } from '../../../errors.ts';
import { makePrivate } from './open.ts';

/** Milliseconds. A service that was told to stop ends within 10 seconds. */
const PATIENCE = 15_000;
const BETWEEN = 100;

/** Ends also when it is garbage-collected: to be kept as long as the service runs. */
export interface ServiceLock {
  release(): void;
}

export interface ServiceLockOptions {
  /** Told when the start waits for another service, and when the lock cannot be taken for another reason. */
  readonly warn: (line: string, error?: unknown) => void;
  /** How long to wait for another service, milliseconds. */
  readonly patience?: number;
}

/**
 * Locks a ledger for a service, in an empty file beside it. The lock is the kernel's: it ends with the process, however
 * that ends, and the file alone says nothing. Rejects with AppError `bad_configuration` if another service keeps the lock.
 * Resolves to undefined where the file cannot be written: the ledger beside it then says so, if it cannot either.
 */
export async function lockForService(
  ledger: string,
  { warn, patience = PATIENCE }: ServiceLockOptions,
): Promise<ServiceLock | undefined> {
  // Also where the ledger is reached by a link.
  const file = `${existsSync(ledger) ? realpathSync(ledger) : ledger}-service`;
  const start = performance.now();
  let isWaiting = false;
  for (;;) {
    try {
      return take(file);
    } catch (error) {
      if (!isTaken(error)) {
        warn(`a second service on this ledger would not be noticed: ${file} cannot be locked`, error);
        return undefined;
      }
    }
    if (performance.now() - start >= patience) throw takenError(ledger);
    if (!isWaiting)
      warn(`another service runs on this ledger: it has ${patience / 1000} seconds from now to stop`);
    isWaiting = true;
    await sleep(BETWEEN);
  }
}

function take(file: string): ServiceLock {
  makePrivate(file);
  const connection = new Database(file, { timeout: 0 });
  try {
    // Leaves no journal behind.
    connection.pragma('journal_mode = MEMORY');
    // An exclusive lock (sqlite.org/lockingv3.html).
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    throw error;
  }
  return { release: () => connection.close() };
}

function isTaken(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY';
}

function takenError(ledger: string): AppError {
  return new AppError(
    'bad_configuration',
    `Another service runs on the ledger ${ledger}, and a ledger in a file is for one service: stop the other one first, or give this one a DATA_DIR and KEYS_DIR of its own. Several services share a ledger on PostgreSQL.`,
  );
}
