/** The terms of a product are recorded with its first license, and never without a license. */
import test from 'ava';
import Database from 'better-sqlite3';
import { keptTermsOf } from '../../../src/catalog/kept-terms.ts';
import { migrate } from '../../../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../../../src/storage/sqlite/sqlite-ledger.ts';
import { issueOf, keepTexts, rulesFor, soldProduct } from '../../kit/ledger-data.ts';
import { ID_SECRET } from '../../kit/minting.ts';

const PRODUCT = soldProduct('app');

async function open() {
  const statements: string[] = [];
  const connection = new Database(':memory:', { verbose: (sql) => statements.push(String(sql).trim()) });
  migrate(connection, ID_SECRET);
  const ledger = new SqliteLedger(connection, { idSecret: ID_SECRET, rules: rulesFor([PRODUCT]) });
  await keepTexts(ledger, [PRODUCT]);
  const notes = () => statements.filter((sql) => /^INSERT INTO sold_terms .*VALUES/.test(sql)).length;
  return { ledger, connection, notes };
}

const SOLD = [{ product: 'app', digest: keptTermsOf(PRODUCT).digest }];

test('the first license records its terms, and later licenses write nothing', async (t) => {
  const { ledger, notes } = await open();
  t.deepEqual(await ledger.soldTerms(), []);
  for (const order of ['1', '2', '3']) await ledger.issue(issueOf({ order }));
  t.deepEqual(await ledger.soldTerms(), SOLD);
  t.is(notes(), 1);
});

test('a failed sale records no terms, and the next sale does', async (t) => {
  const { ledger, connection } = await open();
  connection.exec("CREATE TRIGGER fail BEFORE INSERT ON license BEGIN SELECT RAISE (ABORT, 'no'); END");
  await t.throwsAsync(ledger.issue(issueOf({ order: '1' })));
  t.deepEqual(await ledger.soldTerms(), []);
  connection.exec('DROP TRIGGER fail');
  await ledger.issue(issueOf({ order: '1' }));
  t.deepEqual(await ledger.soldTerms(), SOLD, 'the cache does not keep the terms of the failed sale');
});
