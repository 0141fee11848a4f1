/**
 * pgbench sends what the ledger sends: the statements of groups of new orders are recorded as the driver gets them, with
 * their values, and repeated on a second ledger that is in the state in which the first one was.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { openPostgresLedger } from '../../src/storage/postgres/open-ledger.ts';
import type { PostgresLedger } from '../../src/storage/postgres/postgres-ledger.ts';
import type { Batch } from '../../src/storage/postgres/session/batch.ts';
import { issueOf, keepTexts, PRODUCTS, rulesFor } from '../../test/kit/ledger-data.ts';
import { ID_SECRET } from '../../test/kit/minting.ts';
import { connect } from '../../test/postgres/connect.ts';
import type { BenchDatabase } from './database.ts';

/** As the connections of the ledger keep them (session-settings.ts). */
const KEPT = ['plan_cache_mode=force_generic_plan', 'jit=off', 'enable_seqscan=off', 'enable_hashjoin=off'];

/** Groups before the recorded ones: texts of products, rows of the day, plans. */
const FIRST_GROUPS = 2;

interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Microseconds of the database's CPU an order, in groups of `size`. */
export async function repeatStatements(
  database: BenchDatabase,
  size: number,
  groups: number,
): Promise<number> {
  const [recorded, repeated] = [await schemaOf(database), await schemaOf(database)];
  const turns = await record(urlIn(database, recorded), size, groups);
  await sellFirst(urlIn(database, repeated), size);
  await keepValues(database, repeated, turns);
  await database.run(`VACUUM ANALYZE ${repeated}.given`);
  const file = join(database.cluster.folder, `same-${size}.sql`);
  writeFileSync(file, scriptOf(turns[0] ?? []));
  const { cpu, ran } = await database.runPgbench(['-t', String(groups), '-D', 'turn=0', '-f', file], {
    PGOPTIONS: [`search_path=${repeated}`, ...KEPT].map((setting) => `-c ${setting}`).join(' '),
  });
  const [row] = await database.run(`SELECT count(*)::int AS sold FROM ${repeated}.license`);
  if (ran.status !== 0 || row?.['sold'] !== (FIRST_GROUPS + groups) * size)
    throw new Error(`pgbench sold ${row?.['sold']}: ${ran.stderr}${ran.stdout}`);
  return cpu / (groups * size);
}

let schemas = 0;

async function schemaOf(database: BenchDatabase): Promise<string> {
  schemas += 1;
  await database.run(`CREATE SCHEMA same_${schemas}`);
  return `same_${schemas}`;
}

function urlIn({ url }: BenchDatabase, schema: string): string {
  return `${url}&options=${encodeURIComponent(`-c search_path=${schema}`)}`;
}

async function sellFirst(url: string, size: number): Promise<void> {
  const ledger = await openLedger(url);
  await sellGroups(ledger, size, 0, FIRST_GROUPS);
  await ledger.close();
}

async function openLedger(url: string): Promise<PostgresLedger> {
  const ledger = await openPostgresLedger(url, { idSecret: ID_SECRET, rules: rulesFor(PRODUCTS) });
  await keepTexts(ledger);
  return ledger;
}

/** What the ledger sends for each group. */
async function record(url: string, size: number, groups: number): Promise<readonly (readonly Sent[])[]> {
  const ledger = await openLedger(url);
  const { query } = pg.Client.prototype;
  try {
    await sellGroups(ledger, size, 0, FIRST_GROUPS);
    const turns: Sent[][] = [];
    pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
      for (const { text, values = [] } of (given[0] as Batch).queries) turns.at(-1)?.push({ text, values });
      return (query as (...given: unknown[]) => unknown).apply(this, given);
    } as typeof query;
    for (let turn = 0; turn < groups; turn++) {
      turns.push([]);
      await sellGroups(ledger, size, FIRST_GROUPS + turn, 1);
    }
    const [first = []] = turns;
    const other = turns.find(
      (sent) => sent.map(({ text }) => text).join() !== first.map(({ text }) => text).join(),
    );
    if (other !== undefined) throw new TypeError('the groups send different statements');
    return turns;
  } finally {
    pg.Client.prototype.query = query;
    await ledger.close();
  }
}

/** As the service does. */
async function sellGroups(
  ledger: PostgresLedger,
  size: number,
  first: number,
  groups: number,
): Promise<void> {
  for (let turn = first; turn < first + groups; turn++) {
    const orders = Array.from({ length: size }, (_, place) => {
      const order = String(500_000_000 + (turn * size + place) * 97);
      const customer = { name: `Ada Byron ${order}`, email: `buyer${order}@example.com` };
      return issueOf({ order, customer });
    });
    await Promise.all(orders.map((issue) => ledger.issueFirst(issue)));
  }
}

/** Those that are the same in each group stay in the script. */
const isGiven = (value: unknown) => typeof value === 'string' || Array.isArray(value);

async function keepValues(
  database: BenchDatabase,
  schema: string,
  turns: readonly (readonly Sent[])[],
): Promise<void> {
  const client = await connect(urlIn(database, schema));
  try {
    await client.query(
      'CREATE TABLE given (turn integer, place integer, value text, PRIMARY KEY (turn, place))',
    );
    // Nothing is spent on taking them apart.
    await client.query('ALTER TABLE given ALTER value SET STORAGE EXTERNAL');
    for (const [turn, sent] of turns.entries()) {
      const values = sent.flatMap((each) => each.values.filter(isGiven)).map(literalOf);
      await client.query(
        'INSERT INTO given SELECT $1, place, value FROM unnest($2::text[]) WITH ORDINALITY AS v(value, place)',
        [turn + 1, values],
      );
    }
  } finally {
    await client.end();
  }
}

function literalOf(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return `{${value.map((each) => `"${String(each)}"`).join()}}`;
}

function scriptOf(sent: readonly Sent[]): string {
  let place = 0;
  const statements = sent.map(({ text, values }) => {
    const own = values.map((value) => {
      if (!isGiven(value)) return String(value);
      place += 1;
      return `(SELECT value FROM given WHERE turn = :turn AND place = ${place})`;
    });
    return text.replace(/\$(\d+)/g, (_, number) => own[Number(number) - 1] ?? '').replace(/\s+/g, ' ');
  });
  return `\\set turn :turn + 1\n${statements.map((each) => `${each.trim()};\n`).join('')}`;
}
