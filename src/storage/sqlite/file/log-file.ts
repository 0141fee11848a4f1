/** Checkpoints: writes the write-ahead log back into the ledger's file outside of commits, so that no sale waits. */
import Database from 'better-sqlite3';
import { type Connection, TRY_MILLISECONDS } from './connection.ts';

/** Pages of the log at which it is written back: SQLite's own default. */
const MOST_PAGES = 1000;

interface LogState {
  readonly busy: number;
  /** Pages in the log, and the pages of them that are in the ledger's file too. */
  readonly log: number;
  readonly checkpointed: number;
}

function checkpoint(connection: Connection, mode: 'NOOP' | 'PASSIVE' | 'TRUNCATE'): LogState {
  const [state] = connection.pragma(`wal_checkpoint(${mode})`) as LogState[];
  return state ?? { busy: 0, log: 0, checkpointed: 0 };
}

/** The number of pages of the log that are not in the ledger's file yet. */
export function pagesBehind(connection: Connection): number {
  const { log, checkpointed } = checkpoint(connection, 'NOOP');
  return log - checkpointed;
}

/**
 * Writes back the pages that no reader needs in the log; writers continue meanwhile. To be called after a long read,
 * which lets the log grow: otherwise the next commit would write it back. A disk or a folder that cannot be written loses
 * nothing, since the log has the pages: the next commit tries again, and is refused if it still cannot.
 */
export function writeBackLog(connection: Connection): void {
  try {
    checkpoint(connection, 'PASSIVE');
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
  }
}

/**
 * Truncates the log, which still holds old pages. Returns true if it is empty. Blocks writers only for the pages that
 * were written during the first step, and never waits inside SQLite, so that no sale waits.
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

/** Writes the log of an open ledger back between commits: inside a commit, a sale would wait. */
export class LogKeeper {
  readonly #connection: Connection;
  readonly #state;
  #isDue = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#state = connection.prepare<[], LogState>('PRAGMA wal_checkpoint(NOOP)');
  }

  /**
   * To be called after a commit. The log is written back later, after the replies are sent, and where the disk fails by
   * a later commit.
   */
  follow(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      if (!this.#connection.open) return;
      try {
        const { log = 0, checkpointed = 0 } = this.#state.get() ?? {};
        if (log - checkpointed >= MOST_PAGES) writeBackLog(this.#connection);
      } catch (error) {
        if (!(error instanceof Database.SqliteError)) throw error;
      }
    });
  }
}
