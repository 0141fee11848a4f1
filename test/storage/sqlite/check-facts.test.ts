/** What was told, and what was read from it: an edited row of either is found. */
import test from 'ava';
import { productOf } from '../../domain/support.ts';
import { eventOf, factOf, findingsOf, issueOf, openWithMessage } from '../support.ts';

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
