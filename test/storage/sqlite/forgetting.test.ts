/** Erased people and deleted payloads are in no byte of the files (48), and no sale waits meanwhile (47). */
import { existsSync, readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import { mentions } from '../../../src/storage/sqlite/forgetting.ts';
import { eventOf, factOf, issueOf, nameOf } from '../../kit/ledger-data.ts';
import { findingsOf, openLedger, openWithMessage } from '../../kit/ledger-file.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';

const CANARY = { name: 'Canary Nightingale', email: 'Canary.Ö@nightingale.example' };
const TRACES = ['Canary Nightingale', 'canary.', 'Canary.', 'nightingale'];

/** The texts about the person that are in the files' bytes. */
function traces(file: string): readonly string[] {
  const files = ['', '-wal', '-shm'].map((end) => `${file}${end}`).filter((each) => existsSync(each));
  return TRACES.filter((text) => files.some((each) => readFileSync(each).includes(text)));
}

async function sellToCanary(t: Parameters<typeof openWithMessage>[0], now?: () => number) {
  const opened = await openWithMessage(t, now && { now });
  const { ledger } = opened;
  const order = { marketplace: 'fastspring', line: 'app', customer: CANARY } as const;
  await ledger.issue(issueOf({ ...order, order: 'R1', quantity: 2 }));
  const payload = JSON.stringify({ customer: CANARY, padding: 'x'.repeat(9000) });
  const sold = factOf('order:R1', { kind: 'sold', product: 'app', quantity: 2, line: 'app' });
  await ledger.ingest(eventOf('e1', [sold], { payload }));
  await ledger.keepFailed(eventOf('e2', [], { payload }), 'a fault');
  await ledger.issue(
    issueOf({ ...order, order: 'R2', customer: { name: 'Grace', email: 'grace@example.com' } }),
  );
  return opened;
}

for (const who of [{ email: 'CANARY.ö@NIGHTINGALE.example' }, nameOf('R1', { marketplace: 'fastspring' })]) {
  test(`after an erasure by ${Object.keys(who).at(-1)} no byte of the person is in any file`, async (t) => {
    const { ledger, file, connection } = await sellToCanary(t);
    t.deepEqual(
      traces(file),
      TRACES.filter((text) => text !== 'canary.' || traces(file).includes(text)),
      'the control',
    );
    t.true(traces(file).length > 2);
    t.deepEqual(await ledger.eraseCustomer(who), { licenses: 2, events: 2, others: 0, clean: true });
    t.deepEqual(traces(file), []);
    t.is((await ledger.find({ by: 'email', email: 'grace@example.com' })).length, 1);
    t.deepEqual(findingsOf(connection), []);
  });
}

test('an erasure during a read reports that bytes are left, and a later erasure removes them', async (t) => {
  const { ledger, file } = await sellToCanary(t);
  const reader = new Database(file, { readonly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM license').get();
  const erased = await ledger.eraseCustomer(nameOf('R1', { marketplace: 'fastspring' }));
  t.is(erased.clean, false);
  t.is(erased.licenses, 2);
  t.true(traces(file).length > 0, 'the control: the reader keeps the log');
  reader.close();
  t.true((await ledger.eraseCustomer(nameOf('R1', { marketplace: 'fastspring' }))).clean);
  t.deepEqual(traces(file), []);
});

test('a sale does not wait for an erasure that waits for a reader', async (t) => {
  const { ledger, file } = await sellToCanary(t);
  const reader = new Database(file, { readonly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM license').get();
  const ends: string[] = [];
  const erasing = ledger
    .eraseCustomer(nameOf('R1', { marketplace: 'fastspring' }))
    .finally(() => ends.push('erasure'));
  await ledger.issue(issueOf({ order: 'meanwhile' })).finally(() => ends.push('sale'));
  t.is((await erasing).clean, false);
  t.deepEqual(ends, ['sale', 'erasure']);
  reader.close();
});

test('deleted payloads are in no byte of any file, also payloads of failed events', async (t) => {
  let now = SOLD_AT;
  const { ledger, file, connection } = await sellToCanary(t, () => now);
  await ledger.eraseCustomer({ email: CANARY.email });
  await ledger.keepFailed(eventOf('e3', [], { payload: `email=${CANARY.email}` }), 'a fault');
  t.true(traces(file).length > 0, 'the control');
  now += 1000;
  t.is(await ledger.forgetEvents(now), 1);
  t.deepEqual(traces(file), []);
  t.deepEqual(findingsOf(connection), []);
});

test('the event loop runs during an erasure of many payloads', async (t) => {
  const { ledger } = await sellToCanary(t);
  const payload = 'x'.repeat(5000);
  await Promise.all(
    Array.from({ length: 3000 }, (_, i) => ledger.ingest(eventOf(`many ${i}`, [], { payload }))),
  );
  let turns = 0;
  const count = () => {
    turns += 1;
    if (turns > 0) setImmediate(count);
  };
  setImmediate(count);
  await ledger.eraseCustomer(nameOf('R1', { marketplace: 'fastspring' }));
  const ran = turns;
  turns = Number.NEGATIVE_INFINITY;
  t.true(ran > 8, `${ran} turns`);
});

test('what was read with U+FFFD in place of NUL or half a character is found in the payload', (t) => {
  for (const escaped of ['\\u0000', '\\ud800']) {
    const payload = `{"email":"a${escaped}b@example.com"}`;
    t.true(mentions(payload, ['a\ufffdb@example.com']), escaped);
    t.false(mentions(payload, ['a\ufffdc@example.com']), 'the control');
  }
});

test('deleting payloads takes less than a fifth of the time', async (t) => {
  // Another program may hold up a commit: what is slow itself is slow each time.
  const shares: number[] = [];
  while (shares.length < 5 && !shares.some((share) => share < 1 / 5)) shares.push(await shareOfDeleting(t));
  t.true(shares.at(-1)! < 1 / 5, `${shares}`);
});

/** The part of the time that commits take while payloads are deleted. */
async function shareOfDeleting(t: ExecutionContext): Promise<number> {
  let seconds = 0;
  const { ledger } = await openWithMessage(t, {
    observeCommit: (_, took) => {
      seconds += took;
    },
  });
  const payload = 'x'.repeat(1500);
  await Promise.all(Array.from({ length: 300 }, (_, i) => ledger.ingest(eventOf(`e${i}`, [], { payload }))));
  seconds = 0;
  const start = performance.now();
  t.is(await ledger.forgetEvents(Date.now() + 1000), 300);
  t.true(seconds > 0, 'the control: it writes');
  return seconds / ((performance.now() - start) / 1000);
}

test('deleting payloads stops when the ledger is closed, and continues the next time', async (t) => {
  const { ledger, file } = await openWithMessage(t);
  await Promise.all(Array.from({ length: 300 }, (_, i) => ledger.ingest(eventOf(`e${i}`, []))));
  const forgetting = ledger.forgetEvents(Date.now() + 1000);
  await ledger.close();
  const forgotten = await forgetting;
  t.true(forgotten < 300, `${forgotten}`);
  t.is(await openLedger(t, { file }).ledger.forgetEvents(Date.now() + 1000), 300 - forgotten);
});

test('an erasure that is cut off is done as a whole when it is begun again', async (t) => {
  const { ledger, file } = await sellToCanary(t);
  // Names the person, and not the order.
  const payload = `email=${CANARY.email}&padding=${'x'.repeat(500)}`;
  for (let number = 0; number < 400; number++)
    await ledger.keepFailed(eventOf(`other ${number}`, [], { payload }), 'a fault');
  const who = nameOf('R1', { marketplace: 'fastspring' });
  const erasing = ledger.eraseCustomer(who);
  while (JSON.stringify(await ledger.findEvents({ limit: 500 })).split('x'.repeat(500)).length > 380)
    await new Promise((resolve) => setTimeout(resolve, 1));
  await ledger.close();
  await t.throwsAsync(erasing);
  t.true(traces(file).length > 0, 'the control: it was cut off');
  const again = openLedger(t, { file }).ledger;
  t.true((await again.eraseCustomer(who)).clean);
  t.deepEqual(traces(file), []);
});
