/** Plans: whatever a table held when a plan was made, acts and repeats find their rows by an index. */
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import type { Ledger } from '../../src/domain/ledger.ts';
import type { LedgerReader } from '../../src/domain/ledger-reader.ts';
import { licenseSubject } from '../../src/domain/license-subject.ts';
import { PostgresReader } from '../../src/storage/postgres/reader.ts';
import { announcing } from '../kit/announcing.ts';
import { eventOf, factOf, issueOf, issueTo, keepTexts, orderOf } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { ID_SECRET } from '../kit/minting.ts';
import { newSchema, openOn, run } from './server.ts';

/** The tables that grow with sales. */
const LARGE = [
  'license',
  'code',
  'fulfillment',
  'history',
  'customer',
  'event',
  'fact',
  'flag',
  'owed',
  'outbox',
  'inquiry',
  'address_change',
  'link_generation',
  'unit_note',
  'withdrawal',
  'download',
];
const ROWS = 20_000;

/** A search of an act reads a few rows. One by a wrong index reads those of all orders, as many as there are. */
const MOST_READ = ROWS / 10;

interface Scans {
  /** Tables that were read as a whole, and how often. */
  readonly whole: Readonly<Record<string, number>>;
  /** The rows that each index was read for. */
  readonly read: Readonly<Record<string, number>>;
}

async function scans(url: string): Promise<Scans> {
  // A backend reports its counts at most once a second.
  await wait(1500);
  const whole = await run(
    'SELECT relname AS name, seq_scan::int AS scans FROM pg_stat_user_tables WHERE schemaname = current_schema()',
    url,
  );
  const read = await run(
    `SELECT indexrelname AS name, idx_tup_read::int AS scans FROM pg_stat_user_indexes
    WHERE schemaname = current_schema()`,
    url,
  );
  const of = (rows: typeof read) =>
    Object.fromEntries(rows.map(({ name, scans }) => [String(name), Number(scans)]));
  return { whole: of(whole), read: of(read) };
}

/** The indexes that were read for too many rows between two moments. */
function wideReads(before: Scans, after: Scans): readonly string[] {
  return Object.keys(after.read).filter(
    (name) => (after.read[name] ?? 0) - (before.read[name] ?? 0) > MOST_READ,
  );
}

/** Rows of other orders, as they are in a ledger that is in use. */
function fill(url: string): Promise<unknown> {
  return run(
    `INSERT INTO license
      SELECT 10000 + n, decode(lpad(to_hex(n), 32, '0'), 'hex'), marketplace, mode, 'F' || n, line, product, unit, reissue,
        state, revision, customer, 'S' || n, terms, first_code, first_revision, issued_at, cause, quantity, message, alone,
        total, currency, delivered_at, last_valid, reach, handed, due, seal
      FROM (SELECT * FROM license LIMIT 1) l, generate_series(1, ${ROWS}) n;
    INSERT INTO fact
      SELECT 'order:F' || n, marketplace, mode, key, at, kind, body, cause, 'order-id:I' || n, seal
      FROM (SELECT * FROM fact LIMIT 1) f, generate_series(1, ${ROWS}) n;
    INSERT INTO event
      SELECT 10000 + n, marketplace, mode, 'E' || n, type, at, received_at, payload, digest, outcome, fault, attempts
      FROM (SELECT * FROM event LIMIT 1) e, generate_series(1, ${ROWS}) n;
    INSERT INTO history
      SELECT 10000 + n, 1, at, from_state, to_state, revision, cause, seal
      FROM (SELECT * FROM history LIMIT 1) h, generate_series(1, ${ROWS}) n;
    INSERT INTO download
      SELECT 10000 + n, decode(lpad(to_hex(n), 32, '0'), 'hex'), product, version, file, link, size, state, asked_at,
        last_at, covered, seal
      FROM (SELECT * FROM download LIMIT 1) d, generate_series(1, ${ROWS}) n`,
    url,
  );
}

/** What the console asks on its busiest pages. */
async function askConsole(reader: LedgerReader): Promise<void> {
  const page = { mode: 'live', limit: 5 } as const;
  const [first] = await reader.listOrderPage({ ...page, now: SOLD_AT });
  const before = first?.number ?? 0;
  await reader.listOrderPage({ ...page, before, now: SOLD_AT });
  await reader.listLicensePage(page);
  await reader.listLicensePage({ ...page, before });
  const [event] = await reader.listEventPage({ ...page, which: 'all' });
  for (const which of ['all', 'failed', 'flagged'] as const)
    await reader.listEventPage({ ...page, which, before: event?.number });
  await reader.listAnnouncements({ limit: 5, order: 'P1' });
  await reader.listAnnouncements({ limit: 5, state: 'waiting' });
  await reader.listAnnouncements({ limit: 5 });
  await reader.countAnnouncements('live');
  await reader.attention('live');
  await reader.findOrdersBeginning('live', 'P', 5);
  await reader.find({ by: 'order', order: 'P1' });
}

/** What customers do by themselves. */
async function selfServe({ selfService, outbox }: Ledger, license: Uint8Array): Promise<void> {
  await selfService.ask({ order: 'P1', email: 'ada@example.com' }, SOLD_AT);
  const [asked] = await outbox.list({ channel: 'inquiry', limit: 1 });
  await selfService.answer(asked?.number ?? 0, [], SOLD_AT);
  await selfService.askAddress(license, 'new@example.org', SOLD_AT);
  const change = await selfService.pendingChange(license, SOLD_AT);
  await selfService.confirmAddress(change?.number ?? 0, SOLD_AT);
  await selfService.forget(SOLD_AT + 1);
}

async function download({ downloads }: Ledger, license: Uint8Array): Promise<void> {
  const file = { product: 'app', version: '1', file: 'App.zip', link: 1, size: 9 };
  await downloads.note({ ...file, license, range: [0, 9], from: 0, at: SOLD_AT });
  await downloads.countDone(license, SOLD_AT);
  await downloads.ofLicense(license, 5);
}

test.serial(
  'acts and repeats read no large table as a whole, also by plans that were made while it was empty',
  async (t) => {
    const url = await newSchema();
    const ledger = await openOn(t, url, { announce: announcing() });
    const reader = new PostgresReader(url, ID_SECRET);
    t.teardown(() => reader.close());
    await run('ANALYZE', url);
    await keepTexts(ledger);
    let turn = 0;
    const sell = async () => {
      turn += 1;
      const order = `P${turn}`;
      const { held } = await issueTo(ledger, issueOf({ order }));
      const market = { marketplace: orderOf().marketplace };
      const subject = licenseSubject(held.licenses[0].id);
      await ledger.ingest({
        ...eventOf(`e${turn}`, [factOf(subject, { kind: 'withdrawn' }, market)]),
        ...market,
      });
      await ledger.findOrder(orderOf({ order }));
      await ledger.issue(issueOf({ order }));
      // Sold, and then repeated.
      for (let time = 0; time < 2; time++) await ledger.issueFirst(issueOf({ order: `first ${order}` }));
      await ledger.find({ by: 'order', order });
      await ledger.outbox.claim({ channels: ['webhook', 'mail'], now: SOLD_AT, lease: SOLD_AT + 1, most: 8 });
      await ledger.settleDue(SOLD_AT);
      return held.licenses[0].id;
    };
    const show = async (license: Uint8Array) => {
      await askConsole(reader);
      await selfServe(ledger, license);
      await download(ledger, license);
    };
    await show(await sell());
    await fill(url);
    const before = await scans(url);
    const license = await sell();
    const sold = await scans(url);
    await show(license);
    const after = await scans(url);
    t.deepEqual(
      LARGE.filter((table) => after.whole[table] !== before.whole[table]),
      [],
    );
    t.deepEqual(wideReads(before, sold), []);
    await run('SELECT count(customer) FROM license', url);
    await run("SET enable_seqscan = off; SELECT count(customer) FROM license WHERE mode = 'live'", url);
    const control = await scans(url);
    t.not(control.whole['license'], after.whole['license'], 'control: a scan of a whole table is counted');
    t.not(
      wideReads(after, control).length,
      0,
      'control: a search by an index that finds all rows is counted',
    );
  },
);
