/** Sales whose COMMITs are cut. */

import { issueOf, keepTexts } from '../kit/ledger-data.ts';
import type { Owner } from '../kit/service.ts';
import { connect } from './connect.ts';
import { type Break, startCutter } from './cutter.ts';
import { newSchema, openOn, run, serverUrl } from './server.ts';

/** Sells two at a time. Numbers of the pens are without a gap if `numbered` is the number of orders. */
export async function cutSales(owner: Owner, count: number, ways: readonly Break[]) {
  const url = await newSchema();
  const cutter = await startCutter(owner, serverUrl(), ways);
  const ledger = await openOn(owner, cutter.through(url), {}, { patience: 20_000 });
  await keepTexts(ledger);
  cutter.start();
  let answered = 0;
  for (let place = 0; place < count; place += 2) {
    const settled = await Promise.allSettled(
      [place, place + 1].map((each) => ledger.issueFirst(issueOf({ order: `C${each}` }))),
    );
    answered += settled.filter(({ status }) => status === 'fulfilled').length;
  }
  cutter.stop();
  const [row] = await run(
    `SELECT count(*)::int AS rows, count(DISTINCT order_id)::int AS orders,
      (SELECT sum(last_license) FROM pen)::int AS numbered FROM license`,
    url,
  );
  return { answered, ...(row as { rows: number; orders: number; numbered: number }), cuts: cutter.cuts };
}

/** For controls: takes a lost COMMIT for one that was not done. Returns the number of rows. */
export async function cutNaive(owner: Owner, count: number): Promise<number> {
  const url = await newSchema();
  await run('CREATE TABLE naive (name text)', url);
  const cutter = await startCutter(owner, serverUrl());
  cutter.start();
  for (let place = 0; place < count; place++) await insertUntilDone(cutter.through(url), `N${place}`);
  const [row] = await run('SELECT count(*)::int AS rows FROM naive', url);
  return Number(row?.['rows']);
}

async function insertUntilDone(url: string, name: string): Promise<void> {
  for (;;) {
    const client = await connect(url).catch(() => undefined);
    if (client === undefined) continue;
    try {
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
