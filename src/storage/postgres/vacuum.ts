/** Removes the old rows of erased people from the tables, and says whether any may remain. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ReadLane } from './read-lane.ts';

const OWNS = `
  SELECT bool_and(pg_has_role(relowner, 'USAGE')) AS owns, now()::text AS now
  FROM pg_class WHERE oid IN ('customer'::regclass, 'event'::regclass)`;

/** Transactions with a snapshot from before a moment. */
const READERS = `
  SELECT count(*) AS readers FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND backend_xmin IS NOT NULL AND xact_start < $1`;

/** A list of the console is read by then; a backup is not. */
const READER_MILLISECONDS = 200;
const MOST_TRIES = 5;

/**
 * Returns false if old rows may remain: VACUUM by a role that does not own the tables only warns, and it leaves what a
 * transaction that is still running may read.
 */
export async function vacuumPeople(reads: Pick<ReadLane, 'rows' | 'run'>): Promise<boolean> {
  try {
    const [{ owns, now } = {}] = await reads.rows(OWNS);
    if (owns !== true) return false;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (tries > 0) await wait(READER_MILLISECONDS);
      await reads.run('VACUUM customer, event');
      const [{ readers } = {}] = await reads.rows(READERS, [now]);
      if (Number(readers) === 0) return true;
    }
    return false;
  } catch {
    return false;
  }
}
