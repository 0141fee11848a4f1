/** Makes the schema of a ledger, and brings an older one to this release's, by whichever instance starts first. */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../../errors.ts';
import { sealConsoleCount } from '../../record/console-rows.ts';
import { sealIdentity } from '../../record/identity-row.ts';
import { newPen, sealPen } from '../../record/pen.ts';
import { SEAL_BYTES, type Sealer } from '../../record/sealer.ts';
import { MOVED, movedError } from '../../sqlite/file/moved.ts';
import { PEN_COLUMNS, penRow } from '../../sqlite/pens.ts';
import { saveStatements } from '../save.ts';
import { Hosts, type Session } from '../session/connection.ts';
import { isRepeatable, ledgerError } from '../session/ledger-error.ts';
import { BEGIN, SCHEMA_SETTINGS } from '../session/session-settings.ts';
import { TABLES } from '../tables.ts';
import {
  MIGRATIONS,
  type Migration,
  migrate,
  migrationsDue,
  OLDEST_SCHEMA,
  readableFromOf,
  requireOwner,
  type SchemaVersion,
  schemaOf,
  versionOf,
} from './migrations.ts';
import { CUSTOMER_TABLES } from './schema-customers.ts';
import { FUNCTIONS } from './schema-functions.ts';
import { LOAD_FUNCTIONS } from './schema-loads.ts';
import { OTHER_TABLES } from './schema-others.ts';
import { TABLES_OF_SALES } from './schema-sales.ts';

/** The number of pens of a ledger, which is the limit of transactions that write at the same time. */
export const PENS = 64;

/** The lock of a process that creates or migrates a schema. It holds for all ledgers of the database. */
const SCHEMA_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('mintmark schema', 0))";

/** How long a migration is tried again while others hold what it locks, and the pause in which they go on. */
const MIGRATION_MILLISECONDS = 60_000;
const PAUSE_MILLISECONDS = 200;

export async function isEmpty(session: Session): Promise<boolean> {
  const rows = await session.rows(
    `SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'`,
  );
  return rows.length === 0;
}

/** Of a start between two statements: others wait for its lock, also where its host is gone and nobody closes the connection. */
const STILL_MILLISECONDS = 30_000;

/** Begins a transaction that may make a schema. `still`: milliseconds between two statements after which it is ended; 0: never. */
export async function lockSchema(session: Session, still = 0): Promise<void> {
  const limit = `SELECT set_config('idle_in_transaction_session_timeout', '${still}', true)`;
  await session.all([BEGIN, SCHEMA_SETTINGS, { text: limit }, { text: SCHEMA_LOCK }]);
}

/** Begins a transaction in which the schema is that of this release, or of a later one that this release can use. */
export async function bringSchema(
  session: Session,
  sealer: Sealer,
  migrations: readonly Migration[],
  patience = MIGRATION_MILLISECONDS,
): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    await lockSchema(session, STILL_MILLISECONDS);
    if (await isEmpty(session)) return makeSchema(session, sealer, migrations);
    const found = await versionOf(session);
    requireReadable(found, migrations);
    try {
      return await migrate(session, found, migrations);
    } catch (error) {
      if (!isRepeatable(error)) throw error;
      if (performance.now() > deadline) throw tablesAreHeld(error);
      await session.rollback();
      await wait(PAUSE_MILLISECONDS);
    }
  }
}

function tablesAreHeld(cause: unknown): AppError {
  return new AppError(
    'ledger_unavailable',
    'The schema of the ledger could not be migrated: another transaction holds its tables for long, such as a backup. Nothing was changed: start again when it has ended.',
    { cause },
  );
}

/** Tables without rows, but for the version. */
export async function makeTables(session: Session, migrations = MIGRATIONS): Promise<void> {
  for (const text of [TABLES_OF_SALES, OTHER_TABLES, CUSTOMER_TABLES, FUNCTIONS, LOAD_FUNCTIONS])
    await session.all([{ text }]);
  for (const { sql } of migrations) await session.all([{ text: sql }]);
  await session.rows('INSERT INTO schema_version (version, readable_from) VALUES ($1, $2)', [
    schemaOf(migrations),
    readableFromOf(migrations),
  ]);
}

/** Adds the pens that are missing: a ledger of a file has one. */
export async function addPens(session: Session, sealer: Sealer): Promise<void> {
  const table = TABLES.find(({ name }) => name === 'pen');
  if (table === undefined) throw new TypeError('no table for pens');
  const rows = await session.rows('SELECT pen FROM pen');
  const known = new Set(rows.map(({ pen }) => Number(pen)));
  const pens = Array.from({ length: PENS }, (_, number) => newPen(number)).filter(
    ({ pen }) => !known.has(pen),
  );
  const inserted = pens.map((counts) => penRow(counts, sealPen(sealer, counts)));
  if (inserted.length === 0) return;
  await session.all(saveStatements([{ table, columns: PEN_COLUMNS, inserted, updated: [], removed: [] }]));
  await session.rows(
    `INSERT INTO daily_position (pen, license)
    SELECT pen, pen * 1099511627776 FROM unnest($1::bigint[]) AS pen ON CONFLICT DO NOTHING`,
    [pens.map(({ pen }) => pen)],
  );
}

async function makeSchema(session: Session, sealer: Sealer, migrations: readonly Migration[]): Promise<void> {
  await makeTables(session, migrations);
  const identity = { ledger: randomBytes(16), secret: sealer.idSecretCheck, key_id: 0 };
  await session.rows('INSERT INTO identity (ledger, secret, key_id, seal) VALUES ($1, $2, $3, $4)', [
    identity.ledger,
    identity.secret,
    identity.key_id,
    sealIdentity(sealer, identity),
  ]);
  const none = { rows: 0, sum: Buffer.alloc(SEAL_BYTES) };
  await session.rows('INSERT INTO console_count (rows, sum, seal) VALUES ($1, $2, $3)', [
    none.rows,
    none.sum,
    sealConsoleCount(sealer, none),
  ]);
  await addPens(session, sealer);
}

/** The migrations of the next start. Changes nothing. Throws AppError `bad_configuration` if this Mintmark would not start. */
export async function migrationsDueOn(
  url: string,
  migrations = MIGRATIONS,
): Promise<{ readonly schema: number; readonly steps: readonly Migration[] }> {
  const session = await new Hosts(url).connect({ readOnly: true });
  try {
    const found = await versionOf(session);
    requireReadable(found, migrations);
    const steps = migrationsDue(found, migrations);
    if (steps.length > 0) await requireOwner(session, found, migrations);
    return { schema: found.version, steps };
  } catch (error) {
    throw ledgerError(error);
  } finally {
    await session.close();
  }
}

function requireReadable({ version, readableFrom }: SchemaVersion, migrations: readonly Migration[]): void {
  if (readableFrom === MOVED) throw movedError();
  const known = schemaOf(migrations);
  if (version >= OLDEST_SCHEMA && readableFrom <= known) return;
  const advice =
    version > known
      ? `it was written by a newer Mintmark, readable from schema ${readableFrom} on: update Mintmark.`
      : 'no start migrates one that is so old. Stop the service, move the ledger to a file with the version that wrote it (mintmark ledger copy --to sqlite:FILE), and from there with this version to a new database (LEDGER_URL=sqlite:FILE mintmark ledger copy --to postgres://…).';
  throw new AppError(
    'bad_configuration',
    `The ledger has schema ${version}, and this Mintmark knows schema ${known}: ${advice}`,
  );
}
