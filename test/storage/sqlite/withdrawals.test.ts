/** The tables of the revocation lists follow the licenses, sales do not write them, and the check finds edits of them. */
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { FactBody } from '../../../src/domain/fact.ts';
import { licenseSubject } from '../../../src/domain/license-subject.ts';
import { readIdSecret } from '../../../src/keyring/id-secret.ts';
import { DIGEST_BYTES, revocationDigest } from '../../../src/license-code/revocation-list.ts';
import type { Config } from '../../../src/service/config.ts';
import { type Connection, openLedgerFile } from '../../../src/storage/sqlite/open.ts';
import type { SqliteLedger } from '../../../src/storage/sqlite/sqlite-ledger.ts';
import {
  dump,
  eventOf,
  factOf,
  findingsOf,
  issueOf,
  MINTER,
  openLedger,
  openWithMessage,
  orderOf,
  SOLD_AT,
  soldProduct,
} from '../../kit/ledger-file.ts';
import { schema5 } from '../../kit/old-ledgers.ts';

const DAY = 86_400_000;
const PRODUCTS = [soldProduct('app')];

const open = (t: ExecutionContext) => openWithMessage(t, { products: PRODUCTS });

async function sell(ledger: SqliteLedger, order: string, quantity = 1): Promise<void> {
  const sold: FactBody = { kind: 'sold', product: 'app', quantity, line: 'app' };
  await ledger.ingest(eventOf(`sold ${order}`, [factOf(`order:${order}`, sold, { at: SOLD_AT })]));
}

let events = 0;
async function tell(ledger: SqliteLedger, order: string, body: FactBody, at = SOLD_AT + DAY): Promise<void> {
  events += 1;
  await ledger.ingest(
    eventOf(`event ${events}`, [factOf(`order:${order}`, body, { at, key: `event ${events}` })]),
  );
}

const hexes = (bytes: Uint8Array): string[] =>
  Buffer.from(bytes)
    .toString('hex')
    .match(new RegExp(`.{${2 * DIGEST_BYTES}}`, 'g')) ?? [];

async function listAt(ledger: SqliteLedger, at: number) {
  const { revoked, suspended } = await ledger.publishList('app', 1, at);
  return { revoked: hexes(revoked), suspended: hexes(suspended) };
}

/** The list by docs/life.md, computed from the licenses and their codes. */
function expectedAt(connection: Connection, at: number) {
  const reached = new Date(at - 2 * DAY).toISOString().slice(0, 10);
  const licenses = connection
    .prepare<[], { number: number; id: Buffer; state: string; first_code: string }>(
      'SELECT number, id, state, first_code FROM license',
    )
    .all();
  const expected: { revoked: string[]; suspended: string[] } = { revoked: [], suspended: [] };
  for (const { number, id, state, first_code } of licenses) {
    const later = connection
      .prepare<[number], string>('SELECT text FROM code WHERE license = ? ORDER BY revision')
      .pluck()
      .all(number);
    const codes = [first_code, ...later];
    const readable = codes.map((code) => (MINTER.entitlementOf(code).lastValid ?? '9999-12-31') >= reached);
    if (!readable.includes(true)) continue;
    const digest = Buffer.from(revocationDigest(id)).toString('hex');
    const isOver = (state === 'ended' || state === 'active') && !readable.at(-1);
    if (state === 'revoked' || isOver) expected.revoked.push(digest);
    if (state === 'suspended') expected.suspended.push(digest);
  }
  return { revoked: expected.revoked.sort(), suspended: expected.suspended.sort() };
}

const days = fc.integer({ min: -20, max: 500 });
const dayAfter = (count: number) => new Date(SOLD_AT + count * DAY).toISOString().slice(0, 10);
const bodies: fc.Arbitrary<FactBody> = fc.oneof(
  fc.constantFrom<FactBody[]>(
    { kind: 'refunded' },
    { kind: 'charged-back' },
    { kind: 'dispute-won' },
    { kind: 'disputed' },
    { kind: 'overdue' },
    { kind: 'paused' },
    { kind: 'resumed' },
    { kind: 'voided' },
    { kind: 'sold', product: 'app', quantity: 2, line: 'app' },
    { kind: 'returned', product: 'app', quantity: 1 },
    { kind: 'resized', product: 'app', quantity: 1 },
    { kind: 'reinstated' },
    { kind: 'uncanceled' },
  ),
  days.map((count): FactBody => ({ kind: 'paid', until: dayAfter(count), sequence: null })),
  days.map((count): FactBody => ({ kind: 'canceled', last: dayAfter(count) })),
  days.map((count): FactBody => ({ kind: 'deactivated', on: dayAfter(count) })),
  days.map((count): FactBody => ({ kind: 'set-until', until: dayAfter(count) })),
);

test('after any facts, the list of any day holds exactly the licenses that docs/life.md asks for', async (t) => {
  const { ledger, connection } = await open(t);
  let run = 0;
  let listed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(bodies, days), { minLength: 1, maxLength: 8 }),
      days,
      async (life, day) => {
        run += 1;
        await sell(ledger, `R${run}`, 2);
        for (const [body, at] of life) await tell(ledger, `R${run}`, body, SOLD_AT + at * DAY);
        const at = SOLD_AT + day * DAY;
        const list = await listAt(ledger, at);
        listed += list.revoked.length + list.suspended.length;
        t.deepEqual(list, expectedAt(connection, at));
      },
    ),
    { numRuns: 20 },
  );
  t.true(listed > 40, 'the control: the lists have entries');
  t.deepEqual(findingsOf(connection), []);
});

test('after a reissue the old license is listed, and the new license is not', async (t) => {
  const { ledger } = await open(t);
  await sell(ledger, 'R1');
  const [story] = await ledger.find({ by: 'order', order: 'R1' });
  const old = story!.id;
  const fresh = await ledger.reissue(
    old,
    factOf(licenseSubject(old), { kind: 'withdrawn' }, { at: SOLD_AT + DAY }),
  );
  const { revoked } = await listAt(ledger, SOLD_AT + DAY);
  t.deepEqual(revoked, [Buffer.from(revocationDigest(old)).toString('hex')]);
  t.notDeepEqual(Buffer.from(fresh), Buffer.from(old));
});

test('a subscription that ends before its paid day is listed from two days after its end to two days after that day', async (t) => {
  const { ledger } = await open(t);
  await sell(ledger, 'R1');
  await tell(ledger, 'R1', { kind: 'paid', until: '2027-02-01', sequence: null });
  // Sold with a term of a year: the code of the sale is valid longest, to 2027-12-05.
  await tell(ledger, 'R1', { kind: 'deactivated', on: '2027-01-10' }, SOLD_AT + 2 * DAY);
  const count = async (day: string) => (await listAt(ledger, Date.parse(day))).revoked.length;
  t.is(await count('2027-01-12'), 0);
  t.is(await count('2027-01-13'), 1);
  t.is(await count('2027-12-07'), 1);
  t.is(await count('2027-12-08'), 0);
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
