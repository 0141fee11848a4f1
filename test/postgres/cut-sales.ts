/** Sales whose COMMITs are cut. */
import { issueOf, keepTexts } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import type { Owner } from '../kit/service.ts';
import { type Break, startCutter } from './cutter.ts';
import { newSchema, openOn, run, serverUrl } from './server.ts';

/**
 * COMMITs from one cut to the next. A group of which nothing is known commits, asks twice, and commits again: that is not cut
 * again, and both ways come upon groups, not upon questions alone.
 */
export const EVERY = 4;

interface Counts {
  readonly rows: number;
  readonly orders: number;
  readonly numbered: number;
  readonly inquiries: number;
}

/**
 * Sells two at a time, while as many customers ask for a lost code: nothing but the note of the group keeps an inquiry from being
 * written twice. Numbers of the pens are without a gap if `numbered` is the number of orders. `prepare`: changes the schema, for
 * controls.
 */
export async function cutSales(
  owner: Owner,
  count: number,
  ways: readonly Break[],
  prepare?: (url: string) => Promise<unknown>,
) {
  const url = await newSchema();
  const cutter = await startCutter(owner, serverUrl(), ways, EVERY);
  const ledger = await openOn(
    owner,
    cutter.through(url),
    {},
    { patience: prepare === undefined ? 20_000 : 1000 },
  );
  await keepTexts(ledger);
  await prepare?.(url);
  cutter.start();
  let answered = 0;
  for (let place = 0; place < count; place += 2) {
    const orders = [`C${place}`, `C${place + 1}`];
    const asks = orders.map((order) => ledger.selfService.ask({ order, email: 'ada@example.com' }, SOLD_AT));
    const sales = orders.map((order) => ledger.issueFirst(issueOf({ order })));
    const [settled] = await Promise.all([Promise.allSettled(sales), Promise.allSettled(asks)]);
    answered += settled.filter(({ status }) => status === 'fulfilled').length;
  }
  cutter.stop();
  const [row] = await run(
    `SELECT count(*)::int AS rows, count(DISTINCT order_id)::int AS orders,
      (SELECT sum(last_license) FROM pen)::int AS numbered, (SELECT count(*) FROM inquiry)::int AS inquiries FROM license`,
    url,
  );
  return { answered, ...(row as unknown as Counts), cuts: cutter.cuts };
}
