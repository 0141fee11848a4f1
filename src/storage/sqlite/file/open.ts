/** Opens the ledger's file: creates it if it is missing, refuses other files, migrates its schema. */
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../../errors.ts';
import { Sealer } from '../../record/sealer.ts';
import { MIGRATIONS, type Migration } from '../schema/migrations.ts';
import { type Connection, configure, connect } from './connection.ts';
import { ledgerError } from './ledger-error.ts';
import { MOVED, movedError } from './moved.ts';

export type { Connection };

/** "MINT": identifies a ledger among SQLite files. */
const APPLICATION_ID = 0x4d494e54;

/**
 * Opens a ledger, creates it if it is missing, and migrates its schema; migrations seal rows with the id secret.
 * Throws AppError `bad_configuration` for a file that is no ledger, or that only a newer release can read.
 */
export function openLedgerFile(
  file: string,
  idSecret: Uint8Array,
  migrations: readonly Migration[] = MIGRATIONS,
): Connection {
  makePrivate(file);
  const connection = connect(file);
  try {
    // Before any setting: WAL mode is written into the file, and a refused file must stay unchanged.
    refuseForeign(connection, file, migrations);
    if (readableFromOf(connection) === MOVED) throw movedError();
    configure(connection, file);
    migrate(connection, idSecret, migrations);
    return connection;
  } catch (error) {
    connection.close();
    throw openingError(error, file);
  }
}

/** A connection without migrations, for copies. It is not `query_only`, which VACUUM INTO refuses. */
export function openToRead(file: string): Connection {
  const connection = connect(file);
  try {
    refuseForeign(connection, file, MIGRATIONS);
    return connection;
  } catch (error) {
    connection.close();
    throw openingError(error, file);
  }
}

/** SQLite cannot distinguish a damaged ledger from another file: in both cases a person must look at it. */
function openingError(cause: unknown, file: string): unknown {
  if (!(cause instanceof Database.SqliteError) || cause.code !== 'SQLITE_NOTADB') return ledgerError(cause);
  return new AppError('bad_configuration', `${file} is no ledger, or a damaged ledger.`, { cause });
}

/** Creates the file with access for its owner only; SQLite gives the WAL the permissions of the file. */
export function makePrivate(file: string): void {
  if (existsSync(file)) return;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
  } catch (cause) {
    throw new AppError(
      'bad_configuration',
      `The ledger ${file} cannot be created: check the folder's permissions.`,
      { cause },
    );
  }
}

function refuseForeign(connection: Connection, file: string, migrations: readonly Migration[]): void {
  const tables = connection.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").pluck().get();
  if (pragma(connection, 'application_id') !== APPLICATION_ID && tables !== 0) {
    throw new AppError('bad_configuration', `${file} is a database of another program, not a ledger.`);
  }
  const version = schemaOf(connection);
  if (version <= migrations.length) return;
  const readableFrom = readableFromOf(connection) ?? version;
  if (readableFrom <= migrations.length) return;
  throw new AppError(
    'bad_configuration',
    `${file} was written by a newer Mintmark (schema ${version}, readable from schema ${readableFrom} on; this Mintmark knows schema ${migrations.length}): update Mintmark.`,
  );
}

/** The number of migrations that ran. */
export function schemaOf(connection: Connection): number {
  return pragma(connection, 'user_version');
}

/** The oldest schema whose release can use the ledger; undefined before schema 6. */
function readableFromOf(connection: Connection): number | undefined {
  const table = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'").get();
  if (table === undefined) return undefined;
  const row = connection.prepare('SELECT readable_from FROM schema_version').pluck().get();
  return row === undefined ? undefined : Number(row);
}

/** Migrates a database's schema. */
export function migrate(
  connection: Connection,
  idSecret: Uint8Array,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  const sealer = new Sealer(idSecret);
  const from = pragma(connection, 'user_version');
  if (from >= migrations.length) return;
  // A migration may replace tables that others refer to.
  connection.pragma('foreign_keys = OFF');
  const step = (index: number, migration: Migration) => {
    // Read inside the transaction: another process may have run the migration meanwhile.
    if (pragma(connection, 'user_version') > index) return;
    connection.exec(migration.sql);
    migration.fill?.(connection, sealer, from);
    if (migration.end !== undefined) connection.exec(migration.end);
    connection.pragma(`user_version = ${index + 1}`);
    connection.pragma(`application_id = ${APPLICATION_ID}`);
  };
  const each = connection.transaction(step);
  const all = connection.transaction(() => {
    for (const [index, migration] of migrations.entries()) step(index, migration);
  });
  // A new ledger waits for one flush; of an older ledger each migration is kept.
  if (from === 0) all.immediate();
  else for (const [index, migration] of migrations.entries()) each.immediate(index, migration);
  connection.pragma('foreign_keys = ON');
  // Free pages of older schemas may hold erased data.
  if (from > 0) connection.exec('VACUUM');
}

function pragma(connection: Connection, name: string): number {
  return Number(connection.pragma(name, { simple: true }));
}
