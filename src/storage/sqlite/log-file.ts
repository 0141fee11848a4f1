/** The write-ahead log: written back into the ledger's file by whoever can wait, so that no sale's commit has to. */
import { type Connection, TRY_MILLISECONDS } from './connection.ts';

/** Pages of the log from which on it is written back: as many as SQLite does by itself. */
const MOST_PAGES = 1000;

interface LogState {
  readonly busy: number;
  /** Pages in the log, and how many of them are in the ledger's file too. */
  readonly log: number;
  readonly checkpointed: number;
}

function checkpoint(connection: Connection, mode: 'NOOP' | 'PASSIVE' | 'TRUNCATE'): LogState {
  const [state] = connection.pragma(`wal_checkpoint(${mode})`) as LogState[];
  return state ?? { busy: 0, log: 0, checkpointed: 0 };
}

/** Pages of the log that are not in the ledger's file yet. */
export function pagesBehind(connection: Connection): number {
  const { log, checkpointed } = checkpoint(connection, 'NOOP');
  return log - checkpointed;
}

/**
 * Writes back what nobody reads in the log any more; a writer goes on meanwhile. To be called after a long read: while it
 * lasted the log could only grow, and the next commit would have to do all of it.
 */
export function writeBackLog(connection: Connection): void {
  checkpoint(connection, 'PASSIVE');
}

/**
 * The log still holds pages of before; true when it is empty. Keeps writers out only for what was written during the first
 * step, and never waits inside SQLite: that would hold up sales.
 */
export function emptyLog(connection: Connection): boolean {
  writeBackLog(connection);
  connection.pragma('busy_timeout = 0');
  try {
    return checkpoint(connection, 'TRUNCATE').busy === 0;
  } finally {
    connection.pragma(`busy_timeout = ${TRY_MILLISECONDS}`);
  }
}

/** Writes the log of an open ledger back between the commits: within one, its sale would wait for it. */
export class LogKeeper {
  readonly #connection: Connection;
  readonly #state;
  #isDue = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#state = connection.prepare<[], LogState>('PRAGMA wal_checkpoint(NOOP)');
  }

  /** Something was committed; the replies to it go out before the log is looked at. */
  follow(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      if (!this.#connection.open) return;
      const { log = 0, checkpointed = 0 } = this.#state.get() ?? {};
      if (log - checkpointed >= MOST_PAGES) writeBackLog(this.#connection);
    });
  }
}
