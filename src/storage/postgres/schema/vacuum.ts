/** Removes the old rows of erased people from the tables, and says whether any may remain. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ReadLane } from '../session/read-lane.ts';

/** `next`: the number of the next transaction, behind those that erased. */
const OWNS = `
  SELECT bool_and(pg_has_role(relowner, 'USAGE')) AS owns, now()::text AS now,
    pg_snapshot_xmax(pg_current_snapshot())::text AS next
  FROM pg_class WHERE oid IN ('customer'::regclass, 'event'::regclass)`;

/**
 * Who may still see rows of before a transaction: sessions, standbys and slots. Of sessions of other roles an ordinary role
 * is told this number, and neither their kind nor since when they read.
 */
const READERS = `
  SELECT count(*) AS readers FROM (
    SELECT backend_xmin AS oldest FROM pg_stat_activity
    WHERE coalesce(datname, current_database()) = current_database() AND pid <> pg_backend_pid()
      AND backend_type IS DISTINCT FROM 'autovacuum worker'
      AND coalesce(xact_start < $2, true)
    UNION ALL SELECT xmin FROM pg_replication_slots) AS reader
  WHERE oldest IS NOT NULL
    AND pg_snapshot_xmax(pg_current_snapshot())::text::bigint - age(oldest) < $1::bigint`;

/** A list of the console is read by then; a backup is not. */
const READER_MILLISECONDS = 200;
const MOST_TRIES = 5;

/**
 * Returns false if old rows may remain: VACUUM by a role that does not own the tables only warns, and it leaves what a
 * transaction that is still running may read.
 */
export async function vacuumPeople(reads: Pick<ReadLane, 'rows' | 'run'>): Promise<boolean> {
  try {
    const [{ owns, now, next } = {}] = await reads.rows(OWNS);
    if (owns !== true) return false;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (tries > 0) await wait(READER_MILLISECONDS);
      await reads.run('VACUUM customer, event');
      const [{ readers } = {}] = await reads.rows(READERS, [next, now]);
      if (Number(readers) === 0) return true;
    }
    return false;
  } catch {
    return false;
  }
}
