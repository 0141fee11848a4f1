/** The number of statements of an act does not depend on the number of licenses. */
import test from 'ava';
import Database from 'better-sqlite3';
import { migrate } from '../../../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../../../src/storage/sqlite/sqlite-ledger.ts';
import {
  eventOf,
  factOf,
  issueOf,
  keepTexts,
  orderOf,
  rulesFor,
  soldProduct,
} from '../../kit/ledger-data.ts';
import { ID_SECRET } from '../../kit/minting.ts';

/** A ledger in memory that collects the statements that it runs. */
async function openObserved() {
  const statements: string[] = [];
  const connection = new Database(':memory:', {
    verbose: (sql) => {
      statements.push(String(sql).trim());
    },
  });
  migrate(connection, ID_SECRET);
  const products = [soldProduct('app')];
  const ledger = new SqliteLedger(connection, { idSecret: ID_SECRET, rules: rulesFor(products) });
  await keepTexts(ledger, products);
  const during = async (act: () => Promise<unknown>) => {
    statements.length = 0;
    await act();
    return statements.filter((sql) => !/^(BEGIN|COMMIT|PRAGMA wal_checkpoint)/.test(sql));
  };
  const reads = (sql: readonly string[]) => sql.filter((each) => /^(SELECT|WITH)/.test(each));
  return { ledger, during, reads };
}

const FASTSPRING = { marketplace: 'fastspring', order: 'R1', line: 'app' } as const;
const sold = (quantity: number) =>
  factOf('order:R1', { kind: 'sold', product: 'app', quantity, line: 'app' }, { key: 'sold' });

test('a first sale writes one row a unit, the customer and the pen, and reads twice', async (t) => {
  const { ledger, during, reads } = await openObserved();
  // The first sale of a product also records its terms (sold-terms.test.ts).
  await ledger.issue(issueOf({ order: 'earlier' }));
  const sql = await during(() => ledger.issue(issueOf({ quantity: 3 })));
  const writes = sql
    .filter((each) => !reads([each]).length)
    .map((each) => each.replace(/\s+/g, ' ').slice(0, 20));
  t.deepEqual(writes.filter((each) => each.startsWith('INSERT INTO license')).length, 3);
  t.is(writes.filter((each) => each.startsWith('INSERT INTO customer')).length, 1);
  t.is(writes.filter((each) => each.startsWith('UPDATE pen')).length, 1);
  t.is(writes.length, 5, writes.join('\n'));
  t.is(reads(sql).length, 2, 'one read for the order, one for the pen');
});

test('a repeat is one read, without a transaction', async (t) => {
  const { ledger, during } = await openObserved();
  await ledger.issue(issueOf({ quantity: 3 }));
  const sql = await during(() => ledger.findOrder(orderOf()));
  t.is(sql.length, 1);
});

test('an order of a thousand units takes as many statements as an order of a single unit', async (t) => {
  const counts: number[] = [];
  for (const quantity of [1, 1000]) {
    const { ledger, during, reads } = await openObserved();
    await ledger.ingest(eventOf('e1', [sold(quantity)]));
    const asked = await during(() => ledger.issue(issueOf({ ...FASTSPRING, quantity })));
    const refunded = await during(() =>
      ledger.ingest(eventOf('e2', [factOf('order:R1', { kind: 'refunded' })])),
    );
    const found = await during(() => ledger.find({ by: 'order', order: 'R1' }));
    counts.push(reads(asked).length, reads(refunded).length, reads(found).length);
    t.is(
      (await ledger.find({ by: 'order', order: 'R1' })).every(({ state }) => state === 'revoked'),
      true,
    );
  }
  t.deepEqual(counts.slice(0, 3), counts.slice(3));
  t.true(Math.max(...counts) <= 9, counts.join());
});

test('a repeated event takes one read', async (t) => {
  const { ledger, during } = await openObserved();
  await ledger.ingest(eventOf('e1', [sold(1)]));
  t.is((await during(() => ledger.ingest(eventOf('e1', [sold(1)])))).length, 1);
});
