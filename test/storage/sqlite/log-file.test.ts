/** The write-ahead log is written back by whoever read for long, and not by the next sale. */
import test from 'ava';
import Database from 'better-sqlite3';
import { emptyLog, writeBackLog } from '../../../src/storage/sqlite/log-file.ts';
import { issueOf, openWithMessage } from '../support.ts';

/** Pages of the log that are not in the ledger's file yet. */
function pagesBehind(connection: Database.Database): number {
  const [state] = connection.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[];
  return state === undefined ? Number.NaN : state.log - state.checkpointed;
}

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

test('what sales wrote beside a long read is written back by whoever read', async (t) => {
  const { reader, other } = await sellBesideReader(t);
  writeBackLog(other);
  t.true(pagesBehind(other) > 20, 'the control: a reader keeps the log');
  reader.exec('ROLLBACK');
  writeBackLog(reader);
  t.is(pagesBehind(reader), 0);
});

test('the log is emptied beside a writer, and not while somebody reads it', async (t) => {
  const { ledger, reader, other } = await sellBesideReader(t);
  t.false(emptyLog(other));
  reader.exec('ROLLBACK');
  t.true(emptyLog(other));
  await ledger.issue(issueOf({ order: 'after' }));
  t.true(pagesBehind(other) > 0);
});
