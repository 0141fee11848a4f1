import { statSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { AppError } from '../../../src/errors.ts';
import { openLedgerFile } from '../../../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../../../src/storage/sqlite/sqlite-ledger.ts';
import { issueOf, orderOf } from '../../kit/ledger-data.ts';
import { dump, openWithMessage } from '../../kit/ledger-file.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { ID_SECRET } from '../../kit/minting.ts';

const CANARIES = { name: 'Canary Nightingale', email: 'canary@nightingale.example' };

test('name and e-mail address are in the customer table and in no other table', async (t) => {
  const { ledger, connection } = await openWithMessage(t);
  await ledger.issue(issueOf({ quantity: 3, customer: CANARIES }));
  await ledger.issue(issueOf({ quantity: 3, customer: CANARIES }));
  await ledger.noteDelivery(orderOf(), 0, SOLD_AT);
  const others = JSON.stringify(dump(connection, ['customer']));
  t.notRegex(others, /canary|nightingale/i);
  // The control: the dump of the customer table has them, once.
  t.is(dump(connection)['customer']?.length, 1);
  t.regex(JSON.stringify(dump(connection)), /Canary Nightingale.*canary@nightingale\.example/);
});

test('a read-only ledger decides nothing, also for due orders', async (t) => {
  const { ledger, connection, file } = await openWithMessage(t);
  await ledger.issue(issueOf());
  connection.exec('UPDATE license SET due = 1');
  const readOnly = new SqliteLedger(openLedgerFile(file, ID_SECRET), { idSecret: ID_SECRET });
  t.teardown(() => readOnly.close());
  const before = dump(connection);
  await t.throwsAsync(readOnly.settleDue(SOLD_AT), { message: /read-only ledger/ });
  await t.throwsAsync(readOnly.issue(issueOf({ order: 'new' })), { message: /read-only ledger/ });
  t.deepEqual(dump(connection), before);
  // The control: a ledger with rules settles the order.
  t.is(await ledger.settleDue(SOLD_AT), 1);
});

test('a probe writes to the disk and leaves no row', async (t) => {
  const commits: number[] = [];
  const { ledger, file, connection } = await openWithMessage(t, {
    observeCommit: (acts) => commits.push(acts),
  });
  const before = dump(connection);
  const size = statSync(`${file}-wal`).size;
  await ledger.probe();
  t.true(statSync(`${file}-wal`).size > size);
  t.deepEqual(commits.slice(-1), [1]);
  t.deepEqual(dump(connection), before);
});

test('probes that wait at the same time share one commit', async (t) => {
  const commits: number[] = [];
  const { ledger } = await openWithMessage(t, { observeCommit: (acts) => commits.push(acts) });
  await Promise.all(Array.from({ length: 30 }, () => ledger.probe()));
  t.deepEqual(commits.slice(-1), [30]);
});

test('a locked, full or read-only ledger rejects its probe and its issues, and works again afterwards', async (t) => {
  const { ledger, connection, file } = await openWithMessage(t, { lockPatience: 100 });
  const other = openLedgerFile(file, ID_SECRET);
  t.teardown(() => other.close());

  other.exec('BEGIN IMMEDIATE');
  await allUnavailable(t, [ledger.probe(), ledger.issue(issueOf())]);
  t.is(await ledger.findOrder(orderOf()), undefined);
  other.exec('ROLLBACK');
  await ledger.probe();

  connection.pragma('query_only = ON');
  await allUnavailable(t, [ledger.probe(), ledger.issue(issueOf())]);
  connection.pragma('query_only = OFF');

  const limit = connection.pragma('max_page_count', { simple: true });
  const pages = connection.pragma('page_count', { simple: true });
  connection.pragma(`max_page_count = ${pages}`);
  await allUnavailable(t, [ledger.issue(issueOf({ order: 'large', quantity: 500 }))]);
  t.is(await ledger.findOrder(orderOf({ order: 'large' })), undefined);
  connection.pragma(`max_page_count = ${limit}`);

  await ledger.probe();
  t.is((await ledger.issue(issueOf())).outcome, 'issued');
  t.is((await ledger.issue(issueOf({ order: 'large', quantity: 500 }))).outcome, 'issued');
});

async function allUnavailable(t: ExecutionContext, acts: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(acts)) {
    const reason: unknown = result.status === 'rejected' ? result.reason : undefined;
    t.is(reason instanceof AppError && reason.code, 'ledger_unavailable');
  }
}
