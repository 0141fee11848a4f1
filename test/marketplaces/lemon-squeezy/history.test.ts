/** Reading Lemon Squeezy's lists by its API, here a local server; and a ledger that lost events, reconciled by it. */
import test, { type ExecutionContext } from 'ava';
import { reconcile } from '../../../src/domain/desk/reconcile.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import { readAgain } from '../../../src/marketplaces/lemon-squeezy/events.ts';
import { readHistory } from '../../../src/marketplaces/lemon-squeezy/history.ts';
import { openWithMessage } from '../../kit/ledger-file.ts';
import {
  billed,
  ordered,
  PRODUCTS,
  refunded,
  SALE,
  stated,
  type Told,
  tool,
} from '../../kit/lemon-squeezy.ts';
import { MINTER } from '../../kit/minting.ts';
import { lastValidOf, readAll, storeApi, wantedSince } from '../../kit/store-api.ts';
import { at } from '../../kit/world.ts';

const SINCE = '2026-01-09';
const KEY = 'key of a test';

interface Entry {
  readonly type: string;
  readonly id: string;
}

/** The lists, as the API has them after these events: each object as it was told last, two a page. */
function apiAfter(t: ExecutionContext, events: readonly Told[]) {
  const objects = new Map<string, Entry>();
  for (const { payload } of events) {
    const { data } = JSON.parse(payload) as { data: Entry };
    objects.set(`${data.type} ${data.id}`, data);
  }
  return storeApi(t, ({ pathname, searchParams }) => {
    const all = [...objects.values()].filter(({ type }) => pathname === `/${type}`);
    const page = Number(searchParams.get('page[number]'));
    const data = all.slice(page * 2 - 2, page * 2);
    return { json: { data, meta: { page: { currentPage: page, lastPage: Math.ceil(all.length / 2) } } } };
  });
}

/** A subscription with two renewals, a pair of one-time sales, one of them refunded. */
const STORY: readonly Told[] = [
  ...SALE,
  ordered('2026-01-12', { id: 2, items: [tool(2)] }),
  ordered('2026-01-13', { id: 3, items: [tool()] }),
  refunded('2026-01-15', 2000, { id: 3, items: [tool()], status: 'refunded' }),
  billed('2026-02-10'),
  stated('updated', '2026-02-10', { renews: '2026-03-10' }),
  billed('2026-03-10'),
  stated('updated', '2026-03-10', { renews: '2026-04-10' }),
];

async function openTold(t: ExecutionContext, events: readonly Told[]) {
  let now = at('2026-01-01');
  const { ledger } = await openWithMessage(t, { products: PRODUCTS, now: () => now });
  for (const { day, payload } of events) {
    now = at(day, 23);
    await ledger.ingest(readAgain(payload, 'live', PRODUCTS).read());
  }
  now = at('2026-03-11');
  return ledger;
}

async function standings(ledger: Pick<Ledger, 'find'>): Promise<readonly string[]> {
  const stories = await Promise.all(['1', '2', '3'].map((order) => ledger.find({ by: 'order', order })));
  return stories
    .flat()
    .map(({ order, product, unit, state, code }) => {
      const until = state === 'revoked' ? '' : ` ${MINTER.entitlementOf(code).lastValid}`;
      return `${order} ${product} ${unit} ${state}${until}`;
    })
    .sort();
}

async function reconciled(t: ExecutionContext, ledger: Ledger, options: { apply: boolean; since?: string }) {
  const { apply, since = SINCE } = options;
  const { url } = await apiAfter(t, STORY);
  const pages = readHistory({ key: KEY, url }, wantedSince(at(since, 0)).wanted);
  const read = (payload: string) => readAgain(payload, 'live', PRODUCTS);
  const around = { marketplace: 'lemon-squeezy', mode: 'live', now: at(since, 0) } as const;
  return reconcile({ ledger, ...around, pages, read, lastValidOf, since, apply });
}

const WHOLE = [
  '1 app 0 active 2026-04-24',
  '2 tool 0 active null',
  '2 tool 1 active null',
  '3 tool 0 revoked',
];

test('whatever events were lost, one reconciliation leads to the licenses of a ledger that lost none', async (t) => {
  t.deepEqual(await standings(await openTold(t, STORY)), WHOLE);
  for (const every of [1, 2, 3, 5]) {
    const ledger = await openTold(
      t,
      STORY.filter((_, place) => place % every !== 0),
    );
    const before = await standings(ledger);
    const shown = await reconciled(t, ledger, { apply: false });
    t.true(shown.lacking.length > 0 && shown.lacking.every(({ outcome }) => outcome === 'shown'));
    t.deepEqual(await standings(ledger), before, 'the control: without --apply nothing changes');
    t.notDeepEqual(before, WHOLE);
    t.is((await reconciled(t, ledger, { apply: true })).stopped, undefined);
    t.deepEqual(await standings(ledger), WHOLE, `every ${every}th event was lost`);
    t.deepEqual((await reconciled(t, ledger, { apply: true })).lacking, [], 'again: nothing is lacking');
  }
});

test('the history of a license says what was reconciled', async (t) => {
  const ledger = await openTold(t, STORY.slice(0, 4));
  await reconciled(t, ledger, { apply: true });
  const [license] = await ledger.find({ by: 'order', order: '1' });
  const causes = license?.history.map(({ cause }) => cause.endsWith('(reconciled)')) ?? [];
  t.deepEqual([causes[0], causes.at(-1)], [false, true]);
});

test('a ledger that lost nothing lacks nothing', async (t) => {
  const ledger = await openTold(t, STORY);
  const found = await reconciled(t, ledger, { apply: false });
  t.deepEqual([found.lacking, found.older, found.read], [[], 0, 7]);
});

test('a sale from before the day that the ledger does not have is left alone', async (t) => {
  const ledger = await openTold(t, []);
  const found = await reconciled(t, ledger, { apply: true, since: '2026-01-14' });
  t.is(found.older, 1, 'the refund of 2026-01-15 names a sale of 2026-01-10');
  t.deepEqual(await standings(ledger), []);
});

test('objects of the other mode, and what did not change since then, are left out', async (t) => {
  const test = ordered('2026-01-12', { id: 4 });
  const marked = { ...test, payload: test.payload.replaceAll('"test_mode":false', '"test_mode":true') };
  const { url } = await apiAfter(t, [...STORY, marked]);
  const idsOf = async (since: string, mode: 'live' | 'test') => {
    const { payloads } = await readAll(
      readHistory({ key: KEY, url }, wantedSince(at(since, 0), mode).wanted),
    );
    return payloads.map((payload) => JSON.parse(payload).data.id);
  };
  t.deepEqual(await idsOf(SINCE, 'test'), ['4']);
  t.deepEqual(await idsOf('2026-03-01', 'live'), ['7', '20260310']);
});

test('an entry without a readable time is not passed over: it is kept as failed', async (t) => {
  const { payload } = ordered('2026-01-12', { id: 9, items: [tool()] });
  const odd = payload.replaceAll(/"(created|updated)_at":"[^"]*"/g, '"$1_at":"soon"');
  const { url } = await apiAfter(t, [{ day: '2026-01-12', payload: odd }]);
  const ledger = await openTold(t, []);
  const { lacking } = await reconcile({
    ...{ ledger, marketplace: 'lemon-squeezy', mode: 'live', now: at('2026-01-13'), apply: true },
    pages: readHistory({ key: KEY, url }, wantedSince(at(SINCE, 0)).wanted),
    read: (text) => readAgain(text, 'live', PRODUCTS),
    lastValidOf,
    since: SINCE,
  });
  t.deepEqual(
    lacking.map(({ outcome }) => outcome),
    ['failed'],
  );
  t.is((await ledger.findEvents({ failed: true, limit: 9 })).length, 1);
});

test('a page that is refused for the limit is asked for again; one that fails for good stops the reading', async (t) => {
  const page = { data: [], meta: { page: { lastPage: 1 } } };
  const limited = await storeApi(t, (_, place) => (place === 0 ? { status: 429, json: {} } : { json: page }));
  const { wanted, waits } = wantedSince(0);
  t.is((await readAll(readHistory({ key: KEY, url: limited.url }, wanted))).stopped, undefined);
  t.deepEqual(waits, [60_000]);
  const cut = await storeApi(t, () => ({}));
  t.regex(
    (await readAll(readHistory({ key: KEY, url: cut.url }, wantedSince(0).wanted))).stopped ?? '',
    /no answer/,
  );
  const odd = await storeApi(t, () => ({ json: { errors: [] } }));
  t.regex(
    (await readAll(readHistory({ key: KEY, url: odd.url }, wantedSince(0).wanted))).stopped ?? '',
    /no list/,
  );
});
