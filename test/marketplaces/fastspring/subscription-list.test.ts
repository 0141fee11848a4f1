/** What FastSpring's API lists of subscriptions, held against the ledger: paging, its limit, failures, and what each state proves. */
import test, { type ExecutionContext } from 'ava';
import { reconcile } from '../../../src/domain/desk/reconcile.ts';
import { readAgain } from '../../../src/marketplaces/fastspring/events.ts';
import { readHistory } from '../../../src/marketplaces/fastspring/history.ts';
import { openWithMessage } from '../../kit/ledger-file.ts';
import { productOf } from '../../kit/product.ts';
import { type Answered, lastValidOf, storeApi, wantedSince } from '../../kit/store-api.ts';

const SINCE = '2026-03-01';
const NOW = Date.UTC(2026, 2, 20);
const CHANGED = Date.UTC(2026, 2, 15);
const { wanted: early } = wantedSince(Date.parse(SINCE));
const sold = { products: ['plan'], reply: 'markdown', parameters: [] } as const;
const PRODUCTS = [productOf({ id: 'plan', term: 'P1M', grace: 'P3D', marketplaces: { fastspring: sold } })];

/** As the API lists it; the ledger knows SUB-1, paid to 2026-04-10. */
function listed(more: Readonly<Record<string, unknown>>, id = 'SUB-1') {
  const usual = { id, subscription: id, live: true, product: 'plan', quantity: 1, changed: CHANGED };
  return { ...usual, state: 'active', autoRenew: true, next: Date.UTC(2026, 3, 10), ...more };
}

interface Around {
  /** By `event`. */
  readonly lists?: Readonly<Record<string, readonly ReturnType<typeof listed>[]>>;
  /** Answers of calls of /subscriptions, by their number. */
  readonly answers?: Readonly<Record<number, Answered>>;
  /** Ids are listed, and the rest is asked for. */
  readonly idsAlone?: true;
}

/** One subscription a page. */
async function shopWith(t: ExecutionContext, { lists = {}, answers = {}, idsAlone }: Around) {
  let calls = 0;
  const all = Object.values(lists).flat();
  const { url, asked } = await storeApi(t, ({ pathname, searchParams: query }) => {
    if (pathname.startsWith('/events')) return { json: { events: [], more: false } };
    if (pathname.startsWith('/orders')) return { json: { orders: [] } };
    const other = answers[calls++];
    if (other !== undefined) return other;
    if (pathname !== '/subscriptions') {
      const ids = pathname.slice('/subscriptions/'.length).split(',');
      const found = all.filter(({ id }) => ids.includes(id));
      return { json: found.length === 1 ? found[0] : { subscriptions: found } };
    }
    const [page, list] = [Number(query.get('page')), lists[query.get('event') ?? ''] ?? []];
    const subscriptions = list.slice(page - 1, page).map((one) => (idsAlone ? one.id : one));
    return { json: { subscriptions, ...(page < list.length && { nextPage: page + 1 }) } };
  });
  const { ledger } = await openWithMessage(t, { products: PRODUCTS, now: () => NOW });
  const tell = async (type: string, day: string, data: object) => {
    const event = { id: `${type}-${day}`, type, live: true, created: Date.parse(`${day}T12:00:00Z`), data };
    await ledger.ingest(readAgain(JSON.stringify(event), 'live', PRODUCTS).read());
  };
  await tell('order.completed', '2026-03-10', {
    id: 'id-1',
    reference: 'ACM260310-1111-11111',
    live: true,
    items: [
      {
        product: 'plan',
        quantity: 1,
        subscription: { id: 'SUB-1', state: 'active', next: Date.UTC(2026, 3, 10) },
      },
    ],
  });
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  const wanted = { ...early, now: NOW, products: ['plan'], wait };
  const run = async (apply = true) => {
    const { lacking, ...rest } = await reconcile({
      ledger,
      marketplace: 'fastspring',
      mode: 'live',
      now: NOW,
      pages: readHistory({ username: 'user of a test', password: 'password of a test', url }, wanted),
      read: (payload) => readAgain(payload, 'live', PRODUCTS),
      lastValidOf,
      since: SINCE,
      apply,
    });
    return { ...rest, lacking: lacking.map(({ id, type, outcome }) => `${type} ${id} ${outcome}`) };
  };
  const standing = async () =>
    (await ledger.find({ by: 'subscription', subscription: 'SUB-1' })).map(
      ({ state, code }) => `${state} ${lastValidOf(code)}`,
    );
  const flags = async () =>
    (await ledger.findFlags({ settled: false, limit: 9 })).map(({ reason }) => reason);
  return { run, asked, waits, standing, flags };
}

const PAID = ['active 2026-04-13'];

test('what the ledger knows is no drift: each list is asked for its days, and each subscription is compared once', async (t) => {
  const { run, asked, standing, flags } = await shopWith(t, {
    lists: { created: [listed({})], charged: [listed({})] },
  });
  t.deepEqual(await run(), { read: 1, lacking: [], older: 0 });
  t.deepEqual([await standing(), await flags()], [PAID, []]);
  const lists = asked.filter(({ pathname }) => pathname === '/subscriptions').map(({ search }) => search);
  t.deepEqual(
    lists,
    ['created', 'charged', 'canceled', 'deactivated'].map(
      (event) => `?begin=2026-03-01&end=2026-03-21&scope=live&event=${event}&limit=50&page=1`,
    ),
  );
});

test('one that ended there ends here, from its own last day, and once', async (t) => {
  const over = listed({ state: 'deactivated', deactivationDate: Date.UTC(2026, 2, 14), next: undefined });
  const { run, standing } = await shopWith(t, { lists: { deactivated: [over] } });
  t.deepEqual((await run(false)).lacking, [
    `subscription.deactivated listed-SUB-1-deactivated-${CHANGED} shown`,
  ]);
  t.deepEqual(await standing(), PAID, 'shown alone');
  t.deepEqual((await run()).lacking, [
    `subscription.deactivated listed-SUB-1-deactivated-${CHANGED} applied`,
  ]);
  t.regex((await standing()).join(), /^ended/);
  t.deepEqual((await run()).lacking, []);
});

test('a cancellation is told with its last day; without one it moves nothing', async (t) => {
  const canceled = listed({ state: 'canceled', deactivationDate: Date.UTC(2026, 3, 5), next: undefined });
  const { run, standing } = await shopWith(t, { lists: { canceled: [canceled] } });
  t.is((await run()).lacking.length, 1);
  t.deepEqual(await standing(), ['active 2026-04-05']);
  t.deepEqual((await run()).lacking, []);
  const dayless = await shopWith(t, { lists: { canceled: [listed({ state: 'canceled' })] } });
  t.deepEqual((await dayless.run()).lacking, []);
  t.deepEqual(await dayless.standing(), PAID);
});

test('one that runs there and not here is flagged once, and pays nothing', async (t) => {
  const ahead = listed({ next: Date.UTC(2026, 6, 10) });
  const { run, standing, flags } = await shopWith(t, { lists: { charged: [ahead] } });
  t.deepEqual((await run(false)).lacking, ['subscription SUB-1 shown']);
  t.deepEqual(await flags(), []);
  t.deepEqual((await run()).lacking, ['subscription SUB-1 flagged']);
  t.deepEqual((await run()).lacking, [], 'again');
  t.regex(
    (await flags()).join(),
    /lists subscription SUB-1 as running to 2026-07-10, and no license of it is/,
  );
  t.deepEqual(await standing(), PAID, 'a list proves no paid day');
});

test('one that nothing follows is flagged where a product file sells it; of the other mode, or changed just now, it is not', async (t) => {
  const { run, flags } = await shopWith(t, {
    lists: {
      created: [
        listed({}, 'SUB-2'),
        listed({ product: 'of another program' }, 'SUB-3'),
        listed({ live: false }, 'SUB-4'),
        listed({ changed: NOW - 60_000 }, 'SUB-5'),
        listed({ changed: Date.UTC(2026, 1, 1) }, 'SUB-6'),
        listed({ state: 'deactivated' }, 'SUB-7'),
      ],
    },
  });
  t.deepEqual(await run(), { read: 5, lacking: ['subscription SUB-2 flagged'], older: 1 });
  t.is((await flags()).filter((reason) => reason.includes('SUB-2, and no license follows it')).length, 1);
});

test('where ids alone are listed, the rest is asked for', async (t) => {
  const lists = { created: [listed({}, 'SUB-2'), listed({}, 'SUB-8')] };
  const { run, asked } = await shopWith(t, { lists, idsAlone: true });
  t.deepEqual((await run()).lacking, ['subscription SUB-2 flagged', 'subscription SUB-8 flagged']);
  t.true(asked.some(({ pathname }) => pathname === '/subscriptions/SUB-8'));
});

test('a 404 is the limit, also between two pages; a failure there stops the reading and says so, and what came before counts', async (t) => {
  const lists = { created: [listed({}, 'SUB-2'), listed({}, 'SUB-8')] };
  const busy: Answered = { status: 404, json: {} };
  const patient = await shopWith(t, { lists, answers: { 1: busy } });
  t.is((await patient.run()).lacking.length, 2);
  t.deepEqual(patient.waits, [60_000]);
  const broken = await shopWith(t, {
    lists,
    answers: Object.fromEntries([1, 2, 3, 4, 5].map((call) => [call, {}])),
  });
  const { lacking, stopped } = await broken.run();
  t.deepEqual(lacking, ['subscription SUB-2 flagged']);
  t.regex(stopped ?? '', /no answer of FastSpring's API/);
  t.deepEqual((await broken.run()).lacking, ['subscription SUB-8 flagged'], 'the next reading goes on');
  const odd = await shopWith(t, { answers: { 0: { json: { subscriptions: null } } } });
  t.is((await odd.run()).stopped, 'no list of subscriptions came');
});
