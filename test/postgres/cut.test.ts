/** Connections that are lost at a COMMIT: whether it was done is not known, and each order is issued exactly once. */
import test from 'ava';
import pg from 'pg';
import { issueOf, keepTexts } from '../kit/ledger-data.ts';
import { startCutter } from './cutter.ts';
import { newSchema, openOn, run, serverUrl } from './server.ts';

const ORDERS = 60;

test.serial('each order is issued once, whatever becomes of its COMMIT', async (t) => {
  const url = await newSchema();
  const cutter = await startCutter(t, serverUrl());
  const ledger = await openOn(t, cutter.through(url), {}, { patience: 20_000 });
  await keepTexts(ledger);
  cutter.start();
  for (let place = 0; place < ORDERS; place += 2) {
    const issued = await Promise.all(
      [place, place + 1].map((each) => ledger.issue(issueOf({ order: `C${each}` }))),
    );
    t.true(issued.every(({ outcome }) => outcome === 'issued' || outcome === 'repeated'));
  }
  cutter.stop();
  t.true(cutter.cuts.before > 5 && cutter.cuts.after > 5, JSON.stringify(cutter.cuts));
  const [row] = await run(
    'SELECT count(*)::int AS rows, count(DISTINCT order_id)::int AS orders FROM license',
    url,
  );
  t.deepEqual(row, { rows: ORDERS, orders: ORDERS });
  const [pen] = await run('SELECT sum(last_license)::int AS numbered FROM pen', url);
  t.is(pen?.['numbered'], ORDERS, 'numbers without a gap');
});

test.serial('control: who takes a lost COMMIT for one that was not done writes rows twice', async (t) => {
  const url = await newSchema();
  await run('CREATE TABLE naive (name text)', url);
  const cutter = await startCutter(t, serverUrl());
  cutter.start();
  for (let place = 0; place < 20; place++) await insertUntilDone(cutter.through(url), `N${place}`);
  const [row] = await run('SELECT count(*)::int AS rows FROM naive', url);
  t.true(Number(row?.['rows']) > 20);
});

async function insertUntilDone(url: string, name: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('BEGIN');
      await client.query('INSERT INTO naive VALUES ($1)', [name]);
      await client.query('COMMIT');
      return;
    } catch {
      // Taken for not done.
    } finally {
      await client.end().catch(() => {});
    }
  }
}
