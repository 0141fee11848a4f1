/** A table that somebody locks, or a server that answers nothing: whoever asks is told soon, however many ask. */
import test from 'ava';
import { issueOf, keepTexts, orderOf } from '../kit/ledger-data.ts';
import { startCutter } from './cutter.ts';
import { lockTable, newSchema, openOn } from './server.ts';

const ORDERS = Array.from({ length: 24 }, (_, place) => `L${place}`);

/** Far from both: some seconds for all, and a second or more for each. */
const SOON_MILLISECONDS = 20_000;

async function codesOf(asked: readonly Promise<unknown>[]) {
  const start = performance.now();
  const settled = await Promise.allSettled(asked);
  const codes = settled.map((each) => (each.status === 'rejected' ? each.reason.code : 'answered'));
  return { codes: [...new Set(codes)], milliseconds: performance.now() - start };
}

test.serial(
  'a locked table takes the time of one wait from all that ask, and afterwards all is well',
  async (t) => {
    const url = await newSchema();
    const ledger = await openOn(t, url);
    await keepTexts(ledger);
    await ledger.issue(issueOf({ order: 'L0' }));
    const client = await lockTable(url, 'license');
    const reads = await codesOf(
      ORDERS.map((order) => ledger.findOrder({ ...orderOf(), order }).then((held) => held)),
    );
    t.deepEqual(reads.codes, ['ledger_unavailable']);
    t.true(reads.milliseconds < SOON_MILLISECONDS, `reads: ${reads.milliseconds} ms`);
    const acts = await codesOf(ORDERS.map((order) => ledger.issue(issueOf({ order }))));
    t.deepEqual(acts.codes, ['ledger_unavailable']);
    t.true(acts.milliseconds < SOON_MILLISECONDS, `acts: ${acts.milliseconds} ms`);
    await client.end();
    t.is((await ledger.findOrder({ ...orderOf(), order: 'L0' }))?.licenses.length, 1);
    t.is((await ledger.issue(issueOf({ order: 'L1' }))).outcome, 'issued');
  },
);

test.serial('a read that a silent server does not answer is given up after 5 seconds, once', async (t) => {
  const url = await newSchema();
  const cutter = await startCutter(t, url, ['silent']);
  const ledger = await openOn(t, cutter.through(url));
  await keepTexts(ledger);
  await ledger.issue(issueOf({ order: 'L0' }));
  // Reads about names end with a COMMIT, where the proxy falls silent.
  await ledger.showOrder('L0');
  cutter.start();
  const { codes, milliseconds } = await codesOf([ledger.probe(), ledger.showOrder('L0')]);
  cutter.stop();
  t.is(cutter.cuts.silent, 1);
  t.true(codes.includes('ledger_unavailable'), codes.join());
  t.true(milliseconds < SOON_MILLISECONDS, `${milliseconds} ms`);
  t.is((await ledger.showOrder('L0')).licenses.length, 1);
});

test.serial('a repeat takes no pen and no lock; a first sale needs both', async (t) => {
  const url = await newSchema();
  const ledger = await openOn(t, url);
  await keepTexts(ledger);
  await ledger.issueFirst(issueOf({ order: 'L0' }));
  const client = await lockTable(url, 'pen');
  const start = performance.now();
  t.is((await ledger.issueFirst(issueOf({ order: 'L0' }))).outcome, 'known');
  t.true(performance.now() - start < 1000);
  await t.throwsAsync(ledger.issueFirst(issueOf({ order: 'L1' })), { code: 'ledger_unavailable' });
  await client.end();
  t.is((await ledger.issueFirst(issueOf({ order: 'L1' }))).outcome, 'issued');
});

test.serial(
  'where nothing can be written, a repeat is answered that shares its group with a sale',
  async (t) => {
    const url = await newSchema();
    const ledger = await openOn(t, url);
    await keepTexts(ledger);
    await ledger.issueFirst(issueOf({ order: 'L0' }));
    const client = await lockTable(url, 'pen');
    const ask = () =>
      Promise.allSettled([
        ledger.issueFirst(issueOf({ order: 'L1' })),
        ledger.issueFirst(issueOf({ order: 'L0' })),
      ]);
    const [sale, repeat] = await ask();
    t.is(sale?.status, 'rejected');
    t.like(repeat, { status: 'fulfilled', value: { outcome: 'known' } });
    // Once that is known, a repeat does not wait for the failure of a write.
    const start = performance.now();
    const later = ask();
    t.is((await ledger.issueFirst(issueOf({ order: 'L0' }))).outcome, 'known');
    t.true(performance.now() - start < 1000);
    await later;
    await client.end();
    t.is((await ledger.issueFirst(issueOf({ order: 'L1' }))).outcome, 'issued');
  },
);
