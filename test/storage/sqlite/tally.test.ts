/** Tallies: what a ledger held before there were any is counted when it is opened. */
import test from 'ava';
import type { AppError } from '../../../src/errors.ts';
import { Sealer } from '../../../src/storage/sqlite/seal.ts';
import { TALLIED, Tallies } from '../../../src/storage/sqlite/tally.ts';
import { productOf } from '../../domain/support.ts';
import { eventOf, factOf, findingsOf, ID_SECRET, openWithMessage } from '../support.ts';

async function beforeTallies(t: Parameters<typeof openWithMessage>[0]) {
  const { connection, ledger } = await openWithMessage(t, { products: [productOf()] });
  await ledger.ingest(eventOf('e1', [factOf('order:1', { kind: 'sold', product: 'app', quantity: 1 })]));
  connection.exec('DELETE FROM tally');
  return { connection, tallies: new Tallies(connection, new Sealer(ID_SECRET)) };
}

test('a ledger of before the tallies is counted once, and sound', async (t) => {
  const { connection, tallies } = await beforeTallies(t);
  t.not(findingsOf(connection).length, 0);
  tallies.begin();
  t.deepEqual(findingsOf(connection), []);
  const changes = connection.prepare('SELECT total_changes()').pluck();
  const before = changes.get();
  tallies.begin();
  t.is(changes.get(), before);
});

test('a ledger that cannot be written is told so where it has to be counted, and nothing is counted by half', async (t) => {
  const { connection, tallies } = await beforeTallies(t);
  connection.pragma('query_only = ON');
  const error = t.throws<AppError>(() => tallies.begin());
  t.is(error?.code, 'ledger_unavailable');
  connection.pragma('query_only = OFF');
  connection.exec(
    "CREATE TRIGGER full BEFORE INSERT ON tally WHEN NEW.name = 'change' BEGIN SELECT RAISE(FAIL, 'full'); END",
  );
  t.throws(() => tallies.begin());
  const count = connection.prepare('SELECT count(*) FROM tally').pluck();
  t.is(count.get(), 0);
  connection.exec('DROP TRIGGER full');
  tallies.begin();
  t.is(count.get(), TALLIED.length);
  t.deepEqual(findingsOf(connection), []);
});
