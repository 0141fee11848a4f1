import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { AppError } from '../../../../src/errors.ts';
import { GroupCommit, LARGEST_GROUP } from '../../../../src/storage/sqlite/file/group-commit.ts';
import { type Connection, openLedgerFile } from '../../../../src/storage/sqlite/file/open.ts';
import { folderFor } from '../../../kit/ledger-file.ts';
import { ID_SECRET } from '../../../kit/minting.ts';

const TABLES = [
  {
    name: 'a table to write to',
    sql: `CREATE TABLE parent (a INTEGER PRIMARY KEY) STRICT;
      CREATE TABLE child (a INTEGER PRIMARY KEY REFERENCES parent DEFERRABLE INITIALLY DEFERRED) STRICT;`,
  },
];

/** How long an act waits for the lock, milliseconds. */
const PATIENCE = 1500;

interface Setup {
  readonly file: string;
  readonly connection: Connection;
  readonly group: GroupCommit;
  /** The number of acts of each committed transaction. */
  readonly commits: number[];
  /** The hooks that were called. */
  readonly ends: string[];
  /** Called before a commit and after a rollback. */
  readonly disk: { write: () => void; rolledBack: () => void };
  readonly add: (a: number) => Promise<number>;
  readonly rows: () => number[];
}

function setup(t: ExecutionContext, patience = PATIENCE): Setup {
  const file = join(folderFor(t), 'group.sqlite');
  const connection = openLedgerFile(file, ID_SECRET, TABLES);
  t.teardown(() => connection.close());
  // SQLite does not wait: the tests hold the lock themselves.
  connection.pragma('busy_timeout = 0');
  const commits: number[] = [];
  const ends: string[] = [];
  const disk = { write: () => {}, rolledBack: () => {} };
  const hooks = {
    beforeCommit: () => {
      ends.push('commit');
      disk.write();
    },
    afterCommit: () => void ends.push('committed'),
    afterRollback: () => {
      ends.push('rollback');
      disk.rolledBack();
    },
  };
  const observe = (acts: number, seconds: number) => {
    commits.push(acts);
    t.true(seconds >= 0 && seconds < 60);
  };
  const group = new GroupCommit(connection, hooks, observe, patience);
  const insert = connection.prepare('INSERT INTO parent VALUES (?)');
  const add = (a: number) =>
    group.run(() => {
      insert.run(a);
      return a;
    });
  const rows = () => connection.prepare<[], number>('SELECT a FROM parent ORDER BY a').pluck().all();
  return { file, connection, group, commits, ends, disk, add, rows };
}

test('acts that wait at the same time share one transaction, and each gets its own result', async (t) => {
  const { add, commits, rows } = setup(t);
  t.deepEqual(await Promise.all([3, 1, 2].map(add)), [3, 1, 2]);
  t.deepEqual(commits, [3]);
  t.deepEqual(rows(), [1, 2, 3]);
  // The control: acts that wait one after the other have their own transactions.
  await add(4);
  await add(5);
  t.deepEqual(commits, [3, 1, 1]);
});

test('acts run, and their promises resolve, in the order of the calls', async (t) => {
  const { group } = setup(t);
  const run: number[] = [];
  const resolved: number[] = [];
  const acts = Array.from({ length: LARGEST_GROUP + 10 }, (_, a) =>
    group.run(() => run.push(a)).then(() => resolved.push(a)),
  );
  await Promise.all(acts);
  t.deepEqual(
    run,
    acts.map((_, a) => a),
  );
  t.deepEqual(resolved, run);
});

test('no act runs before the turn of the event loop ends', async (t) => {
  const { add, commits } = setup(t);
  const one = add(1);
  await Promise.resolve();
  t.deepEqual(commits, []);
  await one;
  t.deepEqual(commits, [1]);
});

test('a promise resolves after other connections can see the row', async (t) => {
  const { file, add } = setup(t);
  const other = openLedgerFile(file, ID_SECRET, TABLES);
  t.teardown(() => other.close());
  await add(7);
  t.is(other.prepare('SELECT a FROM parent').pluck().get(), 7);
});

test('a group is never larger than its limit, and the rest is in the next groups', async (t) => {
  const { add, commits, rows } = setup(t);
  await Promise.all(Array.from({ length: 2 * LARGEST_GROUP + 1 }, (_, a) => add(a)));
  t.deepEqual(commits, [LARGEST_GROUP, LARGEST_GROUP, 1]);
  t.is(rows().length, 2 * LARGEST_GROUP + 1);
});

test('an act that throws is rolled back, without effect on the other acts of its group', async (t) => {
  const { group, connection, add, rows } = setup(t);
  const fault = new Error('a fault in the act');
  const results = await Promise.allSettled([
    add(1),
    group.run(() => {
      connection.exec('INSERT INTO parent VALUES (100)');
      throw fault;
    }),
    add(2),
    add(1),
    add(3),
  ]);
  t.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
  );
  t.is(rejection(results[1]!), fault);
  // A duplicate row is a fault of Mintmark, not of the disk.
  t.is((rejection(results[3]!) as AppError).code, 'internal');
  t.deepEqual(rows(), [1, 2, 3]);
  t.false(connection.inTransaction);
});

test('a commit that fails rejects all acts of its group, keeps no row of them, and the next commit works', async (t) => {
  const { group, connection, add, rows, commits } = setup(t);
  // COMMIT itself checks a deferred foreign key.
  const orphan = () => group.run(() => connection.exec('INSERT INTO child VALUES (50)'));
  const results = await Promise.allSettled([add(1), orphan(), add(2)]);
  t.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  t.deepEqual(rows(), []);
  t.deepEqual(commits, []);
  t.false(connection.inTransaction);
  // The control: with its parent the same child is kept.
  await Promise.all([add(50), orphan()]);
  t.deepEqual(rows(), [50]);
});

test('acts are rejected after their deadline while another process holds the lock, and later acts work', async (t) => {
  const { file, add, rows, connection } = setup(t);
  const other = openLedgerFile(file, ID_SECRET, TABLES);
  t.teardown(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const results = await Promise.allSettled([add(1), add(2)]);
  for (const result of results) unavailable(t, rejection(result), 'SQLITE_BUSY');
  other.exec('ROLLBACK');
  t.deepEqual(await Promise.all([add(1), add(2)]), [1, 2]);
  t.deepEqual(rows(), [1, 2]);
  t.false(connection.inTransaction);
});

test('acts that wait for the lock keep their order and run once, when the lock is free', async (t) => {
  const { file, group, add, rows, commits } = setup(t);
  const other = openLedgerFile(file, ID_SECRET, TABLES);
  t.teardown(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const run: number[] = [];
  const all = [1, 2, 3].map((a) => group.run(() => run.push(a)));
  await wait(50);
  t.deepEqual(run, [], 'no act has run');
  const late = add(4);
  other.exec('ROLLBACK');
  t.deepEqual(await Promise.all(all), [1, 2, 3]);
  t.is(await late, 4);
  t.deepEqual(run, [1, 2, 3]);
  t.deepEqual(rows(), [4]);
  t.deepEqual(commits, [4], 'in one transaction');
});

test('every act waits for the lock equally long, whenever it came', async (t) => {
  const { file, add } = setup(t);
  const other = openLedgerFile(file, ID_SECRET, TABLES);
  t.teardown(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const first = t.throwsAsync(add(1));
  await wait(PATIENCE / 2);
  const second = add(2);
  await first;
  other.exec('ROLLBACK');
  t.is(await second, 2);
});

test('acts that run alone after a fault wait for the lock too, and keep their order', async (t) => {
  const { file, group, add, connection, disk, rows } = setup(t);
  const other = openLedgerFile(file, ID_SECRET, TABLES);
  t.teardown(() => other.close());
  let rollbacks = 0;
  disk.rolledBack = () => {
    rollbacks += 1;
    // After the group and before its acts run alone.
    if (rollbacks === 1) other.exec('BEGIN IMMEDIATE');
  };
  const fault = group.run(() => {
    connection.exec('INSERT INTO parent VALUES (100)');
    throw new Error('a fault in the act');
  });
  const done: number[] = [];
  const all = [add(1), add(2), add(3)].map(async (one) => done.push(await one));
  const failed = t.throwsAsync(fault);
  await wait(50);
  t.true(rollbacks > 1, 'the lock was held');
  t.deepEqual(done, []);
  other.exec('ROLLBACK');
  await Promise.all(all);
  t.regex((await failed)?.message ?? '', /a fault in the act/);
  t.deepEqual(done, [1, 2, 3]);
  t.deepEqual(rows(), [1, 2, 3]);
});

test('drain rejects acts that wait for the lock after their deadline', async (t) => {
  // drain blocks the event loop: a short deadline.
  const { file, group, add, rows } = setup(t, 20);
  const other = openLedgerFile(file, ID_SECRET, TABLES);
  t.teardown(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const rejected = t.throwsAsync(add(1));
  group.drain();
  unavailable(t, await rejected, 'SQLITE_BUSY');
  other.exec('ROLLBACK');
  t.deepEqual(rows(), []);
});

test('a full disk rejects an act and keeps no row of it, and later acts work', async (t) => {
  const { group, connection, add, rows } = setup(t);
  const large = () => group.run(() => connection.exec('CREATE TABLE large AS SELECT randomblob(1000000)'));
  const limit = connection.pragma('max_page_count', { simple: true });
  const pages = connection.pragma('page_count', { simple: true });
  connection.pragma(`max_page_count = ${pages}`);
  unavailable(t, await t.throwsAsync(large()), 'SQLITE_FULL');
  t.false(connection.inTransaction);
  // Another act of the same group that fits is kept.
  const [fits, full] = await Promise.allSettled([add(1), large()]);
  t.is(fits.status, 'fulfilled');
  unavailable(t, rejection(full), 'SQLITE_FULL');
  t.deepEqual(rows(), [1]);
  connection.pragma(`max_page_count = ${limit}`);
  await large();
  await add(2);
  t.deepEqual(rows(), [1, 2]);
});

test('a read-only ledger rejects acts, and works again when it can be written', async (t) => {
  const { connection, add, rows } = setup(t);
  connection.pragma('query_only = ON');
  unavailable(t, await t.throwsAsync(add(1)), 'SQLITE_READONLY');
  t.false(connection.inTransaction);
  connection.pragma('query_only = OFF');
  await add(1);
  t.deepEqual(rows(), [1]);
});

test('each transaction calls its hooks once: before and after its commit, or after its rollback', async (t) => {
  const { group, connection, ends, add } = setup(t);
  await Promise.all([add(1), add(2)]);
  t.deepEqual(ends.splice(0), ['commit', 'committed']);
  const fault = () => group.run(() => connection.exec('INSERT INTO parent VALUES (1)'));
  await Promise.allSettled([add(3), fault()]);
  // The group, then each act alone.
  t.deepEqual(ends.splice(0), ['rollback', 'commit', 'committed', 'rollback']);
  // COMMIT itself checks a deferred foreign key.
  await Promise.allSettled([group.run(() => connection.exec('INSERT INTO child VALUES (50)'))]);
  t.deepEqual(ends.splice(0), ['commit', 'rollback']);
});

test('a failing hook before the commit rejects all acts of the group, and keeps no row of them', async (t) => {
  const { add, disk, rows } = setup(t);
  disk.write = () => {
    throw new Error('full');
  };
  const results = await Promise.allSettled([add(1), add(2)]);
  t.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  t.deepEqual(rows(), []);
  disk.write = () => {};
  await add(1);
  t.deepEqual(rows(), [1]);
});

test('drain commits all waiting acts at once, also the acts that they add', async (t) => {
  const { group, add, rows, commits } = setup(t);
  let later: Promise<number> | undefined;
  const all = [add(1), group.run(() => (later = add(2)))];
  group.drain();
  t.deepEqual(rows(), [1, 2]);
  await Promise.all(all);
  t.is(await later, 2);
  t.deepEqual(commits, [2, 1]);
});

function rejection(result: PromiseSettledResult<unknown>): unknown {
  return result.status === 'rejected' ? result.reason : undefined;
}

function unavailable(t: ExecutionContext, error: unknown, detail: string): void {
  t.true(error instanceof AppError);
  t.is((error as AppError).code, 'ledger_unavailable');
  t.is((error as AppError).detail?.split(': ')[0], detail);
}
