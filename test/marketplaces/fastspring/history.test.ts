/** Reading the events that FastSpring could not deliver, here from a local server with its limit, its marks and failures. */
import test, { type ExecutionContext } from 'ava';
import { reconcile } from '../../../src/domain/desk/reconcile.ts';
import { readAgain } from '../../../src/marketplaces/fastspring/events.ts';
import { readHistory } from '../../../src/marketplaces/fastspring/history.ts';
import { openWithMessage } from '../../kit/ledger-file.ts';
import { productOf } from '../../kit/product.ts';
import { lastValidOf, readAll, storeApi, wantedSince } from '../../kit/store-api.ts';

const SINCE = '2026-01-10';
const { wanted } = wantedSince(Date.parse(SINCE));
const sold = { products: ['app'], reply: 'markdown', parameters: [] } as const;
const PRODUCTS = [productOf({ id: 'app', marketplaces: { fastspring: sold } })];

function saleOf(number: number, live = true) {
  const data = { id: `id-${number}`, reference: `ACM260111-1111-1111${number}`, live };
  const items = [{ product: 'app', quantity: 1 }];
  const created = Date.UTC(2026, 0, 11) + number * 1000;
  return {
    id: `event-${number}`,
    type: 'order.completed',
    live,
    created,
    processed: false,
    data: { ...data, items },
  };
}

interface Quirks {
  /** Calls that are answered otherwise, by their number. */
  readonly answers?: Readonly<Record<number, { readonly status: number; readonly json: unknown }>>;
  /** Marks are acknowledged and not kept. */
  readonly forgets?: true;
  /** What GET /orders lists, one a page. */
  readonly orders?: readonly Readonly<Record<string, unknown>>[];
}

/** Two events a page; a marked event leaves the list. */
async function shopWith(
  t: ExecutionContext,
  count: number,
  { answers = {}, forgets, orders = [] }: Quirks = {},
) {
  const waiting = new Map(Array.from({ length: count }, (_, place) => [`event-${place}`, saleOf(place)]));
  const { url, asked } = await storeApi(t, ({ pathname, searchParams }, place) => {
    const other = answers[place];
    if (other !== undefined) return other;
    const marked = /^\/events\/(event-\d+)$/.exec(pathname)?.[1];
    if (marked !== undefined) {
      if (forgets !== true) waiting.delete(marked);
      return { json: { events: [{ id: marked, result: 'success' }] } };
    }
    if (pathname === '/subscriptions') return { json: { subscriptions: [] } };
    if (pathname.startsWith('/orders')) return { json: ordersAt(pathname, searchParams) };
    const events = [...waiting.values()].slice(0, 2);
    return {
      json: { action: 'events.get', result: 'success', events, data: events, more: waiting.size > 2 },
    };
  });
  function ordersAt(pathname: string, query: URLSearchParams): object {
    const page = Number(query.get('page'));
    if (pathname !== '/orders') {
      return { orders: orders.filter(({ order }) => pathname.slice(8).split(',').includes(String(order))) };
    }
    const ids = orders.slice(page - 1, page).map(({ order }) => order);
    return {
      action: 'order.getall',
      result: 'success',
      page,
      ...(page < orders.length && { nextPage: page + 1 }),
      orders: ids,
    };
  }
  const api = { username: 'user of a test', password: 'password of a test', url };
  const { ledger } = await openWithMessage(t, { products: PRODUCTS, now: () => Date.UTC(2026, 0, 12) });
  const run = (apply: boolean, by = wanted) =>
    reconcile({
      ledger,
      marketplace: 'fastspring',
      mode: 'live',
      now: Date.UTC(2026, 0, 12),
      pages: readHistory(api, by),
      read: (payload) => readAgain(payload, 'live', PRODUCTS),
      lastValidOf,
      since: SINCE,
      apply,
    });
  const licenses = async () => (await ledger.listOrders({ now: 0, limit: 100 })).length;
  return { run, licenses, waiting, asked, api, ledger };
}

test('what was not delivered is shown, and nothing is marked', async (t) => {
  const { run, licenses, waiting, asked } = await shopWith(t, 2);
  const found = await run(false);
  t.deepEqual(
    found.lacking.map(({ id, outcome }) => `${id} ${outcome}`),
    ['event-0 shown', 'event-1 shown'],
  );
  t.is(asked[0]?.search, '?days=5');
  t.deepEqual([await licenses(), waiting.size, asked.length], [0, 2, 6]);
});

test('more than one page is shown as far as it goes, and says so', async (t) => {
  const { run } = await shopWith(t, 5);
  const found = await run(false);
  t.is(found.read, 2);
  t.regex(found.stopped ?? '', /once these are applied/);
});

test('applied events are marked, page by page until none is left', async (t) => {
  const { run, licenses, waiting } = await shopWith(t, 5);
  const found = await run(true);
  t.deepEqual([found.read, found.stopped, waiting.size], [5, undefined, 0]);
  t.is(await licenses(), 5);
  t.true(found.lacking.every(({ outcome }) => outcome === 'applied'));
  t.deepEqual((await run(true)).lacking, [], 'again');
});

test('an event that cannot be applied keeps no other from being applied, and is said to be left', async (t) => {
  const { run, licenses, waiting } = await shopWith(t, 5);
  waiting.set('event-1', { ...saleOf(1), id: 'event-1', created: 'never' as never });
  const found = await run(true);
  t.deepEqual([...waiting.keys()], ['event-1']);
  t.deepEqual(
    found.lacking.map(({ id, outcome }) => `${id} ${outcome}`),
    ['event-0 applied', 'event-1 failed', 'event-2 applied', 'event-3 applied', 'event-4 applied'],
  );
  t.is(await licenses(), 4);
});

test('an event from before the day, which is left alone, is not marked: FastSpring sends it again, and an earlier day finds it', async (t) => {
  const { run, licenses, waiting } = await shopWith(t, 1);
  const old = { ...saleOf(9), created: Date.UTC(2026, 0, 9, 20), id: 'event-9' };
  waiting.set('event-9', { ...old, data: { ...old.data, changed: Date.UTC(2026, 0, 9, 20) } as never });
  const found = await run(true);
  t.deepEqual([found.older, [...waiting.keys()], await licenses()], [1, ['event-9'], 1]);
});

test('events of the other mode that fill the list are said, and the lists of orders are read all the same', async (t) => {
  const changed = Date.UTC(2026, 0, 11);
  const order = { live: true, completed: true, changed, order: 'id-7', reference: 'ACM260111-1111-11117' };
  const { run, waiting } = await shopWith(t, 0, { orders: [order] });
  for (const number of [1, 2, 3]) waiting.set(`event-${number}`, saleOf(number, false));
  const found = await run(true);
  t.regex(found.stopped ?? '', /these are of the other mode/);
  t.deepEqual(
    found.lacking.map(({ id, outcome }) => `${id} ${outcome}`),
    ['ACM260111-1111-11117 flagged'],
  );
  t.is(waiting.size, 3, 'nothing is marked');
});

test('a 404 is too many calls, and never that there is nothing', async (t) => {
  const busy = { status: 404, json: {} };
  const { run, waiting } = await shopWith(t, 3, { answers: { 0: busy, 2: busy } });
  const { waits, wanted: patient } = wantedSince(Date.parse(SINCE));
  t.is((await run(true, patient)).stopped, undefined);
  t.deepEqual([waits, waiting.size], [[60_000, 60_000], 0]);
  const always = await shopWith(t, 3, {
    answers: Object.fromEntries([0, 1, 2, 3, 4].map((call) => [call, busy])),
  });
  t.regex((await always.run(true)).stopped ?? '', /answered 404/);
});

test('marks that are not kept end the reading', async (t) => {
  const { run } = await shopWith(t, 5, { forgets: true });
  t.regex((await run(true)).stopped ?? '', /came again/);
});

test('credentials that are refused stop at once', async (t) => {
  const { run, asked } = await shopWith(t, 1, { answers: { 0: { status: 401, json: {} } } });
  t.regex((await run(true)).stopped ?? '', /FASTSPRING_API_USERNAME/);
  t.is(asked.length, 1);
});

test('events of the other mode are neither read nor marked; 30 days are asked for at most', async (t) => {
  const { api, asked, waiting } = await shopWith(t, 0);
  waiting.set('event-7', saleOf(7, false));
  const early = wantedSince(Date.parse('2025-01-01')).wanted;
  const late = { ...early, now: Date.parse('2026-01-12') };
  t.deepEqual((await readAll(readHistory(api, late))).payloads, []);
  t.is(asked[0]?.search, '?days=30');
  t.is((await readAll(readHistory(api, { ...late, mode: 'test' }))).payloads.length, 1, 'the control');
});

test('a paid order that neither an event nor a request told is shown, and flagged once; a rebill is none', async (t) => {
  const changed = Date.UTC(2026, 0, 11);
  const told = { live: true, completed: true, changed };
  const { run, asked } = await shopWith(t, 1, {
    orders: [
      { ...told, order: 'id-0', reference: 'ACM260111-1111-11110' },
      { ...told, order: 'id-7', reference: 'ACM260111-1111-11117' },
      { ...told, order: 'id-8', reference: 'ACM260111-1111-11118B' },
      { ...told, order: 'id-9', reference: 'ACM260111-1111-11119', completed: false },
    ],
  });
  const ofSales = async (apply: boolean) =>
    (await run(apply)).lacking
      .filter(({ type }) => type === 'sale')
      .map(({ id, outcome }) => `${id} ${outcome}`);
  t.true((await ofSales(false)).includes('ACM260111-1111-11117 shown'));
  t.deepEqual(await ofSales(true), ['ACM260111-1111-11117 flagged']);
  t.deepEqual(await ofSales(true), []);
  t.true(asked.some(({ pathname }) => pathname === '/orders/id-8'));
  t.regex(
    asked.find(({ pathname }) => pathname === '/orders')?.search ?? '',
    /begin=2026-01-10&end=2026-01-16&scope=live/,
  );
});

test('a 404 on the list of orders is too many calls too', async (t) => {
  const busy = { status: 404, json: {} };
  const always = Object.fromEntries([1, 2, 3, 4, 5].map((call) => [call, busy]));
  t.regex((await (await shopWith(t, 0, { answers: always })).run(true)).stopped ?? '', /answered 404/);
});

test('an answer without a list of orders stops the reading, and says so; so does a failure of their details', async (t) => {
  const without = await shopWith(t, 0, { answers: { 1: { status: 200, json: {} } } });
  t.is((await without.run(true)).stopped, 'no list of orders came');
  const failing = Object.fromEntries([2, 3, 4, 5, 6].map((call) => [call, { status: 500, json: {} }]));
  const orders = [{ order: 'id-7', reference: 'ACM260111-1111-11117' }];
  const stopped = await (await shopWith(t, 0, { answers: failing, orders })).run(true);
  t.regex(stopped.stopped ?? '', /answered 500/);
});

test('of listed orders only those of the mode and the time count, by their reference or their id', async (t) => {
  const changed = Date.UTC(2026, 0, 11);
  const told = { live: true, completed: true, changed };
  const { run } = await shopWith(t, 0, {
    orders: [
      { ...told, order: 'id-1', reference: 'ACM260111-1111-11111', live: false },
      { ...told, order: 'id-2', reference: 'ACM260111-1111-11112', changed: Date.UTC(2026, 0, 1) },
      { live: true, completed: true, changedValue: changed, order: 'id-3' },
      { live: true, completed: true, order: 'id-4' },
    ],
  });
  const sales = (await run(false)).lacking.filter(({ type }) => type === 'sale');
  t.deepEqual(
    sales.map(({ id }) => id),
    ['id-3'],
  );
});

test('cut off at any call, and repeated, it ends like one that was not: each sale once, each mark made', async (t) => {
  const dead = { status: 500, json: {} };
  const whole = await shopWith(t, 3);
  await whole.run(true);
  for (let from = 0; from < whole.asked.length; from++) {
    const tries = [0, 1, 2, 3, 4].map((more) => from + more);
    const answers = Object.fromEntries(tries.map((call) => [call, dead]));
    const { run, licenses, waiting } = await shopWith(t, 3, { answers });
    t.regex((await run(true)).stopped ?? '', /answered 500/, `call ${from}`);
    t.is((await run(true)).stopped, undefined, `after call ${from}`);
    t.deepEqual([await licenses(), waiting.size], [3, 0], `call ${from}`);
  }
});

test('two at the same time feed each sale in once', async (t) => {
  const { run, licenses, waiting, ledger } = await shopWith(t, 6);
  const found = await Promise.all([run(true), run(true), run(true)]);
  t.true(found.every(({ lacking }) => lacking.every(({ outcome }) => outcome !== 'failed')));
  t.is((await run(true)).stopped, undefined);
  t.deepEqual([await licenses(), waiting.size], [6, 0]);
  const story = await ledger.find({ by: 'order', order: 'ACM260111-1111-11113' });
  t.deepEqual(
    story.map(({ unit, history }) => [unit, history.length]),
    [[0, 1]],
  );
  t.is((await ledger.findEvents({ limit: 100 })).length, 6);
});
