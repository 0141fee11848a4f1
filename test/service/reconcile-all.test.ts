/** The timer's reading of marketplaces' APIs: from where, what it notes, and what doctor says of it. */
import test, { type ExecutionContext } from 'ava';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { examineReconciled } from '../../src/doctor/reconciled.ts';
import type { HistoryPage } from '../../src/domain/desk/reconcile.ts';
import type { WantedHistory } from '../../src/marketplaces/marketplace.ts';
import { readable } from '../../src/service/readable-apis.ts';
import { reconcileAll, sinceOf } from '../../src/service/reconcile-all.ts';
import { readReconciledNote } from '../../src/service/reconciled-note.ts';
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

async function shopWith(t: ExecutionContext, pages: readonly HistoryPage[], mode = 'apply') {
  const home = makeHome(t, { env: { ...ENV, RECONCILE: mode } });
  const wanted: WantedHistory[] = [];
  async function* readHistory(given: WantedHistory) {
    wanted.push(given);
    yield* pages;
  }
  const accounts = home.config.accounts.map((account) =>
    account.marketplace === 'lemon-squeezy' ? { ...account, readHistory } : account,
  );
  const config = { ...home.config, accounts };
  const { ledger } = await openWithMessage(t, { products: PRODUCTS, now: () => NOW });
  const catalog = { ...(await loadCatalog(config.productsDir)), all: () => PRODUCTS };
  const { signal } = new AbortController();
  const run = () => reconcileAll({ config, ledger, catalog, now: () => NOW, log: home.log, signal });
  const orders = async () => (await ledger.listOrders({ now: NOW, limit: 10 })).length;
  const doctor = (now = NOW) => examineReconciled(config, now)[0];
  return { run, wanted, config, orders, doctor };
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
