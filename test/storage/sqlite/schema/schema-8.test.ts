/** The migration from schema 7 to 8, and the plans of the outbox's statements. */
import { join } from 'node:path';
import test from 'ava';
import Database from 'better-sqlite3';
import { AppError } from '../../../../src/errors.ts';
import { migrate, openLedgerFile } from '../../../../src/storage/sqlite/file/open.ts';
import { MIGRATIONS, READABLE_FROM } from '../../../../src/storage/sqlite/schema/migrations.ts';
import { SqliteLedger } from '../../../../src/storage/sqlite/sqlite-ledger.ts';
import { findingsOf, folderFor, openLedger } from '../../../kit/ledger-file.ts';
import { SOLD_AT } from '../../../kit/memory-ledger.ts';
import { ID_SECRET } from '../../../kit/minting.ts';
import { ping } from '../../../kit/outbox.ts';

const BEFORE = MIGRATIONS.slice(0, 7);

test('a ledger of schema 7 is sound after the migration, and its outbox is empty', async (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  openLedgerFile(file, ID_SECRET, BEFORE).close();
  const { ledger, connection } = openLedger(t, { file });
  t.deepEqual(findingsOf(connection), []);
  t.deepEqual(await ledger.outbox.list({ limit: 9 }), []);
  await ledger.outbox.announce([ping('a')], SOLD_AT);
  t.deepEqual(findingsOf(connection), []);
});

test('counts that were edited before the migration are still found after it', (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  const old = openLedgerFile(file, ID_SECRET, BEFORE);
  old.exec('UPDATE pen SET test_licenses = 3');
  old.close();
  const { connection } = openLedger(t, { file });
  t.true(findingsOf(connection).some(({ fault }) => fault === 'were edited'));
});

test('a release of schema 7 refuses the ledger, since it would not count the announcements', (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  openLedgerFile(file, ID_SECRET).close();
  const error = t.throws(() => openLedgerFile(file, ID_SECRET, BEFORE), { instanceOf: AppError });
  t.true(error.message.includes(`readable from schema ${READABLE_FROM} on`), error.message);
  t.true(READABLE_FROM >= 8);
});

test('no statement of the worker scans the outbox', async (t) => {
  const statements = new Set<string>();
  const connection = new Database(':memory:', { verbose: (sql) => statements.add(String(sql)) });
  migrate(connection, ID_SECRET);
  const ledger = new SqliteLedger(connection, { idSecret: ID_SECRET });
  t.teardown(() => ledger.close());
  await ledger.outbox.announce([ping('a')], SOLD_AT);
  statements.clear();
  const lease = SOLD_AT + 1000;
  await ledger.outbox.nextDue(['webhook'], SOLD_AT);
  const [one] = await ledger.outbox.claim({ channels: ['webhook'], now: SOLD_AT, lease, most: 8 });
  const head = { number: one!.number, lease, at: SOLD_AT, counts: true } as const;
  await ledger.outbox.note({ ...head, outcome: 'sent', answer: '204', target: 'works' });
  await ledger.outbox.announce([ping('b')], SOLD_AT);
  await ledger.outbox.hold(SOLD_AT);
  await ledger.outbox.count();
  await ledger.outbox.list({ state: 'given-up', limit: 9 });
  await ledger.outbox.list({ order: 'A', limit: 9 });
  const ran = [...statements].filter((sql) => /\boutbox\b/.test(sql) && !/^\s*INSERT/.test(sql));
  t.true(ran.length >= 8, String(ran.length));
  const scans = ran.flatMap((sql) => {
    const plan = connection.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all();
    // A scan of a partial index reads only what is not done.
    return plan.filter(({ detail }) =>
      /SCAN (outbox|o)\b(?! USING (COVERING )?INDEX outbox_state)/.test(detail),
    );
  });
  t.deepEqual(scans, []);
});
