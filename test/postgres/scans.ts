/** What reads of a schema's tables cost, as PostgreSQL counts it. */
import { setTimeout as wait } from 'node:timers/promises';
import { run } from './server.ts';

/** Of a table or an index: how much of it was read. */
interface Reads {
  readonly table: string;
  /** The searches by an index; 0: of a table that was read as a whole. */
  readonly searches: number;
  readonly rows: number;
  /** The pages of an index that were looked at, without those for new rows. */
  readonly pages: number;
}

export type Scans = Readonly<Record<string, Reads>>;

/** A new row, or a new version of one, looks at as many pages of an index: its levels, and what a check of a unique key reads. */
const PAGES_OF_NEW_ROW = 5;

/** The counts once they stand still: a backend reports its last ones when its connection ends. */
export async function scans(url: string): Promise<Scans> {
  for (let last = await counted(url); ; ) {
    await wait(20);
    const now = await counted(url);
    if (JSON.stringify(now) === JSON.stringify(last)) return now;
    last = now;
  }
}

async function counted(url: string): Promise<Scans> {
  const rows = await run(
    `SELECT relname AS name, relname AS table, 0 AS searches, seq_tup_read::int AS rows, 0 AS pages
    FROM pg_stat_user_tables WHERE schemaname = current_schema()
    UNION ALL
    SELECT i.indexrelname, i.relname, i.idx_scan::int, i.idx_tup_read::int,
      (o.idx_blks_read + o.idx_blks_hit)::int - ${PAGES_OF_NEW_ROW} * (t.n_tup_ins + t.n_tup_upd - t.n_tup_hot_upd)::int
    FROM pg_stat_user_indexes i JOIN pg_statio_user_indexes o USING (indexrelid) JOIN pg_stat_user_tables t ON t.relid = i.relid
    WHERE i.schemaname = current_schema()
    ORDER BY name`,
    url,
  );
  return Object.fromEntries(rows.map(({ name, ...reads }) => [String(name), reads as unknown as Reads]));
}

/** What was read between two moments. */
export function readBetween(before: Scans, after: Scans): Scans {
  const differences = Object.entries(after).map(([name, { table, searches, rows, pages }]) => {
    const was = before[name] ?? { searches: 0, rows: 0, pages: 0 };
    const read = {
      table,
      searches: searches - was.searches,
      rows: rows - was.rows,
      pages: pages - was.pages,
    };
    return [name, read] as const;
  });
  return Object.fromEntries(differences.filter(([, { searches, rows }]) => searches > 0 || rows > 0));
}
