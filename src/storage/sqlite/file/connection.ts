/** Opens a connection to a ledger's file, with the settings of every connection. */
import Database from 'better-sqlite3';
import { AppError } from '../../../errors.ts';

export type Connection = Database.Database;

/** How long a write waits for another process on the same ledger. A marketplace's timeout is 10 seconds. */
export const BUSY_MILLISECONDS = 3000;

/** How long one try of a write waits inside SQLite, which blocks the event loop. */
export const TRY_MILLISECONDS = 50;

/** Older versions can lose commits (sqlite.org/wal.html, "The WAL-Reset Bug"). */
const OLDEST_SQLITE = [3, 51, 3];

/** Throws AppError `bad_configuration` if the file cannot be opened. */
export function connect(file: string): Connection {
  try {
    const connection = new Database(file, { timeout: BUSY_MILLISECONDS });
    // Overwrites deleted bytes: erased personal data must not stay in free pages.
    connection.pragma('secure_delete = ON');
    return connection;
  } catch (cause) {
    throw new AppError('bad_configuration', `The ledger ${file} cannot be opened.`, { cause });
  }
}

/** A connection that cannot write, for reads beside the service. The file must exist. */
export function readOnlyConnection(file: string): Connection {
  const connection = new Database(file, { readonly: true, timeout: BUSY_MILLISECONDS });
  connection.pragma('query_only = ON');
  connection.pragma('trusted_schema = OFF');
  return connection;
}

/** Durable commits, WAL, foreign keys. WAL mode is written into the file. */
export function configure(connection: Connection, file: string): void {
  const version = String(connection.prepare('SELECT sqlite_version()').pluck().get());
  if (isOlder(version.split('.').map(Number), OLDEST_SQLITE)) {
    throw new AppError('bad_configuration', `SQLite ${version} is too old for a ledger.`);
  }
  if (connection.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
    throw new AppError(
      'bad_configuration',
      `The ledger cannot be kept at ${file}: it needs a file on a local disk.`,
    );
  }
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('trusted_schema = OFF');
  // Pages. LogKeeper checkpoints earlier, between commits; this limit applies when it does not run.
  connection.pragma('wal_autocheckpoint = 4000');
  // Negative: KiB. Enough for the inner pages of the indexes in random order at millions of licenses. A larger cache is
  // slower: where SQLite reorders the pages of an index, the commit then walks through all cached pages.
  connection.pragma('cache_size = -16384');
}

function isOlder(version: readonly number[], than: readonly number[]): boolean {
  for (const [place, least] of than.entries()) {
    const part = version[place] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}
