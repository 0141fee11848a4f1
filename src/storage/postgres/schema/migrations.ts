/**
 * The schema on PostgreSQL: the tables of schema-*.ts, and what was added since, in order. Released tables and migrations are
 * never edited. The numbers are PostgreSQL's own: a migration of the file is one here only where tables of acts change.
 *
 * A migration runs while instances of the release before it sell, and they go on selling behind it. So it only adds (a table, a
 * column with a constant default, an index on a small table), and it writes no rows that sales lock.
 */
import { AppError } from '../../../errors.ts';
import { MOVED } from '../../sqlite/file/moved.ts';
import type { Session } from '../session/connection.ts';
import { DATABASE_NOW } from '../session/shared-clock.ts';

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** The oldest schema whose release can use the ledger from then on; default: as before. */
  readonly readableFrom?: number;
}

/** The schema of the tables in schema-*.ts. */
export const OLDEST_SCHEMA = 10;

export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'acts that were done',
    sql: `
      -- Acts without rows by which they would be recognised (done-acts.ts). Nothing of the ledger: not copied.
      CREATE TABLE done_act (
        act uuid PRIMARY KEY,
        run bigint NOT NULL,
        at bigint NOT NULL DEFAULT ${DATABASE_NOW}
      );
      ${grantsAs('handout', 'done_act')}`,
  },
];

/** The schema that a release with these migrations writes. */
export function schemaOf(migrations: readonly Migration[]): number {
  return OLDEST_SCHEMA + migrations.length;
}

export function readableFromOf(migrations: readonly Migration[]): number {
  return migrations.findLast(({ readableFrom }) => readableFrom !== undefined)?.readableFrom ?? OLDEST_SCHEMA;
}

export interface SchemaVersion {
  readonly version: number;
  readonly readableFrom: number;
}

export async function versionOf(session: Pick<Session, 'rows'>): Promise<SchemaVersion> {
  const [row] = await session.rows('SELECT version, readable_from FROM schema_version');
  return { version: Number(row?.['version']), readableFrom: Number(row?.['readable_from']) };
}

/** The migrations of a ledger that was not moved away; none of a schema that they do not begin with. */
export function migrationsDue(
  { version, readableFrom }: SchemaVersion,
  migrations: readonly Migration[],
): readonly Migration[] {
  if (readableFrom === MOVED || version < OLDEST_SCHEMA) return [];
  return migrations.slice(version - OLDEST_SCHEMA);
}

/** For each lock. Whoever comes later waits behind this transaction: sales, for less than they wait. */
const LOCK_MILLISECONDS = 500;

/** In a transaction that holds the schema's lock, and as the owner of the tables from then on. Throws AppError `bad_configuration` where the role may not change tables. */
export async function migrate(
  session: Session,
  from: SchemaVersion,
  migrations: readonly Migration[],
): Promise<void> {
  const due = migrationsDue(from, migrations);
  if (due.length === 0) return;
  await requireOwner(session, from, migrations);
  // A table that a superuser owned would be closed to the ledger's own role. "$user" in a search path is then another schema.
  await session.rows(`SELECT set_config('search_path', quote_ident(schemaname), true), set_config('role', tableowner, true),
      set_config('lock_timeout', '${LOCK_MILLISECONDS}', true)
    FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'`);
  for (const { sql } of due) await session.all([{ text: sql }]);
  // Not lower than it is by now: the ledger may have been moved away meanwhile.
  await session.rows('UPDATE schema_version SET version = $1, readable_from = greatest(readable_from, $2)', [
    schemaOf(migrations),
    readableFromOf(migrations),
  ]);
  await session.rows(`SELECT set_config('lock_timeout', '0', true)`);
}

export async function requireOwner(
  session: Pick<Session, 'rows'>,
  { version }: SchemaVersion,
  migrations: readonly Migration[],
): Promise<void> {
  const [row] = await session.rows(
    `SELECT tableowner AS owner, current_user AS role, pg_has_role(tableowner, 'MEMBER') AS "isOwner"
    FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'`,
  );
  if (row?.['isOwner'] === true) return;
  throw new AppError(
    'bad_configuration',
    `The ledger has schema ${version}, and this Mintmark needs schema ${schemaOf(migrations)}: the role ${row?.['role']} may not change its tables. Start this version once as the role that owns them (LEDGER_URL=postgres://${row?.['owner']}:… npm start), and then as ${row?.['role']}.`,
  );
}

/** Gives a new table the grants of another one: roles that serve and do not own the tables go on. */
function grantsAs(table: string, added: string): string {
  return `
      DO $$ DECLARE given record; BEGIN
        FOR given IN
          SELECT a.privilege_type, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS grantee
          FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = '${table}'::regclass AND a.grantee <> c.relowner
        LOOP EXECUTE format('GRANT %s ON ${added} TO %s', given.privilege_type, given.grantee);
        END LOOP;
      END $$;`;
}
