/** New licenses are counted in batches: the sums are right at every moment, whoever wrote them. */
import { join } from 'node:path';
import test from 'ava';
import { DailySums, positionOf } from '../../../src/storage/sqlite/daily.ts';
import { factOf, issueOf } from '../../kit/ledger-data.ts';
import { findingsOf, folderFor, openWithMessage } from '../../kit/ledger-file.ts';

const issuedIn = (rows: ReturnType<DailySums['read']>): number =>
  rows.reduce((sum, { issued }) => sum + issued, 0);

test('the sums hold every license at every moment, while the table gets them in batches', async (t) => {
  const { ledger, connection } = await openWithMessage(t);
  const sums = new DailySums(connection);
  const positions = new Set<number | undefined>();
  for (let order = 1; order <= 7; order++) {
    await ledger.issue(issueOf({ order: `A-${order}`, quantity: 50 }));
    t.is(issuedIn(sums.read()), 50 * order);
    positions.add(positionOf(connection));
  }
  t.deepEqual([...positions], [0, 300], 'once, when 256 were waiting');
  t.deepEqual(findingsOf(connection), []);
});

test('two processes that write one ledger count each license once', async (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  const one = await openWithMessage(t, { file });
  const two = await openWithMessage(t, { file });
  for (let order = 1; order <= 14; order++) {
    const { ledger } = order % 3 === 0 ? two : one;
    await ledger.issue(issueOf({ order: `A-${order}`, quantity: 50 }));
    t.is(issuedIn(new DailySums(one.connection).read()), 50 * order);
  }
  t.true((positionOf(one.connection) ?? 0) >= 450);
  t.deepEqual(findingsOf(two.connection), []);
});

test('processes of one sale each leave no long rest to readers', async (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  for (let order = 1; order <= 7; order++) {
    const { ledger, connection } = await openWithMessage(t, { file });
    await ledger.issue(issueOf({ order: `A-${order}`, quantity: 50 }));
    t.true(50 * order - (positionOf(connection) ?? 0) < 256);
    await ledger.close();
  }
});

test('a license that changed before it is counted is counted as it began', async (t) => {
  const { ledger, connection } = await openWithMessage(t);
  await ledger.issue(issueOf({ order: 'A-1' }));
  const about = { marketplace: 'paddle-classic' } as const;
  await ledger.addFacts([factOf('order:A-1', { kind: 'refunded' }, about)]);
  const total = () => {
    const rows = new DailySums(connection).read();
    return [issuedIn(rows), rows.reduce((sum, { net_revoked }) => sum + net_revoked, 0)];
  };
  t.deepEqual(total(), [1, 1]);
  await ledger.issue(issueOf({ order: 'A-2', quantity: 300 }));
  t.deepEqual(total(), [301, 1]);
  t.deepEqual(findingsOf(connection), []);
});
