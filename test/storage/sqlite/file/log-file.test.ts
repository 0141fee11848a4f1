/** The write-ahead log is written back after long reads and between commits, and not by the next sale. */
import test from 'ava';
import Database from 'better-sqlite3';
import { emptyLog, pagesBehind, writeBackLog } from '../../../../src/storage/sqlite/file/log-file.ts';
import { issueOf } from '../../../kit/ledger-data.ts';
import { openWithMessage } from '../../../kit/ledger-file.ts';

async function sellBesideReader(t: Parameters<typeof openWithMessage>[0]) {
  const { ledger, file } = await openWithMessage(t);
  const [reader, other] = [new Database(file), new Database(file)];
  t.teardown(() => {
    reader.close();
    other.close();
  });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM license').get();
  for (let order = 0; order < 20; order++) await ledger.issue(issueOf({ order: String(order) }));
  return { ledger, reader, other };
}

test('the log of sales during a long read is written back after the read', async (t) => {
  const { reader, other } = await sellBesideReader(t);
  writeBackLog(other);
  t.true(pagesBehind(other) > 20, 'the control: a reader keeps the log');
  reader.exec('ROLLBACK');
  writeBackLog(reader);
  t.is(pagesBehind(reader), 0);
});

test('a log that cannot be written back ends no long read with an error, and loses nothing', async (t) => {
  const { reader, other } = await sellBesideReader(t);
  reader.exec('ROLLBACK');
  const unwritable = new Database(reader.name, { readonly: true });
  t.teardown(() => unwritable.close());
  t.throws(() => unwritable.pragma('wal_checkpoint(PASSIVE)'), { code: 'SQLITE_IOERR_WRITE' }, 'the control');
  t.notThrows(() => writeBackLog(unwritable));
  t.true(pagesBehind(other) > 20);
  writeBackLog(other);
  t.is(pagesBehind(other), 0);
});

test('the log is emptied beside a writer, and not beside a reader', async (t) => {
  const { ledger, reader, other } = await sellBesideReader(t);
  t.false(emptyLog(other));
  reader.exec('ROLLBACK');
  t.true(emptyLog(other));
  await ledger.issue(issueOf({ order: 'after' }));
  t.true(pagesBehind(other) > 0);
});

test('a long log is written back after the replies, and not inside a commit', async (t) => {
  const { ledger, connection } = await openWithMessage(t);
  let most = 0;
  let last = 0;
  let inCommits = 0;
  for (let order = 0; order < 400; order++) {
    await ledger.issue(issueOf({ order: String(order) }));
    const behind = pagesBehind(connection);
    if (behind < last) inCommits += 1;
    most = Math.max(most, behind);
    await new Promise((resolve) => setImmediate(resolve));
    last = pagesBehind(connection);
  }
  t.true(most >= 1000, `the control: ${most} pages`);
  t.true(most < 2000, `${most} pages`);
  t.is(inCommits, 0);
});

test('a disk that fails while the log is written back ends nothing, and the next commit writes it back', async (t) => {
  const { ledger, connection } = await openWithMessage(t);
  const pragma = connection.pragma.bind(connection);
  let failed = 0;
  connection.pragma = (source, options) => {
    if (!source.includes('PASSIVE')) return pragma(source, options);
    failed += 1;
    throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE');
  };
  const sell = async (order: string) => {
    await ledger.issue(issueOf({ order }));
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (let order = 0; failed === 0 && order < 400; order++) await sell(`failing ${order}`);
  t.is(failed, 1);
  connection.pragma = pragma;
  await sell('afterwards');
  t.true(pagesBehind(connection) < 1000);
});
