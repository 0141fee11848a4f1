/** Opens the ledger's file: its settings, its permissions, its schema. */
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../errors.ts';
import { ledgerError } from './ledger-error.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';

export type Connection = Database.Database;

/** "MINT": tells a ledger from any other SQLite file. */
const APPLICATION_ID = 0x4d494e54;

/** How long a write waits for another process on the same ledger; a marketplace waits 10 seconds in all. */
const BUSY_MILLISECONDS = 3000;

/** Lower ones lose durability or know bugs that reach a ledger (sqlite.org/wal.html, "The WAL-Reset Bug"). */
const OLDEST_SQLITE = [3, 51, 3];

/**
 * Opens a ledger, makes it where it is missing, and brings its schema up to date.
 * Throws AppError `bad_configuration` for a file that is no ledger or that a newer Mintmark has written.
 */
export function openLedgerFile(file: string, migrations: readonly Migration[] = MIGRATIONS): Connection {
  makePrivate(file);
  const connection = connect(file);
  try {
    // Before any setting: WAL mode is written into the file, and one that is refused must stay as it is.
    refuseForeign(connection, file, migrations);
    configure(connection, file);
    migrate(connection, migrations);
    return connection;
  } catch (error) {
    connection.close();
    throw openingError(error, file);
  }
}

/** A damaged ledger and a file that never was one look alike to SQLite; either way a person must look at it. */
function openingError(cause: unknown, file: string): unknown {
  if (!(cause instanceof Database.SqliteError) || cause.code !== 'SQLITE_NOTADB') return ledgerError(cause);
  return new AppError('bad_configuration', `${file} is no ledger, or a damaged one.`, { cause });
}

/** SQLite gives the WAL the permissions of the file itself, so the file is made first and is the owner's alone. */
function makePrivate(file: string): void {
  if (existsSync(file)) return;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
  } catch (cause) {
    throw new AppError(
      'bad_configuration',
      `The ledger ${file} cannot be made: check the folder's permissions.`,
      {
        cause,
      },
    );
  }
}

function connect(file: string): Connection {
  try {
    return new Database(file, { timeout: BUSY_MILLISECONDS });
  } catch (cause) {
    throw new AppError('bad_configuration', `The ledger ${file} cannot be opened.`, { cause });
  }
}

function configure(connection: Connection, file: string): void {
  const version = String(connection.prepare('SELECT sqlite_version()').pluck().get());
  if (isOlder(version.split('.').map(Number), OLDEST_SQLITE)) {
    throw new AppError('bad_configuration', `SQLite ${version} is too old for a ledger.`);
  }
  if (connection.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
    throw new AppError(
      'bad_configuration',
      `The ledger cannot be kept at ${file}: it takes a file on a local disk.`,
    );
  }
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('trusted_schema = OFF');
  // Negative: KiB. Keeps the inner pages of the one random index in memory at millions of licenses.
  connection.pragma('cache_size = -65536');
}

function isOlder(version: readonly number[], than: readonly number[]): boolean {
  for (const [place, least] of than.entries()) {
    const part = version[place] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}

function refuseForeign(connection: Connection, file: string, migrations: readonly Migration[]): void {
  const tables = connection.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").pluck().get();
  if (pragma(connection, 'application_id') !== APPLICATION_ID && tables !== 0) {
    throw new AppError('bad_configuration', `${file} is a database of another program, not a ledger.`);
  }
  const version = pragma(connection, 'user_version');
  if (version > migrations.length) {
    throw new AppError(
      'bad_configuration',
      `${file} was written by a newer Mintmark (schema ${version}, this one knows ${migrations.length}): update Mintmark.`,
    );
  }
}

function migrate(connection: Connection, migrations: readonly Migration[]): void {
  if (pragma(connection, 'user_version') === migrations.length) return;
  for (const [index, migration] of migrations.entries()) {
    const step = connection.transaction(() => {
      // Asked inside the transaction: another process may have taken the step meanwhile.
      if (pragma(connection, 'user_version') > index) return;
      connection.exec(migration.sql);
      migration.fill?.(connection);
      connection.pragma(`user_version = ${index + 1}`);
      connection.pragma(`application_id = ${APPLICATION_ID}`);
    });
    step.immediate();
  }
}

function pragma(connection: Connection, name: string): number {
  return Number(connection.pragma(name, { simple: true }));
}
