/** Reading Gumroad's list of what was paid, here a local server; and a ledger that lost pings, reconciled by it. */
import test, { type ExecutionContext } from 'ava';
import { reconcile } from '../../../src/domain/desk/reconcile.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import { readAgain } from '../../../src/marketplaces/gumroad/events.ts';
import { readHistory } from '../../../src/marketplaces/gumroad/history.ts';
import type { Loose } from '../../../src/marketplaces/loose.ts';
import {
  bought,
  changed,
  charged,
  GumroadSales,
  PRODUCTS,
  renewed,
  type Told,
  told,
} from '../../kit/gumroad.ts';
import { openWithMessage } from '../../kit/ledger-file.ts';
import { MINTER } from '../../kit/minting.ts';
import { lastValidOf, readAll, storeApi, wantedSince } from '../../kit/store-api.ts';
import { at } from '../../kit/world.ts';

const SINCE = '2026-01-09';
const NOW = at('2026-03-11');
const KEY = 'key of a test';
const NAMES = PRODUCTS.flatMap(({ marketplaces }) => marketplaces['gumroad']?.products ?? []);

async function apiWith(t: ExecutionContext, sales: readonly Loose[]) {
  const own = new GumroadSales();
  for (const sale of sales) own.put(sale);
  return storeApi(t, own.answer);
}

function wanted(since = SINCE) {
  return { ...wantedSince(at(since)).wanted, now: NOW, products: NAMES };
}

async function openTold(t: ExecutionContext, events: readonly Told[]) {
  let now = at('2026-01-01');
  const { ledger } = await openWithMessage(t, { products: PRODUCTS, now: () => now });
  for (const { day, payload } of events) {
    now = at(day, 23);
    await ledger.ingest(readAgain(payload, 'live', PRODUCTS).read());
  }
  now = NOW;
  return ledger;
}

const ORDERS = ['M-2026-01-10', 'N-1', 'S1==', 'S2==', 'gift'];

async function standings(ledger: Pick<Ledger, 'find' | 'settleDue'>): Promise<readonly string[]> {
  await ledger.settleDue(NOW);
  const stories = await Promise.all(ORDERS.map((order) => ledger.find({ by: 'order', order })));
  return stories.flat().map(({ product, order, unit, state, code }) => {
    const { lastValid } = MINTER.entitlementOf(code);
    return `${product} ${order}/${unit} ${state} ${lastValid}`;
  });
}

/** `sales`: what the API has now. */
async function reconciled(
  t: ExecutionContext,
  ledger: Ledger,
  sales: readonly Loose[],
  { apply = true, since = SINCE } = {},
) {
  const { url } = await apiWith(t, sales);
  const reading = await reconcile({
    ledger,
    marketplace: 'gumroad',
    mode: 'live',
    now: NOW,
    pages: readHistory({ key: KEY, url }, wanted(since)),
    lastValidOf,
    read: (payload) => readAgain(payload, 'live', PRODUCTS),
    since,
    apply,
  });
  return reading;
}

const tool = bought('2026-01-12', { quantity: 2 });
const other = bought('2026-01-13', { id: 'S2==' });
const back = { ...other, refunded: true };
const [plan, second, third] = [charged('2026-01-10'), renewed('2026-02-10'), renewed('2026-03-10')];
const ended = charged('2026-01-20', { id: 'N-1', subscription: 'N==' });
const over = { ...ended, cancelled: true, dead: true };

/** Sales, a refund, two renewals, and a membership that ended. */
const STORY: readonly Told[] = [
  told('2026-01-12', tool),
  told('2026-01-13', other),
  told('2026-01-15', back, 'refund'),
  told('2026-01-10', plan),
  told('2026-02-10', second),
  told('2026-03-10', third),
  told('2026-01-20', ended),
  changed('2026-02-20', 'subscription_ended', [over]),
];
const LIST = [tool, back, plan, second, third, over];

test('after a loss of each ping, and of all, one reading restores the licenses, and a second finds nothing', async (t) => {
  const whole = await standings(await openTold(t, STORY));
  t.is(whole.length, 5);
  for (const lost of [...STORY, ...STORY.slice(0, 1)].keys()) {
    const rest = lost === STORY.length ? [] : STORY.toSpliced(lost, 1);
    const ledger = await openTold(t, rest);
    const { lacking, stopped } = await reconciled(t, ledger, LIST);
    t.deepEqual([await standings(ledger), stopped], [whole, undefined], `lost ${lost}`);
    const isToldAgain = lost === 1 || lost === 6;
    t.is(lacking.length > 0, !isToldAgain, 'the pings of a refund and of an end tell the sale too');
    t.deepEqual((await reconciled(t, ledger, LIST)).lacking, []);
  }
});

test('what came is lacking nothing, and what is only shown changes nothing', async (t) => {
  const ledger = await openTold(t, STORY);
  t.deepEqual((await reconciled(t, ledger, LIST)).lacking, []);
  const none = await openTold(t, []);
  const { lacking } = await reconciled(t, none, LIST, { apply: false });
  t.true(lacking.length >= LIST.length);
  t.deepEqual(await standings(none), []);
});

test('sales from before the first day are left alone, and a refund of one that is known is seen', async (t) => {
  const { older } = await reconciled(t, await openTold(t, []), [tool, other], { since: '2026-02-01' });
  t.is(older, 2);
  const ledger = await openTold(t, STORY.slice(1, 2));
  await reconciled(t, ledger, [back], { since: '2026-03-01' });
  t.deepEqual(await standings(ledger), ['tool S2==/0 revoked null']);
});

test('a charge from before the first day, of a membership that is not known, issues nothing; a later one does', async (t) => {
  const ledger = await openTold(t, []);
  const { older } = await reconciled(t, ledger, [second, plan], { since: '2026-03-01' });
  t.deepEqual([older, await ledger.find({ by: 'subscription', subscription: 'M==' })], [2, []]);
  await reconciled(t, ledger, [third, second, plan], { since: '2026-03-01' });
  const found = await ledger.find({ by: 'subscription', subscription: 'M==' });
  t.deepEqual(
    found.map(({ order, customer }) => [order, customer.email]),
    [['subscription:M==', 'ada@example.com']],
  );
  const known = await openTold(t, [told('2026-01-10', plan)]);
  const { lacking } = await reconciled(t, known, [second, plan], { since: '2026-03-01' });
  t.is(lacking.length, 1, 'the control: of a membership that is known');
});

test('a membership that was lost whole has one license: its sale is told before its charges, also where reading stops', async (t) => {
  const trial = { free_trial_ends_on: 'Jan 24, 2026', free_trial_ended: true };
  const begun = charged('2026-01-10', { more: trial });
  const changed = charged('2026-01-12', { id: 'again', more: trial });
  for (const sales of [
    [plan, second, third],
    [begun, changed, second, third],
  ]) {
    const ledger = await openTold(t, []);
    await reconciled(t, ledger, sales);
    const found = await ledger.find({ by: 'subscription', subscription: 'M==' });
    t.deepEqual(
      found.map(({ order, state }) => [order, state]),
      [['M-2026-01-10', 'active']],
    );
  }
  const page = { success: true, sales: [third, second, plan], next_page_key: 'next' };
  const { url } = await storeApi(t, (_, place) => ({ json: place === 0 ? page : [] }));
  const { payloads, stopped } = await readAll(readHistory({ key: KEY, url }, wanted()));
  t.deepEqual(
    [payloads.map((payload) => JSON.parse(payload).listed.id), stopped],
    [[plan, second, third].map(({ id }) => id), 'no list of sales came'],
  );
});

test('a gift is listed by its giver: flagged where its receiver was not told, and refunded where it was', async (t) => {
  const giver = bought('2026-01-12', { id: 'giver', more: { is_gift_sender_purchase: true } });
  const unknown = await openTold(t, []);
  await reconciled(t, unknown, [giver]);
  const owed = await unknown.listOrders({ undelivered: true, now: NOW, limit: 9 });
  t.deepEqual([await standings(unknown), owed.map(({ order }) => order)], [[], ['giver']]);
  const gift = bought('2026-01-12', { id: 'gift', price: 0, more: { is_gift_receiver_purchase: true } });
  const ledger = await openTold(t, [told('2026-01-12', gift, 'sale', { giver: 'giver' })]);
  t.deepEqual((await reconciled(t, ledger, [giver])).lacking, []);
  await reconciled(t, ledger, [{ ...giver, refunded: true }]);
  t.deepEqual(await standings(ledger), ['tool gift/0 revoked null']);
});

test('a restart that was never told is seen, and a membership that runs there without a license here is flagged', async (t) => {
  const runs = charged('2026-03-01', { id: 'P-1', subscription: 'P==' });
  const stopped = { ...runs, cancelled: true, dead: true };
  const ledger = await openTold(t, [
    told('2026-03-01', runs),
    changed('2026-03-05', 'subscription_ended', [stopped]),
  ]);
  const state = async () => (await ledger.find({ by: 'order', order: 'P-1' }))[0]?.state;
  t.deepEqual([(await reconciled(t, ledger, [stopped])).lacking, await state()], [[], 'ended']);
  const { lacking } = await reconciled(t, ledger, [runs]);
  t.deepEqual([lacking.map(({ outcome }) => outcome), await state()], [['applied'], 'active']);
  t.deepEqual((await reconciled(t, ledger, [runs])).lacking, []);
  const none = await openTold(t, []);
  const unread = { ...runs, product_id: 'app==', recurring_charge: true, quantity: 0 };
  const seen = (await reconciled(t, none, [unread])).lacking.map(({ outcome }) => outcome);
  t.true(seen.length > 0);
});

test('all pages are read from 120 days before; tests are not listed', async (t) => {
  const sales = Array.from({ length: 25 }, (_, each) => bought('2026-02-10', { id: `sale-${each}` }));
  const { url, asked } = await apiWith(t, sales);
  const { payloads, stopped } = await readAll(readHistory({ key: KEY, url }, wanted()));
  t.deepEqual([new Set(payloads).size, stopped], [25, undefined]);
  t.is(asked.length, 3);
  t.is(asked[0]?.searchParams.get('after'), '2025-09-11');
  t.deepEqual((await readAll(readHistory({ key: KEY, url }, { ...wanted(), mode: 'test' }))).payloads, []);
  t.is(asked.length, 3);
});

test('a list that names its own page as the next, or is none, stops the reading', async (t) => {
  for (const json of [
    { success: true, sales: [], next_page_key: 'same' },
    { success: false },
    { success: true },
  ]) {
    const { url, asked } = await storeApi(t, () => ({ json }));
    t.truthy((await readAll(readHistory({ key: KEY, url }, wanted()))).stopped);
    t.true(asked.length <= 2);
  }
});
