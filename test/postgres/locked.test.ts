/** A table that somebody locks, or a server that answers nothing: whoever asks is told soon, however many ask. */
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { licenseSubject } from '../../src/domain/facts/license-subject.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import { MemoryHandouts } from '../../src/domain/ports/handouts.ts';
import { fulfill } from '../../src/domain/requests/fulfill.ts';
import { eventOf, factOf, issueOf, keepTexts, nameOf, orderOf } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { ID_SECRET, KEYRING } from '../kit/minting.ts';
import { connect } from './connect.ts';
import { startCutter } from './cutter.ts';
import { lockTable, newSchema, openOn } from './server.ts';
import { faultsOf } from './shop-ledgers.ts';
import { delayWrites, holdAlone, standStill } from './unlocked.ts';

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
    await ledger.issueFirst(issueOf({ order: 'L0' }));
    const client = await lockTable(url, 'license');
    const reads = await codesOf(
      ORDERS.map((order) => ledger.findOrder({ ...orderOf(), order }).then((held) => held)),
    );
    t.deepEqual(reads.codes, ['ledger_unavailable']);
    t.true(reads.milliseconds < SOON_MILLISECONDS, `reads: ${reads.milliseconds} ms`);
    const acts = await codesOf(ORDERS.map((order) => ledger.issueFirst(issueOf({ order }))));
    t.deepEqual(acts.codes, ['ledger_unavailable']);
    t.true(acts.milliseconds < SOON_MILLISECONDS, `acts: ${acts.milliseconds} ms`);
    await client.end();
    t.is((await ledger.findOrder({ ...orderOf(), order: 'L0' }))?.licenses.length, 1);
    t.is((await ledger.issueFirst(issueOf({ order: 'L1' }))).outcome, 'issued');
  },
);

test.serial('a read that a silent server does not answer is given up after 5 seconds, once', async (t) => {
  const url = await newSchema();
  const cutter = await startCutter(t, url, ['silent']);
  const ledger = await openOn(t, cutter.through(url));
  await keepTexts(ledger);
  await ledger.issueFirst(issueOf({ order: 'L0' }));
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

test.serial('a repeat takes no pen and no lock, and is no commit; a first sale is all three', async (t) => {
  const url = await newSchema();
  let commits = 0;
  const observeCommit = () => {
    commits += 1;
  };
  const ledger = await openOn(t, url, {}, { observeCommit });
  await keepTexts(ledger);
  const before = commits;
  await ledger.issueFirst(issueOf({ order: 'L0' }));
  t.is(commits, before + 1);
  const client = await lockTable(url, 'pen');
  const start = performance.now();
  t.is((await ledger.issueFirst(issueOf({ order: 'L0' }))).outcome, 'known');
  t.true(performance.now() - start < 1000);
  t.is(commits, before + 1);
  await t.throwsAsync(ledger.issueFirst(issueOf({ order: 'L1' })), { code: 'ledger_unavailable' });
  await client.end();
  t.is((await ledger.issueFirst(issueOf({ order: 'L1' }))).outcome, 'issued');
});

/** A sale is looked up once its write is late, and not when the write has failed. */
const LOOKED_UP_MILLISECONDS = 3000;

/** Sales and a repeat of L0 in one group, and later a repeat behind the group. Returns how long each took, and its outcome. */
async function askBeside(ledger: Ledger, sales: readonly string[]) {
  const start = performance.now();
  const ask = async (order: string) => {
    const asked = ledger.issueFirst(issueOf({ order })).then(({ outcome }) => outcome);
    const outcome = await asked.catch(({ code }) => code);
    return { outcome, milliseconds: performance.now() - start };
  };
  const sold = sales.map(ask);
  const together = ask('L0');
  // The group is sent in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  const behind = ask('L0');
  return { repeats: [await together, await behind], sales: await Promise.all(sold) };
}

test.serial('where nothing can be written, a repeat is answered, whoever shares its lane', async (t) => {
  const url = await newSchema();
  const ledger = await openOn(t, url);
  await keepTexts(ledger);
  await ledger.issueFirst(issueOf({ order: 'L0' }));
  const client = await lockTable(url, 'pen');
  const { repeats, sales } = await askBeside(ledger, ['L1', 'L2', 'L3', 'L4']);
  for (const { outcome, milliseconds } of repeats) {
    t.is(outcome, 'known');
    t.true(milliseconds < LOOKED_UP_MILLISECONDS, `${milliseconds} ms`);
  }
  for (const { outcome, milliseconds } of sales) {
    t.is(outcome, 'ledger_unavailable');
    t.true(milliseconds > LOOKED_UP_MILLISECONDS, 'control: the lane was in use for longer');
  }
  // Once that is known, a repeat does not wait at all.
  const start = performance.now();
  t.is((await ledger.issueFirst(issueOf({ order: 'L0' }))).outcome, 'known');
  t.true(performance.now() - start < 500);
  await client.end();
  t.is((await ledger.issueFirst(issueOf({ order: 'L1' }))).outcome, 'issued');
});

test.serial('a repeat does not wait for the COMMIT of others that no answer comes to', async (t) => {
  const url = await newSchema();
  const cutter = await startCutter(t, url, ['silent']);
  const ledger = await openOn(t, cutter.through(url));
  await keepTexts(ledger);
  await ledger.issueFirst(issueOf({ order: 'L0' }));
  cutter.start();
  const { repeats, sales } = await askBeside(ledger, ['L1']);
  cutter.stop();
  t.is(cutter.cuts.silent, 1);
  for (const { outcome, milliseconds } of repeats) {
    t.is(outcome, 'known');
    t.true(milliseconds < LOOKED_UP_MILLISECONDS, `${milliseconds} ms`);
  }
  t.is(sales[0]?.outcome, 'known', 'it was committed, and is found');
  t.deepEqual(await ledger.count(), { live: 2, test: 0 });
});

test.serial('a sale does not wait for a name that an event of its group needs', async (t) => {
  const url = await newSchema();
  const ledger = await openOn(t, url);
  await keepTexts(ledger);
  const market = { marketplace: orderOf().marketplace };
  const alias = factOf('order-id:I1', { kind: 'alias', of: 'order:L1' }, market);
  await ledger.issueFirst(issueOf({ order: 'L1' }));
  await ledger.ingest(eventOf('alias', [alias]));
  const client = await holdAlone(url, 'L1');
  t.teardown(() => client.end());
  const start = performance.now();
  const event = ledger.ingest(eventOf('refund', [factOf('order-id:I1', { kind: 'refunded' }, market)]));
  const sale = ledger.issueFirst(issueOf({ order: 'L2' }));
  const refused = t.throwsAsync(event, { code: 'ledger_unavailable' }, 'control: the name is held');
  await sale;
  // The group waits for the name once, for a second.
  const took = performance.now() - start;
  t.true(took < LOOKED_UP_MILLISECONDS, `${took} ms`);
  await refused;
  t.deepEqual(await ledger.count(), { live: 2, test: 0 });
});

test.serial(
  'a row that one act of a group reads and another changes is the row as it was locked',
  async (t) => {
    const url = await newSchema();
    const ledger = await openOn(t, url);
    const other = await openOn(t, url);
    await keepTexts(ledger);
    await ledger.issueFirst(issueOf({ order: 'L0' }));
    await delayWrites(url, 'customer', 0.8);
    const client = await standStill(url, 'L1', '400ms');
    t.teardown(() => client.end().catch(() => {}));
    // The lane waits for L1. Meanwhile the repeat and the erasure become one group, which finds the customer being corrected.
    const corrected = other.correctCustomer(nameOf('L0'), { email: 'king@example.com' });
    const blocked = ledger.issueFirst(
      issueOf({ order: 'L1', customer: { name: undefined, email: undefined } }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    const repeat = ledger.issueFirst(issueOf({ order: 'L0' }));
    const erased = ledger.eraseCustomer(nameOf('L0'));
    t.is((await blocked).outcome, 'issued');
    t.is((await repeat).outcome, 'known');
    t.is(await corrected, 1);
    t.is((await erased).licenses, 1);
    t.deepEqual(await faultsOf(t, url, { idSecret: ID_SECRET, keyring: KEYRING }), []);
  },
);

test.serial('where nothing can be written, a repeat after a reissue gets the new code', async (t) => {
  const url = await newSchema();
  const ledger = await openOn(t, url);
  await keepTexts(ledger);
  const { order, product } = issueOf({ marketplace: 'fastspring', order: 'L0', line: 'app' });
  const ask = async () => {
    const now = () => SOLD_AT + 3000;
    const fulfilled = await fulfill(order, product, { ledger, handouts: new MemoryHandouts(), now });
    return 'licenses' in fulfilled ? fulfilled.licenses.map(({ code }) => code) : fulfilled.outcome;
  };
  await ask();
  const [license] = await ledger.find({ by: 'order', order: 'L0' });
  await ledger.reissue(license!.id, factOf(licenseSubject(license!.id), { kind: 'withdrawn' }));
  const fresh = (await ledger.find({ by: 'order', order: 'L0' })).at(-1);
  const count = async () => (await ledger.countUndelivered(SOLD_AT)).unmailed;
  const client = await lockTable(url, 'license', 'SHARE');
  t.deepEqual(await ask(), [fresh?.code]);
  t.is(await count(), 1, 'the control: it could not be noted');
  await client.end();
  t.deepEqual(await ask(), [fresh?.code]);
  t.is(await count(), 0);
});

test.serial(
  'a sale waits while other transactions have all pens, and is issued once one is free',
  async (t) => {
    const url = await newSchema();
    const ledger = await openOn(t, url);
    await keepTexts(ledger);
    const holder = await connect(url);
    t.teardown(() => holder.end());
    await holder.query('BEGIN');
    t.is((await holder.query('SELECT pen FROM pen FOR UPDATE')).rowCount, 64);
    const sale = ledger.issueFirst(issueOf({ order: 'P1' }));
    t.is(await Promise.race([sale, wait(700, 'waits')]), 'waits');
    await holder.query('ROLLBACK');
    t.is((await sale).outcome, 'issued');
  },
);
