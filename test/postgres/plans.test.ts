/**
 * Plans: a transaction loads what many acts need while all tables that grow are full. It finds its rows by indexes, and reads
 * in proportion to what is asked, whatever the tables held when the plans were made.
 */
import test, { type ExecutionContext } from 'ava';
import { PostgresReader } from '../../src/storage/postgres/reader.ts';
import { announcing } from '../kit/announcing.ts';
import { keepTexts } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { ID_SECRET } from '../kit/minting.ts';
import { actsOf, lookupsOf, otherActsOf, pagesOf, rareActsOf, sellBefore } from './busy.ts';
import { fill, LARGE, SMALL } from './filled.ts';
import { readBetween, type Scans, scans } from './scans.ts';
import { newSchema, openOn, run } from './server.ts';

const ROWS = 20_000;

/** Of the control, which reads them again and again. */
const FEWER_ROWS = 10_000;

/** What all acts of a part read by one index. A search by a wrong index reads the rows of all orders, for each act. */
const MOST_READ = 500;

/** The pages that a search by an index looks at. A whole index has forty or more. */
const MOST_PAGES = 20;

/** Each transaction plans for its values, in place of one plan for all. */
const CUSTOM_PLANS = `
  CREATE FUNCTION set_config(name text, value text, here boolean) RETURNS text LANGUAGE sql AS $$
    SELECT pg_catalog.set_config(name,
      CASE WHEN name = 'plan_cache_mode' THEN 'force_custom_plan' ELSE value END, here) $$`;

interface Opened {
  readonly url: string;
  /** The acts of each group that was committed. */
  readonly groups: number[];
  open(): Promise<Instance>;
}

async function schema(t: ExecutionContext, planned: 'generic' | 'custom'): Promise<Opened> {
  const url = `${await newSchema()}%2Cpg_catalog`;
  const groups: number[] = [];
  if (planned === 'custom') await run(CUSTOM_PLANS, url);
  const open = async () => {
    const observeCommit = (acts: number) => groups.push(acts);
    const ledger = await openOn(t, url, { announce: announcing() }, { observeCommit, patience: 20_000 });
    const reader = new PostgresReader(url, ID_SECRET);
    t.teardown(() => reader.close());
    return new Instance(ledger, reader);
  };
  const first = await open();
  await keepTexts(first.ledger);
  await first.close();
  return { url, groups, open };
}

class Instance {
  readonly ledger: Awaited<ReturnType<typeof openOn>>;
  readonly #reader: PostgresReader;

  constructor(ledger: Instance['ledger'], reader: PostgresReader) {
    this.ledger = ledger;
    this.#reader = reader;
  }

  /** Sells under names of its own, and then does all of a part at once. */
  async busy(turn: string, parts: readonly Part[]): Promise<void> {
    const before = await sellBefore(this.ledger, turn);
    for (const part of parts) {
      const works = {
        acts: () => [...actsOf(this.ledger, before), ...otherActsOf(this.ledger, before)],
        lookups: () => lookupsOf(this.ledger, before),
        pages: () => pagesOf(this.#reader, before),
        rare: () => rareActsOf(this.ledger, before),
      };
      await Promise.all(works[part]().map((work) => work()));
    }
  }

  async close(): Promise<void> {
    await this.ledger.close();
    await this.#reader.close();
  }
}

type Part = 'acts' | 'lookups' | 'pages' | 'rare';

/** The pages that the planner looks at: the ends of an index, for each of the plans that are made for values. */
const PLANNED_PAGES = { generic: 0, custom: 100 };

/** What was read of large tables in vain. */
function tooMuch(read: Scans, planned: keyof typeof PLANNED_PAGES = 'generic'): readonly string[] {
  return Object.entries(read).flatMap(([name, { table, searches, rows, pages }]) => {
    const most = MOST_PAGES * searches + PLANNED_PAGES[planned];
    if (!LARGE.includes(table) || (rows <= MOST_READ && pages <= most)) return [];
    return [`${name}: ${rows} rows and ${pages} pages in ${searches} searches`];
  });
}

/** Nothing is open or new any more, so that the next turn finds as much as the first one. */
const CLOSE_ALL = `
  UPDATE outbox SET state = 'dropped', due = NULL, lease = NULL, at = 0 WHERE at >= ${SOLD_AT};
  UPDATE flag SET settled_at = at WHERE settled_at IS NULL;
  UPDATE inquiry SET at = 0 WHERE at <> 0;
  DELETE FROM withdrawal WHERE product = 'app'`;

test.serial('each table of the schema is small, or is full in these tests', async (t) => {
  const { url } = await schema(t, 'generic');
  const tables = await run(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1",
    url,
  );
  t.deepEqual(
    tables.map(({ relname }) => relname),
    [...SMALL, ...LARGE].sort(),
  );
});

for (const planned of ['generic', 'custom'] as const) {
  test.serial(
    `groups of acts read no large table as a whole, by ${planned} plans of never analyzed tables`,
    async (t) => {
      const { url, groups, open } = await schema(t, planned);
      await fill(url, ROWS);
      const before = await scans(url);
      const instance = await open();
      await instance.busy('A', ['acts', 'lookups']);
      await instance.close();
      t.deepEqual(tooMuch(readBetween(before, await scans(url)), planned), []);
      t.true(Math.max(...groups) > 30, `the largest group had ${Math.max(...groups)} acts`);
    },
  );

  test.serial(`the same by ${planned} plans that were made while the tables were empty`, async (t) => {
    const { url, open } = await schema(t, planned);
    await run('ANALYZE', url);
    const instance = await open();
    await instance.busy('A', ['acts', 'lookups']);
    await fill(url, ROWS);
    const before = await scans(url);
    await instance.busy('B', ['acts', 'lookups']);
    await instance.close();
    t.deepEqual(tooMuch(readBetween(before, await scans(url)), planned), []);
  });

  test.serial(`the same and the console's pages by ${planned} plans of analyzed tables`, async (t) => {
    const { url, open } = await schema(t, planned);
    await fill(url, ROWS);
    await run('ANALYZE', url);
    const before = await scans(url);
    const instance = await open();
    await instance.busy('A', ['acts', 'lookups', 'pages']);
    await instance.close();
    t.deepEqual(tooMuch(readBetween(before, await scans(url)), planned), []);
  });
}

test.serial('an erasure and the retention read each event a few times, however many there are', async (t) => {
  const { url, open } = await schema(t, 'generic');
  await fill(url, ROWS);
  await run('ANALYZE', url);
  const before = await scans(url);
  const instance = await open();
  await instance.busy('A', ['rare']);
  await instance.close();
  const read = readBetween(before, await scans(url));
  t.deepEqual(
    Object.entries(read).filter(([, { rows }]) => rows > 3 * ROWS),
    [],
  );
});

const LONG_MILLISECONDS = 600_000;

/** Whose loss these acts do not notice, and why. */
const UNNOTICED: Readonly<Record<string, string>> = {
  done_act_pkey: 'for what asks after a COMMIT that was not answered',
  event_payload: 'for the retention',
  fact_termed: 'for a list that reads all licenses',
  flag_event: 'where few flags are open, their index does',
  inquiry_pkey: 'where few inquiries wait, their index does',
  license_test_order: 'where few orders are tests, the one of all orders does',
  outbox_customer: 'for an erasure',
  outbox_id_key: 'so that no id is there twice',
  request_limit_pkey: 'for limits on AWS Lambda',
};

for (const tables of [LARGE.slice(0, 6), LARGE.slice(6, 12), LARGE.slice(12)])
  test.serial(
    `control: each index that is lost of the large tables from ${tables[0]} to ${tables.at(-1)} is noticed`,
    async (t) => {
      // A turn for each index.
      t.timeout(LONG_MILLISECONDS);
      const { url, open } = await schema(t, 'generic');
      await fill(url, FEWER_ROWS);
      await run('ANALYZE', url);
      const busy = async (turn: string) => {
        const before = await scans(url);
        const instance = await open();
        const fault = await instance.busy(turn, ['acts', 'lookups', 'pages']).catch(String);
        await instance.close();
        return { fault, read: readBetween(before, await scans(url)) };
      };
      const indexes = await run(
        `SELECT i.relname AS name FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY ('{${tables}}') ORDER BY 1`,
        url,
      );
      const names = indexes.map(({ name }) => String(name));
      const unnoticed: string[] = [];
      for (const name of names) {
        // The planner then uses it no more; new rows still come into it.
        const setValid = (isValid: boolean) =>
          run(`UPDATE pg_index SET indisvalid = ${isValid} WHERE indexrelid = '${name}'::regclass`, url);
        await setValid(false);
        const { fault, read } = await busy(`without ${name}`);
        await setValid(true);
        await run(CLOSE_ALL, url);
        if (fault === undefined && tooMuch(read).length === 0) unnoticed.push(name);
      }
      t.deepEqual(
        unnoticed,
        Object.keys(UNNOTICED).filter((name) => names.includes(name)),
      );
      t.true(names.length > 10);
      const { fault, read } = await busy('with all');
      t.deepEqual([fault, tooMuch(read)], [undefined, []]);
    },
  );
