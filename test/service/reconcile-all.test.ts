/** The timer's reading of marketplaces' APIs: from where, what it notes, and what doctor says of it. */
import test, { type ExecutionContext } from 'ava';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { examineDeliveries } from '../../src/doctor/deliveries.ts';
import { examineReconciled } from '../../src/doctor/reconciled.ts';
import type { HistoryPage } from '../../src/domain/desk/reconcile.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import type { WantedHistory } from '../../src/marketplaces/marketplace.ts';
import { kindsOfNeeds, readOpenMatters } from '../../src/outbox/mail/seller-needs.ts';
import { driftFlags } from '../../src/service/drift-flags.ts';
import { readable } from '../../src/service/readable-apis.ts';
import { reconcileAll, sinceOf } from '../../src/service/reconcile-all.ts';
import { readingsOf, readReconciledNote } from '../../src/service/reconciled-note.ts';
import { openWithMessage } from '../kit/ledger-file.ts';
import { ordered, PRODUCTS, tool } from '../kit/lemon-squeezy.ts';
import { makeHome } from '../kit/service.ts';

const NOW = Date.UTC(2026, 0, 10, 14);
const ENV = {
  LEMON_SQUEEZY_WEBHOOK_SECRETS: 'a secret of a test',
  LEMON_SQUEEZY_API_KEY: 'a key of a test',
  STRIPE_WEBHOOK_SECRETS: 'whsec_of_a_test',
};
const SALE: HistoryPage = {
  outcome: 'read',
  payloads: [ordered('2026-01-10', { items: [tool()] }).payload],
};
const STOPPED: HistoryPage = { outcome: 'stopped', answer: 'the API answered 500' };

/** `more`: what a ledger of several instances has. */
function sharedLedger(ledger: Ledger, more: Pick<Ledger, 'takeTurn'> | Pick<Ledger, 'database'>): Ledger {
  const own = (name: keyof Ledger) => {
    const member = ledger[name];
    return typeof member === 'function' ? member.bind(ledger) : member;
  };
  return new Proxy(ledger, {
    get: (_, name) => (name in more ? more[name as keyof typeof more] : own(name as keyof Ledger)),
  });
}

/** `turn`: whether this instance gets it; undefined: it is alone. */
async function shopWith(
  t: ExecutionContext,
  pages: readonly HistoryPage[],
  mode = 'apply',
  turn?: () => boolean,
) {
  let now = NOW;
  const home = makeHome(t, { env: { ...ENV, RECONCILE: mode } });
  const wanted: WantedHistory[] = [];
  async function* readHistory(given: WantedHistory) {
    wanted.push(given);
    for (const page of pages) yield page;
  }
  const accounts = home.config.accounts.map((account) =>
    account.marketplace === 'lemon-squeezy' ? { ...account, readHistory } : account,
  );
  const config = { ...home.config, accounts };
  const { ledger } = await openWithMessage(t, { products: PRODUCTS, now: () => NOW });
  const catalog = { ...(await loadCatalog(config.productsDir)), all: () => PRODUCTS };
  const { signal } = new AbortController();
  const takeTurn = async () => turn?.() ?? true;
  const shared: Ledger = turn === undefined ? ledger : sharedLedger(ledger, { takeTurn });
  const run = (at = NOW) => {
    now = at;
    return reconcileAll({ config, ledger: shared, catalog, now: () => now, log: home.log, signal });
  };
  const flags = async () =>
    (await ledger.findFlags({ settled: false, kind: 'drift', limit: 9 })).map(({ reason }) => reason);
  const orders = async () => (await ledger.listOrders({ now: NOW, limit: 10 })).length;
  const doctor = (now = NOW) => examineReconciled(config, now)[0];
  return { run, wanted, config, orders, doctor, flags, ledger, home, catalog, signal };
}

test('what the ledger lacks is fed in, and noted for doctor and the metrics', async (t) => {
  const { run, wanted, config, orders, doctor } = await shopWith(t, [SALE]);
  t.like(doctor(), { level: 'note', check: 'API of lemon-squeezy' });
  await run();
  t.is(await orders(), 1);
  t.like(wanted[0], { mode: 'live', since: Date.UTC(2026, 0, 10) }, 'the first reading begins with its day');
  t.like(readReconciledNote(config.dataDir)['lemon-squeezy live'], {
    from: '2026-01-10',
    lacking: 1,
    open: 0,
  });
  t.like(doctor(), { level: 'ok' });
  t.like(doctor(NOW + 3 * 86_400_000), { level: 'warning' }, 'the service does not run');
});

test('a sale that is paid, and listed, days after it was made is issued; one from before the first reading is not', async (t) => {
  const pages: HistoryPage[] = [];
  const { run, orders, wanted } = await shopWith(t, pages);
  const later = NOW + 9 * 86_400_000;
  await run();
  await run(later);
  const soldOn = (day: string, id: number) =>
    ordered('2026-01-10', { id, items: [tool()] }).payload.replaceAll('2026-01-10T', `${day}T`);
  pages.push({ outcome: 'read', payloads: [soldOn('2026-01-09', 2)] });
  await run(later + 6 * 3_600_000);
  t.deepEqual([await orders(), wanted.at(-1)?.since], [0, Date.UTC(2026, 0, 17)]);
  pages.push({ outcome: 'read', payloads: [soldOn('2026-01-12', 3)] });
  await run(later + 12 * 3_600_000);
  t.is(await orders(), 1);
});

test('RECONCILE=show changes nothing, and doctor says so; off reads nothing', async (t) => {
  const shown = await shopWith(t, [SALE], 'show');
  await shown.run();
  t.is(await shown.orders(), 0);
  t.regex(shown.doctor()?.so ?? '', /1 entries that the ledger lacks/);
  t.is(readReconciledNote(shown.config.dataDir)['lemon-squeezy live']?.wholeAt, undefined);
  const off = await shopWith(t, [SALE], 'off');
  t.like(off.doctor(), { level: 'note' });
});

test('a reading that stops is a warning, and the next one begins where this one did', async (t) => {
  const { run, config, doctor } = await shopWith(t, [STOPPED]);
  await run();
  t.like(doctor(), { level: 'warning' });
  t.regex(doctor()?.so ?? '', /the API answered 500/);
  const noted = readReconciledNote(config.dataDir)['lemon-squeezy live'];
  t.is(sinceOf(noted, NOW + 9 * 86_400_000), '2026-01-10');
  const whole = { from: '2026-01-10', at: '', wholeAt: '2026-01-20T01:00:00.000Z', lacking: 0, open: 0 };
  t.is(sinceOf(whole, NOW + 9 * 86_400_000), '2026-01-18', 'two days before the last whole reading');
});

test('only a marketplace whose events arrive and whose API a key reads is read', async (t) => {
  const { config } = await shopWith(t, []);
  t.deepEqual(
    readable(config.accounts).map(({ account, mode }) => `${account.marketplace} ${mode}`),
    ['lemon-squeezy live'],
  );
});

test('the metrics tell of an API that is still read, and not of one whose key was removed or that is switched off', async (t) => {
  const { run, config } = await shopWith(t, [SALE]);
  await run();
  t.deepEqual(Object.keys(readingsOf(config)), ['lemon-squeezy live']);
  const accounts = config.accounts.map((account) => ({ ...account, canReadHistory: () => false }));
  t.deepEqual([readingsOf({ ...config, accounts }), readingsOf({ ...config, reconcile: 'off' })], [{}, {}]);
});

const HOUR = 3_600_000;

test('drift is a flag in the ledger, until a reading finds none; one that stops settles nothing', async (t) => {
  const pages: HistoryPage[] = [SALE];
  const { run, flags } = await shopWith(t, pages);
  await run();
  t.regex(
    (await flags()).join(),
    /lemon-squeezy had 1 entries that the ledger lacked\. What can be read was fed in: find out/,
  );
  await run();
  t.deepEqual(await flags(), [], 'a whole reading lacked nothing');
  pages.splice(0, 1, { ...SALE, payloads: [ordered('2026-01-10', { id: 2, items: [tool()] }).payload] });
  await run();
  t.is((await flags()).length, 1, 'it opens again');
  pages.splice(0, 1, STOPPED);
  await run();
  t.is((await flags()).length, 1, 'what stopped has not seen all');
});

test('shown drift says what to run; doctor, and what the seller is mailed, name it', async (t) => {
  const { run, flags, ledger } = await shopWith(t, [SALE], 'show');
  const seen = async () => [
    kindsOfNeeds(await readOpenMatters(ledger, NOW)).includes('flag-drift'),
    (await examineDeliveries(ledger, NOW)).some(({ so }) => so === 'Open flags: 1 drift.'),
  ];
  t.deepEqual(await seen(), [false, false]);
  await run();
  t.deepEqual(await seen(), [true, true]);
  t.regex(
    (await flags()).join(),
    /had 1 entries that the ledger lacked: run {2}reconcile lemon-squeezy --since DAY --apply/,
  );
});

test('an API that is not read to its end for a day is a flag, until it is', async (t) => {
  const pages = [STOPPED];
  const { run, flags } = await shopWith(t, pages);
  await run();
  t.deepEqual(await flags(), [], 'it may be mended within the day');
  await run(NOW + 25 * HOUR);
  t.regex((await flags()).join(), /was not read to its end since 2026-01-10: the API answered 500/);
  pages.splice(0, 1);
  await run(NOW + 31 * HOUR);
  t.deepEqual(await flags(), []);
});

test('what the marketplace no longer keeps is flagged once for a person, and the next reading goes on', async (t) => {
  const pages: HistoryPage[] = [STOPPED];
  const { run, flags, wanted, config } = await shopWith(t, pages);
  await run();
  const late = NOW + 40 * 24 * HOUR;
  pages.splice(0, 1, { outcome: 'stopped', answer: 'events are kept for 30 days there', isAll: true });
  await run(late);
  t.is(wanted[1]?.since, Date.UTC(2026, 0, 10));
  const gap =
    /What lemon-squeezy told after 2026-01-10 was not read while its API still had it: events are kept/;
  t.regex((await flags()).join(), gap);
  t.is((await flags()).length, 1, 'it is not said to be unread as well');
  pages.splice(0, 1);
  await run(late + 6 * HOUR);
  t.is(wanted[2]?.since, Date.UTC(2026, 1, 17), 'two days before the last reading');
  t.regex((await flags()).join(), gap, 'it stays until somebody settles it');
  t.is(readReconciledNote(config.dataDir)['lemon-squeezy live']?.gapFrom, undefined);
});

test('an instance without a disk that stays goes on where the last one was', async (t) => {
  const notes = new Map<string, string>();
  const database = {
    noteInstance: async () => ({ others: 0, differing: 0 }),
    clockAhead: async () => 0,
    connections: async () => ({ used: 1, most: 9 }),
    load: () => [],
    findNote: async (name: string) => notes.get(name),
    writeNote: async (name: string, text: string) => void notes.set(name, text),
  };
  const readFrom = async (at: number, more: object = {}) => {
    const { wanted, config: own, ledger, catalog, home, signal } = await shopWith(t, []);
    const config = { ...own, ...more };
    const shared = sharedLedger(ledger, { database });
    await reconcileAll({ config, ledger: shared, catalog, now: () => at, log: home.log, signal });
    return wanted[0]?.since;
  };
  t.is(await readFrom(NOW), Date.UTC(2026, 0, 10));
  t.is(await readFrom(NOW + 9 * 24 * HOUR), Date.UTC(2026, 0, 10), 'never before the first reading');
  t.is(await readFrom(NOW + 18 * 24 * HOUR), Date.UTC(2026, 0, 17), 'two days before the last one');
  const readOnly = { dataDir: '/proc/nowhere' };
  t.is(await readFrom(NOW + 19 * 24 * HOUR, readOnly), Date.UTC(2026, 0, 26), 'two days before');
  t.is(await readFrom(NOW + 20 * 24 * HOUR), Date.UTC(2026, 0, 27), 'noted where no file can be');
  notes.set('reconciled lemon-squeezy live', 'damaged');
  t.is(await readFrom(NOW + 20 * 24 * HOUR), Date.UTC(2026, 0, 30), 'the control: nothing is known');
});

test('of several instances one reads at a time; the others say so, and keep where they were', async (t) => {
  let isOurs = false;
  const { run, wanted, config, doctor, orders } = await shopWith(t, [SALE], 'apply', () => isOurs);
  await run();
  t.deepEqual([wanted.length, await orders()], [0, 0]);
  t.like(doctor(), { level: 'ok' });
  t.regex(doctor()?.so ?? '', /Another instance read it on 2026-01-10/);
  t.like(doctor(NOW + 72 * HOUR), { level: 'warning' }, 'nobody reads any more');
  isOurs = true;
  await run(NOW + 24 * HOUR);
  t.is(wanted[0]?.since, Date.UTC(2026, 0, 10), 'from its own first day');
  t.is(readReconciledNote(config.dataDir)['lemon-squeezy live']?.elsewhere, undefined);
  t.is(await orders(), 1);
});

test('no fact about drift names a person, and each mode has its own command', (t) => {
  const entry = { from: '2026-01-01', at: '', lacking: 3, open: 0, stopped: 'the API answered 500' };
  const flags = driftFlags({ marketplace: 'stripe', mode: 'test' }, entry, NOW);
  t.deepEqual(
    flags.map(({ flag, isSo }) => [flag.key, flag.mode, isSo]),
    [
      ['reconcile:lacking', 'test', true],
      ['reconcile:unread', 'test', true],
    ],
  );
  t.regex(flags[1]?.flag.reason ?? '', /reconcile stripe --since DAY --test/);
});
