/** Opens the ledger's schema on PostgreSQL: makes it where it is missing, refuses what is no ledger or is not durable. */
import { randomBytes } from 'node:crypto';
import { AppError } from '../../errors.ts';
import { sealConsoleCount } from '../record/console-rows.ts';
import { type IdentityRow, judgeIdentity, sealIdentity } from '../record/identity-row.ts';
import { newPen, sealPen } from '../record/pen.ts';
import { SEAL_BYTES, type Sealer } from '../record/sealer.ts';
import { READABLE_FROM, SCHEMA } from '../sqlite/migrations.ts';
import { MOVED, movedError } from '../sqlite/moved.ts';
import { PEN_COLUMNS, penRow } from '../sqlite/pens.ts';
import { Hosts, type Session } from './connection.ts';
import { ledgerError } from './ledger-error.ts';
import { saveStatements } from './save.ts';
import { CUSTOMER_TABLES } from './schema-customers.ts';
import { FUNCTIONS } from './schema-functions.ts';
import { LOAD_FUNCTIONS } from './schema-loads.ts';
import { OTHER_TABLES } from './schema-others.ts';
import { TABLES_OF_SALES } from './schema-sales.ts';
import { BEGIN, COMMIT, SCHEMA_SETTINGS } from './session-settings.ts';
import { DATABASE_NOW } from './shared-clock.ts';
import { type PublicKey, requireSameKeys } from './signing-keys.ts';
import { TABLES } from './tables.ts';

/** The number of pens of a ledger, which is the limit of transactions that write at the same time. */
export const PENS = 64;

/** The oldest PostgreSQL that the ledger was tried with. */
const OLDEST_VERSION = 150000;

/** The lock of a process that creates or migrates a schema. It holds for all ledgers of the database. */
const SCHEMA_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('mintmark schema', 0))";

/** The server settings that make a commit durable. Mintmark refuses a database in which one of them is off. */
const DURABLE = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

export interface OpenedDatabase {
  /** Separates the locks of this ledger from those of others. */
  readonly lockSeed: string;
  /** By the database's clock, in milliseconds since 1970-01-01. */
  readonly time: number;
}

/**
 * Opens the ledger in the first schema of the connection's search path. Throws AppError `bad_configuration` for a database
 * that is too old, is not durable, was written by a newer Mintmark, or belongs to another id secret or keyring.
 */
export async function openDatabase(
  hosts: Hosts,
  sealer: Sealer,
  keys?: readonly PublicKey[],
): Promise<OpenedDatabase> {
  const session = await hosts.connect();
  try {
    await requireDurable(session);
    await lockSchema(session);
    if (await isEmpty(session)) await makeSchema(session, sealer);
    await requireReadable(session);
    const lockSeed = await requireIdentity(session, sealer, keys);
    await session.all([COMMIT]);
    const [clock] = await session.rows(`SELECT ${DATABASE_NOW} AS time`);
    return { lockSeed, time: Number(clock?.['time']) };
  } catch (error) {
    throw ledgerError(error);
  } finally {
    await session.close();
  }
}

/** Whether the first schema of the search path has a ledger. */
export async function existsPostgresLedger(url: string): Promise<boolean> {
  const session = await new Hosts(url).connect({ readOnly: true });
  try {
    return !(await isEmpty(session));
  } finally {
    await session.close();
  }
}

export async function requireDurable(session: Pick<Session, 'rows'>): Promise<void> {
  const [row] = await session.rows(
    `SELECT current_setting('server_version_num')::int AS version, current_schema() AS "schema",
      current_setting('server_encoding') AS encoding,
      ${DURABLE.map((name) => `current_setting('${name}') AS ${name}`).join()}`,
  );
  if (Number(row?.['version']) < OLDEST_VERSION)
    throw new AppError('bad_configuration', 'The ledger needs PostgreSQL 15 or later.');
  if (row?.['schema'] === null)
    throw new AppError(
      'bad_configuration',
      "No schema of the connection's search_path exists: make one for the ledger.",
    );
  if (row?.['encoding'] !== 'UTF8')
    throw new AppError(
      'bad_configuration',
      `The database has the encoding ${row?.['encoding']}, which lacks characters that names have. Make it with ENCODING 'UTF8' TEMPLATE template0.`,
    );
  for (const name of DURABLE) {
    if (row?.[name] === 'off' || row?.[name] === 'local')
      throw new AppError(
        'bad_configuration',
        `PostgreSQL has ${name} = ${row[name]}: a sale that was answered could be lost. Set it to on.`,
      );
  }
}

export async function isEmpty(session: Session): Promise<boolean> {
  const rows = await session.rows(
    `SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'`,
  );
  return rows.length === 0;
}

/** Begins a transaction that may make a schema. */
export async function lockSchema(session: Session): Promise<void> {
  await session.all([BEGIN, SCHEMA_SETTINGS, { text: SCHEMA_LOCK }]);
}

/** Tables without rows, but for the version. */
export async function makeTables(session: Session): Promise<void> {
  for (const text of [TABLES_OF_SALES, OTHER_TABLES, CUSTOMER_TABLES, FUNCTIONS, LOAD_FUNCTIONS])
    await session.all([{ text }]);
  await session.rows('INSERT INTO schema_version (version, readable_from) VALUES ($1, $2)', [
    SCHEMA,
    READABLE_FROM,
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

async function makeSchema(session: Session, sealer: Sealer): Promise<void> {
  await makeTables(session);
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

/** Changes nothing. Throws AppError `bad_configuration` if this Mintmark would not start on the ledger's schema. */
export async function requireReadableDatabase(url: string): Promise<void> {
  const session = await new Hosts(url).connect({ readOnly: true });
  try {
    await requireReadable(session);
  } catch (error) {
    throw ledgerError(error);
  } finally {
    await session.close();
  }
}

async function requireReadable(session: Session): Promise<void> {
  const [row] = await session.rows('SELECT version, readable_from FROM schema_version');
  const { version, readable_from: readableFrom } = row ?? {};
  if (readableFrom === MOVED) throw movedError();
  if (version === SCHEMA || (Number(version) > SCHEMA && Number(readableFrom) <= SCHEMA)) return;
  const advice =
    Number(version) > SCHEMA
      ? `it was written by a newer Mintmark, readable from schema ${readableFrom} on: update Mintmark.`
      : 'on PostgreSQL no start changes it. Stop the service, move the ledger to a file with the version that wrote it (mintmark ledger copy --to sqlite:FILE), and from there with this version to a new database (LEDGER_URL=sqlite:FILE mintmark ledger copy --to postgres://…).';
  throw new AppError(
    'bad_configuration',
    `The ledger has schema ${version}, and this Mintmark knows schema ${SCHEMA}: ${advice}`,
  );
}

/** Of a connection that is made later. Throws AppError `ledger_unavailable` if the database was made anew meanwhile. */
export async function requireSameLedger(session: Session, lockSeed: string): Promise<void> {
  if (!(await isEmpty(session))) {
    const rows = await session.rows('SELECT ledger FROM identity');
    if (seedOf(rows as unknown as readonly IdentityRow[]) === lockSeed) return;
  }
  throw new AppError(
    'ledger_unavailable',
    'The database has another ledger than at the start: restart this instance, or restore the ledger.',
  );
}

/** Separates the locks of a ledger from those of others. */
function seedOf([identity]: readonly IdentityRow[]): string {
  return (identity?.ledger.readBigInt64BE() ?? 0n).toString();
}

/** Returns the seed of the ledger's locks. */
async function requireIdentity(
  session: Session,
  sealer: Sealer,
  keys?: readonly PublicKey[],
): Promise<string> {
  const rows = await session.rows('SELECT ledger, secret, key_id, seal FROM identity');
  const identities = rows as unknown as readonly IdentityRow[];
  const highestKeyId = keys && Math.max(0, ...keys.map(({ id }) => id));
  const newer = judgeIdentity(identities, sealer, highestKeyId);
  if (keys !== undefined) await requireSameKeys(session, sealer, keys);
  if (newer !== undefined) {
    await session.rows('UPDATE identity SET key_id = $1, seal = $2 WHERE key_id < $1', [
      newer.key_id,
      newer.seal,
    ]);
  }
  return seedOf(identities);
}
