/** The tables of the revocation lists follow the licenses, sales do not write them, and the check finds edits of them. */
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import { readIdSecret } from '../../../src/keyring/id-secret.ts';
import type { Config } from '../../../src/service/config.ts';
import { type Connection, openLedgerFile } from '../../../src/storage/sqlite/file/open.ts';
import fc from '../../kit/fast-check.ts';
import { issueOf, orderOf, soldProduct } from '../../kit/ledger-data.ts';
import { dump, findingsOf, openLedger, openWithMessage } from '../../kit/ledger-file.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { schema5 } from '../../kit/old-ledgers.ts';
import { bodies, days, listAt, sell, tell } from '../../kit/withdrawals.ts';

const DAY = 86_400_000;
const PRODUCTS = [soldProduct('app')];

const open = (t: ExecutionContext) => openWithMessage(t, { products: PRODUCTS });

test('after any facts the check finds nothing in the tables of the lists', async (t) => {
  const { ledger, connection } = await open(t);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(bodies, days), { minLength: 1, maxLength: 8 }),
      days,
      async (life, day) => {
        run += 1;
        await sell(ledger, `R${run}`, 2);
        for (const [body, at] of life) await tell(ledger, `R${run}`, body, SOLD_AT + at * DAY);
        await listAt(ledger, SOLD_AT + day * DAY);
      },
    ),
    { numRuns: 20 },
  );
  t.true((dump(connection)['withdrawal']?.length ?? 0) > 0, 'the control: the tables have rows');
  t.deepEqual(findingsOf(connection), []);
});

test('sales, repeats and renewals write neither table; a refund writes both', async (t) => {
  const { ledger, connection } = await open(t);
  const { seq } = await ledger.publishList('app', 1, SOLD_AT);
  const written = () => {
    const { withdrawal, revocation_list } = dump(connection);
    return { withdrawal, revocation_list };
  };
  const before = written();
  await ledger.issue(issueOf({ quantity: 3 }));
  await ledger.issue(issueOf({ quantity: 3 }));
  await ledger.noteDelivery(orderOf(), 0, SOLD_AT);
  await sell(ledger, 'R1');
  for (const until of ['2028-02-01', '2028-03-01', '2028-04-01']) {
    await tell(ledger, 'R1', { kind: 'paid', until, sequence: null });
  }
  t.deepEqual(written(), before);
  t.is(await ledger.findListSeq('app'), seq);
  await tell(ledger, 'R1', { kind: 'refunded' });
  t.notDeepEqual(written(), before);
  t.is(await ledger.findListSeq('app'), undefined);
});

/** A ledger of schema 2: without lists and tallies. */
function beforeLists(t: ExecutionContext, more = ''): Config {
  const { config } = schema5(t);
  const connection = new Database(config.ledgerFile);
  connection.exec(
    'DROP TABLE tally; DROP TABLE withdrawal; DROP TABLE revocation_list; PRAGMA user_version = 2',
  );
  connection.exec(more);
  connection.close();
  return config;
}

test('opening a ledger without revocation lists adds entries for its withdrawn licenses', (t) => {
  const entries = (config: Config) => {
    const connection = openLedgerFile(config.ledgerFile, readIdSecret(config.keysDir));
    const rows = dump(connection)['withdrawal'];
    connection.close();
    return rows;
  };
  const filled = entries(beforeLists(t));
  t.true(filled!.length > 2);
  t.deepEqual(filled, entries(schema5(t).config), 'the same entries as in the ledger with lists');
});

test('an old ledger with an unreadable code can be opened: its license is listed for ever', (t) => {
  const config = beforeLists(t, "UPDATE code SET text = printf('%0160d', 0) WHERE license = 6");
  const connection = openLedgerFile(config.ledgerFile, readIdSecret(config.keysDir));
  const [entry] = connection.prepare('SELECT listed, since, until FROM withdrawal WHERE license = 6').all();
  connection.close();
  t.deepEqual(entry, { listed: 'revoked', since: null, until: null });
});

/** A ledger with an active, a revoked, a suspended and an ended license, and a published list. */
async function published(t: ExecutionContext): Promise<Connection> {
  const { ledger, connection } = await open(t);
  for (const order of ['R1', 'R2', 'R3', 'R4']) await sell(ledger, order);
  await tell(ledger, 'R2', { kind: 'refunded' });
  await tell(ledger, 'R3', { kind: 'paused' });
  await tell(ledger, 'R4', { kind: 'deactivated', on: '2026-12-24' });
  await ledger.publishList('app', 1, SOLD_AT + DAY);
  await ledger.publishList('other', 1, SOLD_AT + DAY);
  return connection;
}

const COPY = 'SELECT product, digest, license, listed, since, until FROM withdrawal WHERE license = 2';
const EDITS: readonly (readonly [string, string])[] = [
  ['a deleted entry', 'DELETE FROM withdrawal WHERE license = 2'],
  ['an entry of an active license', `INSERT INTO withdrawal ${COPY.replace('license,', '1,')}`],
  ['a second entry', `INSERT INTO withdrawal ${COPY.replace('digest', "x'0000000000000000'")}`],
  ['an entry under another product', "UPDATE withdrawal SET product = 'other' WHERE license = 2"],
  ['an entry under another digest', "UPDATE withdrawal SET digest = x'0000000000000000' WHERE license = 2"],
  ['an entry of no license', 'UPDATE withdrawal SET license = 77 WHERE license = 2'],
  ['an entry of another kind', "UPDATE withdrawal SET listed = 'suspended' WHERE license = 2"],
  ['an entry that begins later', "UPDATE withdrawal SET since = '2027-01-01' WHERE license = 2"],
  ['an entry that begins at once', 'UPDATE withdrawal SET since = NULL WHERE license = 4'],
  ['an entry that ends earlier', "UPDATE withdrawal SET until = '2026-12-31' WHERE license = 2"],
  ['an entry that never ends', 'UPDATE withdrawal SET until = NULL WHERE license = 3'],
  ['a list of a lower number', 'UPDATE revocation_list SET seq = seq - 1'],
  ['a list of another time', 'UPDATE revocation_list SET iat = iat + 1'],
  ['a list that is due later', 'UPDATE revocation_list SET nxt = nxt + 1'],
  ['a list by another key', 'UPDATE revocation_list SET key_id = 2'],
  ['a list of another day', "UPDATE revocation_list SET day = '2026-11-30'"],
  ['a list of another content', 'UPDATE revocation_list SET digest = zeroblob(32)'],
  ['a list without a seal', 'UPDATE revocation_list SET seal = zeroblob(16)'],
  ['the list of another product', "UPDATE revocation_list SET product = 'app2' WHERE product = 'app'"],
];

test('the check finds every missing, surplus and edited entry, and every edit of a list', async (t) => {
  const connection = await published(t);
  t.deepEqual(findingsOf(connection), [], 'the control: no finding before the edits');
  const bytes = connection.serialize();
  // A database in memory has no WAL (sqlite.org/fileformat.html, 1.3.3).
  bytes.fill(1, 18, 20);
  for (const [what, sql] of EDITS) {
    const copy = new Database(Buffer.from(bytes));
    copy.pragma('foreign_keys = OFF');
    copy.exec(sql);
    t.not(findingsOf(copy).length, 0, what);
    copy.close();
  }
});

test('the check finds an unpublished change only if the list is not marked as changed', async (t) => {
  const connection = await published(t);
  const ledger = openLedger(t, { file: connection.name, products: PRODUCTS }).ledger;
  await tell(ledger, 'R1', { kind: 'refunded' });
  t.deepEqual(findingsOf(connection), []);
  connection.exec('UPDATE revocation_list SET changed = 0');
  t.deepEqual(
    findingsOf(connection).map(({ where }) => where),
    ['the revocation list of app'],
  );
});
