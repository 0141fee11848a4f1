/** The console's reads on PostgreSQL: the contract, the same answers as on SQLite, and their limits. */
import { join } from 'node:path';
import test from 'ava';
import { openReader } from '../../src/storage/open-reader.ts';
import { copyToDatabase } from '../../src/storage/postgres/copy.ts';
import { PostgresReader } from '../../src/storage/postgres/reader.ts';
import { Sealer } from '../../src/storage/record/sealer.ts';
import { DailyTable } from '../../src/storage/sqlite/daily.ts';
import { Pen } from '../../src/storage/sqlite/pens.ts';
import { announcing } from '../kit/announcing.ts';
import { issueOf, keepTexts } from '../kit/ledger-data.ts';
import { folderFor, openLedger } from '../kit/ledger-file.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { ID_SECRET } from '../kit/minting.ts';
import { answersOf, makeUp, readerContract } from '../storage/contract/reader.ts';
import { serial } from './database.ts';
import { lockTable, newSchema, openOn, run } from './server.ts';

readerContract(serial, async (t, options) => {
  const url = await newSchema();
  const ledger = await openOn(t, url, options);
  const reader = new PostgresReader(url, ID_SECRET);
  t.teardown(() => reader.close());
  return { ledger, reader };
});

test.serial('every question about the same ledger has the same answer as on SQLite', async (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  const clock = { now: SOLD_AT };
  const { ledger, connection } = openLedger(t, { file, announce: announcing(), now: () => clock.now });
  await makeUp(ledger, clock);
  const url = await newSchema();
  const sealer = new Sealer(ID_SECRET);
  connection.transaction(() => new DailyTable(connection, new Pen(connection, sealer)).catchUp())();
  await copyToDatabase(connection, url, sealer, () => {});
  const [one, two] = [openReader(file, ID_SECRET), new PostgresReader(url, ID_SECRET)];
  t.teardown(() => Promise.all([one.close(), two.close()]));
  const [ofFile, ofDatabase] = [await answersOf(one, clock.now), await answersOf(two, clock.now)];
  // Bytes come from the worker as Uint8Array, and from the database as Buffer.
  const plain = (answers: unknown) =>
    JSON.parse(
      JSON.stringify(answers, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      ).replaceAll(/\{"type":"Buffer","data":\[([\d,]*)\]\}/g, (_, bytes: string) =>
        JSON.stringify(Buffer.from(bytes.split(',').map(Number)).toString('hex')),
      ),
    ) as Record<string, unknown>;
  for (const [question, answer] of Object.entries(plain(ofFile)))
    t.deepEqual(plain(ofDatabase)[question], answer, question);
  const empty = Object.entries(plain(ofFile)).filter(([, answer]) => JSON.stringify(answer) === '[]');
  t.true(empty.length < 12, `control: ${empty.map(([question]) => question).join()}`);
});

test.serial('what several pens numbered is listed by time', async (t) => {
  const url = await newSchema();
  const [one, two] = [await openOn(t, url), await openOn(t, url)];
  await keepTexts(one);
  for (let place = 0; place < 6; place++) {
    const at = SOLD_AT + place * 1000;
    const order = `T${place}`;
    await (place % 2 === 0 ? one : two).issue(issueOf({ order }, { at }));
    await run(
      `UPDATE license SET number = number + (CASE WHEN ${place} % 2 = 0 THEN 0 ELSE 1::bigint << 40 END)
      WHERE order_id = '${order}'`,
      url,
    );
  }
  const reader = new PostgresReader(url, ID_SECRET);
  t.teardown(() => reader.close());
  const orders = await reader.listOrderPage({ mode: 'live', limit: 10, now: SOLD_AT });
  t.deepEqual(
    orders.map(({ order }) => order),
    ['T5', 'T4', 'T3', 'T2', 'T1', 'T0'],
  );
  const { number } = orders[2] ?? { number: 0 };
  const next = await reader.listLicensePage({ mode: 'live', limit: 2, before: number });
  t.deepEqual(
    next.map(({ order }) => order),
    ['T2', 'T1'],
  );
});

test.serial('a read that takes too long is refused, and the next one is answered', async (t) => {
  const url = await newSchema();
  await openOn(t, url);
  const impatient = new PostgresReader(url, ID_SECRET, { limit: 300 });
  t.teardown(() => impatient.close());
  await impatient.attention('live');
  const client = await lockTable(url, 'event');
  await t.throwsAsync(impatient.attention('live'), { code: 'ledger_unavailable' });
  t.deepEqual(await impatient.findOrdersBeginning('live', 'A', 1), [], 'others are answered meanwhile');
  await client.end();
  t.deepEqual(await impatient.attention('live'), { failedEvents: 0, openFlags: 0, stuckAnnouncements: 0 });
});

test.serial('a slow list keeps no repeat of a sale waiting', async (t) => {
  const url = await newSchema();
  const ledger = await openOn(t, url);
  await keepTexts(ledger);
  await ledger.issue(issueOf());
  const client = await lockTable(url, 'flag');
  const slow = ledger.countFlags();
  t.is((await ledger.findOrder(issueOf().order))?.licenses.length, 1);
  await ledger.probe();
  await client.end();
  t.deepEqual(await slow, {});
});
