/** The instances of the service that run on the ledger: with other product files they would turn licenses to and fro. */
import type { OtherInstances, SharedDatabase } from '../../../domain/ports/shared-database.ts';
import type { GroupCommit } from './group-commit.ts';
import type { ReadLane } from './read-lane.ts';
import { DATABASE_NOW, type SharedClock } from './shared-clock.ts';

/** An instance notes itself each minute. */
const SEEN_MILLISECONDS = 3 * 60_000;

/** New product files reach all instances within this time. */
const ROLLOUT_MILLISECONDS = 10 * 60_000;

/** The row of an instance that ended is taken by a later one, since the service's role may not delete. */
const ENDED_MILLISECONDS = 86_400_000;

/**
 * The limit that is reached first. No limit of a role or a database holds for a superuser, and `reserved_connections`, which
 * PostgreSQL has from version 16 on, hold for all but those with pg_use_reserved_connections. Of the sessions of others, a role
 * that is no superuser sees only the database and the role.
 */
const CONNECTIONS = `
  WITH open AS (
    SELECT datname, usename FROM pg_stat_activity
    WHERE datid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'),
  role AS (SELECT rolname, rolsuper, rolconnlimit FROM pg_roles WHERE rolname = session_user),
  reserved AS (
    SELECT CASE WHEN rolsuper THEN 0
      ELSE current_setting('superuser_reserved_connections')::int + CASE
        WHEN EXISTS (
          SELECT FROM pg_roles r WHERE r.rolname = 'pg_use_reserved_connections' AND pg_has_role(role.rolname, r.oid, 'USAGE'))
        THEN 0 ELSE coalesce(current_setting('reserved_connections', true)::int, 0) END END AS slots
    FROM role)
  SELECT used, most FROM (
    SELECT (SELECT count(*) FROM open) AS used, current_setting('max_connections')::int - slots AS most FROM reserved
    UNION ALL
    SELECT (SELECT count(*) FROM open WHERE datname = d.datname), datconnlimit
    FROM role, pg_database d WHERE datname = current_database() AND NOT rolsuper
    UNION ALL
    SELECT (SELECT count(*) FROM open WHERE usename = role.rolname), rolconnlimit FROM role WHERE NOT rolsuper) AS limits
  WHERE most >= 0 ORDER BY most - used LIMIT 1`;

export function sharedDatabase(
  commits: GroupCommit,
  reads: ReadLane,
  { now, clock }: { readonly now: () => number; readonly clock: SharedClock },
): SharedDatabase {
  return {
    clockAhead: async () => {
      if (clock.isGiven) return 0;
      const asked = now();
      const [row] = await reads.search(`SELECT ${DATABASE_NOW} AS now`);
      return (asked + now()) / 2 - Number(row?.['now']);
    },
    async connections() {
      const [row] = await reads.rows(CONNECTIONS);
      return { used: Number(row?.['used']), most: Number(row?.['most']) };
    },
    noteInstance: (id, products) => noteInstance(reads, id, products),
    load: () => [commits.load, ...reads.load],
    findNote: async (name) => {
      const [row] = await reads.search('SELECT text FROM note WHERE name = $1', [name]);
      return row === undefined ? undefined : String(row['text']);
    },
    writeNote: async (name, text) => {
      await reads.runShort(
        'INSERT INTO note (name, text) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET text = excluded.text',
        [name, text],
      );
    },
  };
}

async function noteInstance(reads: ReadLane, id: string, products: string): Promise<OtherInstances> {
  await reads.runShort(
    `WITH seen AS (UPDATE instance SET seen_at = ${DATABASE_NOW} WHERE id = $1 RETURNING id),
      ended AS (
        SELECT i.id FROM instance i
        WHERE i.seen_at < ${DATABASE_NOW} - $3::bigint AND i.id <> $1 AND NOT EXISTS (SELECT FROM seen)
        ORDER BY i.seen_at LIMIT 1 FOR UPDATE SKIP LOCKED),
      taken AS (
        UPDATE instance SET id = $1, products = $2, started_at = ${DATABASE_NOW}, seen_at = ${DATABASE_NOW}
        FROM ended WHERE instance.id = ended.id RETURNING instance.id)
    INSERT INTO instance (id, products, started_at, seen_at)
    SELECT $1, $2, ${DATABASE_NOW}, ${DATABASE_NOW} WHERE NOT EXISTS (SELECT FROM seen) AND NOT EXISTS (SELECT FROM taken)`,
    [id, products, ENDED_MILLISECONDS],
  );
  const [row] = await reads.search(
    `SELECT count(*)::int AS others,
      (count(*) FILTER (WHERE o.products <> i.products AND greatest(o.started_at, i.started_at) < ${DATABASE_NOW} - $3::bigint))::int AS differing
    FROM instance i JOIN instance o ON o.id <> i.id AND o.seen_at > ${DATABASE_NOW} - $2::bigint WHERE i.id = $1`,
    [id, SEEN_MILLISECONDS, ROLLOUT_MILLISECONDS],
  );
  return { others: Number(row?.['others']), differing: Number(row?.['differing']) };
}
