/** What was told, and what was read from it: an edited row of either is found. */
import test from 'ava';
import { productOf } from '../../domain/support.ts';
import { dump, eventOf, factOf, findingsOf, issueOf, openLedger, openWithMessage } from '../support.ts';

const SALE = factOf('order:1', { kind: 'sold', product: 'app', quantity: 1, subscription: 's' });

async function told(t: Parameters<typeof openWithMessage>[0]) {
  const opened = await openWithMessage(t, { products: [productOf()] });
  await opened.ledger.ingest(eventOf('e1', [SALE, factOf('order:1', { kind: 'refunded' })]));
  return opened;
}

test('a ledger with events and facts as they were told has no findings', async (t) => {
  const { connection } = await told(t);
  t.deepEqual(findingsOf(connection), []);
});

for (const [column, value] of [
  ['subject', "'order:2'"],
  ['marketplace', "'manual'"],
  ['mode', "'test'"],
  ['key', "'another'"],
  ['at', 'at + 1'],
  ['kind', "'voided'"],
  ['body', "replace(body, '1', '9')"],
  ['cause', "'nobody'"],
  ['refers', "'subscription:x'"],
] as const) {
  test(`a fact of another ${column} is found`, async (t) => {
    const { connection } = await told(t);
    connection.exec(`UPDATE fact SET ${column} = ${value} WHERE kind = 'sold'`);
    t.true(
      findingsOf(connection).some(({ where, fault }) => /^fact /.test(where) && fault === 'it was edited'),
    );
  });
}

for (const [column, value] of [
  ['number', 'number + 1'],
  ['marketplace', "'manual'"],
  ['mode', "'test'"],
  ['event_id', "'another'"],
  ['type', "'another'"],
  ['at', 'at + 1'],
  ['received_at', 'received_at + 1'],
  ['outcome', "'failed'"],
  ['fault', "'none'"],
  ['attempts', '2'],
  ['flagged', '1'],
] as const) {
  test(`an event of another ${column} is found`, async (t) => {
    const { connection } = await told(t);
    connection.exec(`UPDATE event SET ${column} = ${value}`);
    t.deepEqual(findingsOf(connection), [{ where: 'the events', fault: 'one was edited' }]);
  });
}

for (const table of ['event', 'fact'] as const) {
  test(`the newest ${table} that was removed is found, also where its number is written down anew`, async (t) => {
    const { connection } = await told(t);
    const { rows } = connection.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { rows: number };
    connection.exec(`DELETE FROM ${table} WHERE ${table === 'event' ? 'number = 1' : "kind = 'refunded'"}`);
    const there = { where: `the ${table}s`, fault: `there are ${rows - 1}, and there were ${rows}` };
    t.deepEqual(findingsOf(connection), [there]);
    connection.exec(`UPDATE tally SET rows = rows - 1 WHERE name = '${table}'`);
    t.deepEqual(findingsOf(connection), [{ ...there, fault: 'their number was edited' }]);
    connection.exec(`DELETE FROM tally WHERE name = '${table}'`);
    t.is(findingsOf(connection).length, rows - 1 > 0 ? 1 : 0);
  });
}

test('the newest answer to a rebill that was removed is found, and one to an order that an event issued', async (t) => {
  const { connection, ledger } = await told(t);
  await ledger.issue(issueOf({ marketplace: 'fastspring', order: '1' }));
  const renewal = { marketplace: 'fastspring', mode: 'live', subscription: 's', product: 'app' } as const;
  const { message } = issueOf();
  await ledger.renew({ ...renewal, order: '1B', quantity: 1, message, facts: [], at: SALE.at });
  t.deepEqual(findingsOf(connection), []);
  const where = 'the answers to rebills and to orders that an event issued';
  connection.exec('DELETE FROM fulfillment WHERE sequence = 2');
  t.deepEqual(findingsOf(connection), [{ where, fault: 'there are 1, and there were 2' }]);
  connection.exec('DELETE FROM fulfillment');
  t.deepEqual(findingsOf(connection), [{ where, fault: 'there are 0, and there were 2' }]);
});

test('the newest row of a history that was removed is found, also where nothing changed by it', async (t) => {
  const { connection, ledger } = await told(t);
  await ledger.ingest(eventOf('e4', [factOf('order:1', { kind: 'noted', note: 'seen' })]));
  connection.exec('DELETE FROM history WHERE sequence = (SELECT max(sequence) FROM history)');
  t.deepEqual(findingsOf(connection), [
    { where: 'the changes of licenses', fault: 'there are 1, and there were 2' },
  ]);
});

test('events that come again, fail, are flagged or forgotten, and facts told earlier, keep the tallies true', async (t) => {
  const { connection, ledger } = await told(t);
  const event = eventOf('e2', [factOf('order:1', { kind: 'refunded' }, { key: SALE.key })]);
  await ledger.keepFailed(event, 'a fault');
  await ledger.keepFailed(event, 'another fault');
  t.deepEqual(findingsOf(connection), []);
  await ledger.ingest({ ...event, facts: [{ ...SALE, at: SALE.at - 1 }] });
  await ledger.ingest(event);
  await ledger.ingest(eventOf('e3', [factOf('order:1', { kind: 'noted', note: 'odd', flag: true })]));
  await ledger.forgetEvents(Number.MAX_SAFE_INTEGER);
  t.deepEqual(findingsOf(connection), []);
  const rows = connection
    .prepare("SELECT rows FROM tally WHERE name IN ('event', 'fact') ORDER BY name")
    .pluck()
    .all();
  t.deepEqual(rows, [3, 3]);
});

test('a ledger of before the tallies is counted when it is opened, and checked from then on', async (t) => {
  const { connection, ledger, file } = await told(t);
  const tallies = dump(connection)['tally'];
  t.is(tallies?.length, 4);
  connection.exec('DROP TABLE tally; PRAGMA user_version = 3');
  await ledger.close();
  const again = openLedger(t, { file });
  t.deepEqual(dump(again.connection)['tally'], tallies);
  t.deepEqual(findingsOf(again.connection), []);
});

test('a ledger of when events were counted without their numbers is counted anew, and sound', async (t) => {
  const { connection, ledger, file } = await told(t);
  connection.exec("UPDATE tally SET sum = zeroblob(16) WHERE name = 'event'");
  t.deepEqual(findingsOf(connection), [{ where: 'the events', fault: 'their number was edited' }]);
  connection.pragma('user_version = 4');
  await ledger.close();
  t.deepEqual(findingsOf(openLedger(t, { file }).connection), []);
});

for (const subscription of ["'x'", 'NULL', "'s '"]) {
  test(`a license whose subscription became ${subscription} is found`, async (t) => {
    const { connection } = await told(t);
    connection.exec(`UPDATE license SET subscription = ${subscription}`);
    t.deepEqual(findingsOf(connection), [
      { where: 'license 1', fault: 'its subscription is not what is known of its order' },
    ]);
  });
}

test('a payload of another text is found; a forgotten one is no finding', async (t) => {
  const { connection } = await told(t);
  connection.exec('UPDATE event SET payload = NULL');
  t.deepEqual(findingsOf(connection), []);
  connection.exec("UPDATE event SET payload = '{}'");
  t.deepEqual(
    findingsOf(connection).map(({ fault }) => fault),
    ['its payload does not fit its digest'],
  );
});

test('a license that only an event issued may have no answer; one of a request may not', async (t) => {
  const { connection, ledger } = await told(t);
  await ledger.issue(issueOf({ order: '2' }));
  connection.exec('PRAGMA foreign_keys = OFF; DELETE FROM fulfillment');
  t.deepEqual(
    findingsOf(connection).map(({ fault }) => fault),
    ['its answer is missing'],
  );
});
test('the tallies count what was committed, and nothing of an event that failed in the same group', async (t) => {
  const { ledger, connection } = await told(t);
  const sold = (order: string, product: string) =>
    factOf(`order:${order}`, { kind: 'sold', product, quantity: 2 });
  const quantity = { kind: 'sold', product: 'app', quantity: 100_000 } as const;
  const results = await Promise.allSettled([
    ledger.ingest(eventOf('e2', [sold('2', 'app')])),
    ledger.ingest(eventOf('e3', [factOf('order:3', quantity)])),
    ledger.ingest(eventOf('e4', [sold('4', 'app')])),
  ]);
  t.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  t.deepEqual(findingsOf(connection), []);
  const counted = connection.prepare('SELECT name, rows FROM tally ORDER BY name').raw().all();
  t.deepEqual(counted, [
    ['answer', 0],
    ['change', 5],
    ['event', 3],
    ['fact', 4],
  ]);
});
