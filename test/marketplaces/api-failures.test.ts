/** Each marketplace's API while it is read: its limit, a refused key, and answers that are cut off or are none, at every call. */
import test, { type ExecutionContext } from 'ava';
import { readHistory as readFastSpring } from '../../src/marketplaces/fastspring/history.ts';
import { readHistory as readGumroad } from '../../src/marketplaces/gumroad/history.ts';
import { readHistory as readLemon } from '../../src/marketplaces/lemon-squeezy/history.ts';
import type { WantedHistory } from '../../src/marketplaces/marketplace.ts';
import { readHistory as readBilling } from '../../src/marketplaces/paddle-billing/history.ts';
import { readHistory as readClassic } from '../../src/marketplaces/paddle-classic/history.ts';
import { readHistory as readStripe } from '../../src/marketplaces/stripe/history.ts';
import { type Answered, readAll, storeApi, wantedSince } from '../kit/store-api.ts';

const SINCE = Date.UTC(2026, 0, 10);
const AT = Date.UTC(2026, 0, 11);
const TIME = '2026-01-11T00:00:00Z';
const KEY = 'a key of a test';

interface Store {
  read(url: string, wanted: WantedHistory): ReturnType<typeof readLemon>;
  /** Two pages of what comes in pages, with an event each. */
  answer(url: URL, body: string): unknown;
  /** How it says that there are too many calls, and how long to wait then. */
  readonly busy: Answered;
  readonly pause: number;
}

const TOO_MANY: Answered = { status: 429, headers: { 'Retry-After': '7' }, json: {} };
const number = (text: string | null | undefined) => Number(text ?? 1);

const STORES: Readonly<Record<string, Store>> = {
  'paddle-billing': {
    read: (url, wanted) => readBilling({ key: KEY, url }, wanted),
    answer: ({ searchParams }) => {
      const isFirst = searchParams.get('after') === null;
      const event = { event_id: isFirst ? 'evt_2' : 'evt_1', event_type: 'payout.paid', occurred_at: TIME };
      return { data: [event], meta: { pagination: { has_more: isFirst } } };
    },
    busy: TOO_MANY,
    pause: 7000,
  },
  stripe: {
    read: (url, wanted) => readStripe({ key: KEY, url }, wanted),
    answer: ({ searchParams }) => {
      const isFirst = searchParams.get('starting_after') === null;
      const event = { id: isFirst ? 'evt_2' : 'evt_1', type: 'payout.paid', created: AT / 1000 };
      return { data: [event], has_more: isFirst };
    },
    busy: TOO_MANY,
    pause: 7000,
  },
  'lemon-squeezy': {
    read: (url, wanted) => readLemon({ key: KEY, url }, wanted),
    answer: ({ pathname, searchParams }) => {
      const id = searchParams.get('page[number]');
      const attributes = { status: 'paid', test_mode: false, created_at: TIME, updated_at: TIME };
      const isOrders = pathname.endsWith('/orders');
      return {
        data: isOrders ? [{ type: 'orders', id, attributes }] : [],
        meta: { page: { lastPage: isOrders ? 2 : 1 } },
      };
    },
    busy: TOO_MANY,
    pause: 7000,
  },
  gumroad: {
    read: (url, wanted) => readGumroad({ key: KEY, url }, wanted),
    answer: ({ searchParams }) => {
      const isFirst = searchParams.get('page_key') === null;
      const sale = { id: isFirst ? '2' : '1', created_at: TIME };
      return { success: true, sales: [sale], ...(isFirst && { next_page_key: 'second' }) };
    },
    busy: TOO_MANY,
    pause: 7000,
  },
  fastspring: {
    read: (url, wanted) => readFastSpring({ username: KEY, password: KEY, url }, wanted),
    answer: ({ pathname, searchParams }) => {
      const list = pathname.slice(1);
      if (list === 'orders' || list === 'subscriptions') {
        const page = number(searchParams.get('page'));
        return { [list]: [{ id: `of page ${page}` }], ...(page < 2 && { nextPage: page + 1 }) };
      }
      return {
        events: [
          { id: '1', type: 'account.created', live: true },
          { id: '2', live: true },
        ],
        more: false,
      };
    },
    // Its limit is a 404.
    busy: { status: 404, json: {} },
    pause: 60_000,
  },
  'paddle-classic': {
    read: (url, wanted) => readClassic({ vendor: '1', key: KEY, url }, { ...wanted, products: ['47023'] }),
    answer: ({ pathname }, body) => {
      if (!pathname.endsWith('/alert/webhooks')) return { success: true, response: [] };
      const page = new URLSearchParams(body).get('page');
      const alert = { id: number(page), alert_name: 'new_audience_member', status: 'failed', fields: {} };
      return { success: true, response: { data: [alert], total_pages: 2 } };
    },
    busy: TOO_MANY,
    pause: 7000,
  },
};

/** `others`: answers by the number of the call. */
async function reading(t: ExecutionContext, store: Store, others: (place: number) => Answered | undefined) {
  const { url, asked } = await storeApi(t, (at, place, body) => {
    const { isCut, ...other } = others(place) ?? {};
    if (isCut) return { json: store.answer(at, body), isCut };
    return 'json' in other || 'status' in other ? other : { json: store.answer(at, body) };
  });
  const { wanted, waits } = wantedSince(SINCE);
  const found = await readAll(store.read(url, wanted));
  return { ...found, calls: asked.length, waits };
}

/** The same answer with empty lists. */
function emptied(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json), (_, value) => (Array.isArray(value) ? [] : value));
}

/** The same call for the first page. */
function asFirst(url: URL, body: string): [URL, string] {
  const first = new URL(url);
  for (const name of ['after', 'starting_after', 'page_key']) first.searchParams.delete(name);
  for (const name of ['page[number]', 'page'])
    if (first.searchParams.has(name)) first.searchParams.set(name, '1');
  return [first, body.replace(/\bpage=\d+/, 'page=1')];
}

const CUT: Answered = { isCut: true };
const NO_JSON: Answered = { json: 'no object' };

for (const [name, store] of Object.entries(STORES)) {
  test(`${name}: a limit, a cut answer or a failure at any call is asked again, and all is read`, async (t) => {
    const whole = await reading(t, store, () => undefined);
    t.deepEqual([whole.payloads.length, whole.stopped, whole.waits], [2, undefined, []]);
    for (let call = 0; call < whole.calls; call++) {
      for (const [other, pause] of [
        [store.busy, store.pause],
        [CUT, 5000],
        [{ status: 503, json: {} }, 5000],
      ] as const) {
        const found = await reading(t, store, (place) => (place === call ? other : undefined));
        t.deepEqual(found, { ...whole, calls: whole.calls + 1, waits: [pause] }, `call ${call}`);
      }
    }
  });

  test(`${name}: an API that sends a page again, or an empty one in the middle, does not look like one that is read to its end`, async (t) => {
    for (const isEmpty of [false, true]) {
      const { url, asked } = await storeApi(t, (at, place, body) => {
        if (place > 20) throw new Error('it is asked for ever');
        const json = store.answer(...asFirst(at, body));
        return { json: isEmpty ? emptied(json) : json };
      });
      const { stopped } = await readAll(store.read(url, wantedSince(SINCE).wanted));
      // Where an empty page says that no further one comes, it is the end.
      if (isEmpty && name === 'fastspring') t.is(stopped, undefined);
      else t.not(stopped, undefined, `empty: ${isEmpty}`);
      t.true(asked.length <= 20);
    }
  });

  test(`${name}: what is cut for good, refused or no list stops the reading, and says so: it does not look like the end`, async (t) => {
    const { calls, payloads } = await reading(t, store, () => undefined);
    for (const other of [CUT, store.busy, { status: 403, json: {} }, NO_JSON]) {
      const at = calls - 1;
      const found = await reading(t, store, (place) => (place >= at ? other : undefined));
      t.not(found.stopped, undefined, JSON.stringify(other));
      t.deepEqual(found.payloads, payloads.slice(0, found.payloads.length), 'what came before counts');
      t.is(found.calls, calls + (other === CUT || other === store.busy ? 4 : 0), JSON.stringify(other));
    }
  });
}
