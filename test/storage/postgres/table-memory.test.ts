/** What working memory tells of a group's changes. */
import test from 'ava';
import { SharedClock } from '../../../src/storage/postgres/session/shared-clock.ts';
import { Workspace } from '../../../src/storage/postgres/workspace.ts';
import { ID_SECRET } from '../../kit/minting.ts';

function workspace() {
  const guards = { onNames() {}, onUnknownTerms() {}, onWaitingMail() {} };
  const memory = new Workspace({
    idSecret: ID_SECRET,
    rules: undefined,
    now: () => 0,
    clock: new SharedClock(() => 0),
    guards,
  });
  memory.begin();
  const pen = Object.fromEntries(
    ['license', 'event', 'customer', 'flag', 'announcement', 'download'].map((name) => [`last_${name}`, 0]),
  );
  const tallies = ['event', 'fact', 'answer', 'change', 'customer', 'flag', 'owed', 'outbox', 'download'];
  const sums = tallies.flatMap((name) => [
    [`${name}_rows`, 0],
    [`${name}_sum`, `\\x${'00'.repeat(16)}`],
  ]);
  memory.loadMany([
    { table: 'held', row: ['stripe live order:1'] },
    {
      table: 'pen',
      row: { pen: 0, ...pen, test_licenses: 0, ...Object.fromEntries(sums), seal: `\\x${'00'.repeat(16)}` },
    },
    { table: 'daily_position', row: null },
  ]);
  memory.note();
  const changesOf = (name: string) => memory.changes().find(({ table }) => table.name === name);
  return { memory, customers: memory.components.customers, changesOf };
}

test('a row that was inserted is told as it was written, without reading it back', (t) => {
  const { memory, customers, changesOf } = workspace();
  const number = customers.add({ name: 'Ada', email: 'ada@example.com' });
  const changes = changesOf('customer');
  t.like(changes?.inserted[0], { number, name: 'Ada', email: 'ada@example.com', erased: 0 });
  t.true(changes?.inserted[0]?.['seal'] instanceof Uint8Array);
  t.deepEqual([changes?.updated, changes?.removed], [[], []]);
  memory.end();
  memory.close();
});

test('a row that was changed after it was inserted is told as it is now', (t) => {
  const { memory, customers, changesOf } = workspace();
  const number = customers.add({ name: 'Ada', email: 'ada@example.com' }) ?? 0;
  const other = customers.add({ name: 'Bob', email: 'bob@example.com' });
  customers.correct(number, { name: 'Ada Byron' });
  const changes = changesOf('customer');
  t.deepEqual(
    changes?.inserted.map((row) => [row['number'], row['name']]).sort(),
    [
      [number, 'Ada Byron'],
      [other, 'Bob'],
    ].sort(),
  );
  t.deepEqual(changes?.updated, []);
  memory.end();
  memory.close();
});

test('nothing of a group is left for the next one', (t) => {
  const { memory, customers, changesOf } = workspace();
  customers.add({ name: 'Ada', email: 'ada@example.com' });
  memory.end();
  memory.begin();
  memory.note();
  t.is(changesOf('customer'), undefined);
  memory.end();
  memory.close();
});
