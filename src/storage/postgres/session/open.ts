/** Opens the ledger's schema on PostgreSQL: refuses a database that is not durable, and another ledger than this service's. */
import { AppError } from '../../../errors.ts';
import { type IdentityRow, judgeIdentity } from '../../record/identity-row.ts';
import type { Sealer } from '../../record/sealer.ts';
import { bringSchema, isEmpty } from '../schema/make-schema.ts';
import { MIGRATIONS, type Migration, schemaOf, versionOf } from '../schema/migrations.ts';
import { type PublicKey, requireSameKeys } from '../signing-keys.ts';
import { Hosts, type Session } from './connection.ts';
import { ledgerError } from './ledger-error.ts';
import { COMMIT } from './session-settings.ts';
import { DATABASE_NOW } from './shared-clock.ts';

/** The oldest PostgreSQL that the ledger was tried with. */
const OLDEST_VERSION = 150000;

/** The server settings that make a commit durable. Mintmark refuses a database in which one of them is off. */
const DURABLE = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

export interface OpenedDatabase {
  /** Separates the locks of this ledger from those of others. */
  readonly lockSeed: string;
  /** By the database's clock, in milliseconds since 1970-01-01. */
  readonly time: number;
}

/**
 * Opens the ledger in the first schema of the connection's search path, and makes or migrates it. Throws AppError
 * `bad_configuration` for a database that is too old, is not durable, was written by a newer Mintmark, or belongs to another
 * id secret or keyring.
 */
export async function openDatabase(
  hosts: Hosts,
  sealer: Sealer,
  keys?: readonly PublicKey[],
  migrations = MIGRATIONS,
): Promise<OpenedDatabase> {
  const session = await hosts.connect();
  try {
    await requireDurable(session);
    await bringSchema(session, sealer, migrations);
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

/** Whether the first schema of the search path has a ledger. Throws AppError for a database in which none can be. */
export async function existsPostgresLedger(url: string): Promise<boolean> {
  const session = await new Hosts(url).connect({ readOnly: true });
  try {
    await requireDurable(session);
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

/**
 * Of a connection that is made later. Throws AppError `ledger_unavailable` if the database was made anew meanwhile, or has a
 * backup from before the migrations.
 */
export async function requireSameLedger(
  session: Session,
  lockSeed: string,
  migrations: readonly Migration[],
): Promise<void> {
  const rows = (await isEmpty(session)) ? [] : await session.rows('SELECT ledger FROM identity');
  if (seedOf(rows as unknown as readonly IdentityRow[]) !== lockSeed)
    throw new AppError(
      'ledger_unavailable',
      'The database has another ledger than at the start: restart this instance, or restore the ledger.',
    );
  if ((await versionOf(session)).version < schemaOf(migrations))
    throw new AppError(
      'ledger_unavailable',
      'The database has an older schema than at the start, as of a backup: restart this instance.',
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
