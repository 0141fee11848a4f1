import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { AppError } from '../../../../src/errors.ts';
import { backupLedger } from '../../../../src/storage/sqlite/file/backup.ts';
import { openLedgerFile } from '../../../../src/storage/sqlite/file/open.ts';
import { issueOf, orderOf } from '../../../kit/ledger-data.ts';
import { dump, findingsOf, folderFor, openLedger, openWithMessage } from '../../../kit/ledger-file.ts';
import { ID_SECRET } from '../../../kit/minting.ts';

test('a copy holds every row, passes the check, is readable by its owner only and works as a ledger', async (t) => {
  const { ledger, connection } = await openWithMessage(t);
  await ledger.issue(issueOf({ quantity: 3 }));
  const folder = folderFor(t);
  const file = join(folder, 'copy.sqlite');
  backupLedger(connection, file);
  t.is(statSync(file).mode & 0o777, 0o600);
  t.deepEqual(readdirSync(folder), ['copy.sqlite']);
  const copy = openLedger(t, { file });
  t.deepEqual(dump(copy.connection), dump(connection));
  t.deepEqual(findingsOf(copy.connection), []);
  for (const name of ['user_version', 'application_id']) {
    t.is(copy.connection.pragma(name, { simple: true }), connection.pragma(name, { simple: true }), name);
  }
  // It continues from the state of the ledger: a repeat is repeated, a new order is issued.
  t.is((await copy.ledger.issue(issueOf({ quantity: 3 }))).outcome, 'repeated');
  t.is((await copy.ledger.issue(issueOf({ order: 'new' }))).outcome, 'issued');
});

test('a copy never replaces a file, and leaves no other file', async (t) => {
  const { connection } = await openWithMessage(t);
  const folder = folderFor(t);
  const file = join(folder, 'there.sqlite');
  writeFileSync(file, 'precious');
  const error = t.throws(() => backupLedger(connection, file), { instanceOf: AppError });
  t.is(error?.code, 'bad_usage');
  t.true(error?.message.includes(file));
  t.is(readFileSync(file, 'utf8'), 'precious');
  t.deepEqual(readdirSync(folder), ['there.sqlite']);
});

test('a copy never replaces a folder, or the ledger itself', async (t) => {
  const { connection, file, ledger } = await openWithMessage(t);
  await ledger.issue(issueOf());
  const folder = join(folderFor(t), 'folder');
  mkdirSync(folder);
  for (const place of [folder, file]) {
    t.is(t.throws(() => backupLedger(connection, place), { instanceOf: AppError })?.code, 'bad_usage');
  }
  t.not(await ledger.findOrder(orderOf()), undefined);
});

test('a copy that fails leaves no file', (t) => {
  const folder = folderFor(t);
  const connection = openLedgerFile(join(folderFor(t), 'ledger.sqlite'), ID_SECRET);
  connection.close();
  t.throws(() => backupLedger(connection, join(folder, 'copy.sqlite')), { message: /not open/ });
  t.deepEqual(readdirSync(folder), []);
});

test('the message names a missing folder', async (t) => {
  const { connection } = await openWithMessage(t);
  const file = join(folderFor(t), 'none', 'copy.sqlite');
  const error = t.throws(() => backupLedger(connection, file), { instanceOf: AppError });
  t.is(error?.code, 'bad_usage');
  t.true(error?.message.includes(file));
});

test('a copy of a ledger that another process writes is one state of the ledger', async (t) => {
  const { file, ledger, connection } = await openWithMessage(t);
  await ledger.issue(issueOf({ order: 'first', quantity: 300 }));
  // Both rows of a pair are written in one transaction: a copy with one row of a pair would be torn.
  const writer = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { openLedgerFile } from '${new URL('../../../../src/storage/sqlite/file/open.ts', import.meta.url)}';
       const ledger = openLedgerFile(process.argv[1], Buffer.from(process.argv[2], 'hex'));
       const insert = ledger.prepare('INSERT INTO customer (name, erased, seal) VALUES (?, 0, zeroblob(16))');
       const pair = ledger.transaction((n) => { insert.run('a' + n); insert.run('b' + n); });
       // A pause, as a disk would make: in a folder in memory the rows would grow faster than they can be copied.
       const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
       for (let n = 0; n < 30_000; n++, pause()) { pair.immediate(n); if (n === 3) console.log('writing'); }`,
      file,
      ID_SECRET.toString('hex'),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.teardown(() => writer.kill('SIGKILL'));
  await once(writer.stdout, 'data');
  const sizes: number[] = [];
  for (let i = 0; i < 5; i++) {
    const place = join(folderFor(t), `copy-${i}.sqlite`);
    backupLedger(connection, place);
    const copy = openLedgerFile(place, ID_SECRET);
    t.is(copy.pragma('integrity_check', { simple: true }), 'ok');
    const names = copy
      .prepare<[], string>("SELECT substr(name, 2) FROM customer WHERE name GLOB '[ab][0-9]*'")
      .pluck()
      .all();
    t.is(names.length, 2 * new Set(names).size, 'a pair is torn');
    sizes.push(names.length);
    copy.close();
    t.false(existsSync(`${place}-wal`));
  }
  t.true(sizes.at(-1)! > sizes[0]!, 'the control: rows were written between the copies');
});
