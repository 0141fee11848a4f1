/** Reading Paddle's events by its API, here a local server with pages, limits and failures. */
import test from 'ava';
import { readHistory } from '../../../src/marketplaces/paddle-billing/history.ts';
import { completed, once } from '../../kit/paddle-billing.ts';
import { readAll, storeApi, wantedSince } from '../../kit/store-api.ts';

const DAYS = ['2026-01-10', '2026-01-11', '2026-01-12', '2026-01-13', '2026-01-14'];
/** The newest first. */
const EVENTS = DAYS.map((day) =>
  JSON.parse(completed(day, [once()], { id: `txn_${day}` }).payload),
).reverse();
const SINCE = Date.UTC(2026, 0, 11);
const KEY = 'key of a test';

/** Two events a page, from the one after the cursor. */
function pageAt(url: URL) {
  const after = url.searchParams.get('after');
  const start = after === null ? 0 : EVENTS.findIndex(({ event_id }) => event_id === after) + 1;
  const data = EVENTS.slice(start, start + 2);
  const pagination = { per_page: 2, next: 'https://elsewhere.example/', has_more: start + 2 < EVENTS.length };
  return { json: { data, meta: { pagination } } };
}

const idsOf = (payloads: readonly string[]) => payloads.map((payload) => JSON.parse(payload).data.id);

test('events are read page by page, the newest first, back to the day', async (t) => {
  const { url, asked } = await storeApi(t, pageAt);
  const { wanted } = wantedSince(SINCE);
  const { payloads, stopped } = await readAll(readHistory({ key: KEY, url }, wanted));
  t.deepEqual(
    idsOf(payloads),
    DAYS.slice(1)
      .reverse()
      .map((day) => `txn_${day}`),
  );
  t.is(stopped, undefined);
  t.is(asked.length, 3);
  t.is(asked[0]?.searchParams.get('order_by'), 'id[DESC]');
  t.is(
    (await readAll(readHistory({ key: KEY, url }, wantedSince(0).wanted))).payloads.length,
    5,
    'the control',
  );
});

test('a page that is refused for the limit is asked for again, as late as Paddle says', async (t) => {
  const limited = { status: 429, headers: { 'Retry-After': '17' }, json: {} };
  const { url } = await storeApi(t, (asked, place) => (place === 1 ? limited : pageAt(asked)));
  const { wanted, waits } = wantedSince(SINCE);
  t.is((await readAll(readHistory({ key: KEY, url }, wanted))).payloads.length, 4);
  t.deepEqual(waits, [17_000]);
});

test('an API that fails for good stops the reading, which says so: it does not look like the end', async (t) => {
  const { url, asked } = await storeApi(t, (one, place) =>
    place === 0 ? pageAt(one) : { status: 500, json: {} },
  );
  const { wanted, waits } = wantedSince(SINCE);
  const { payloads, stopped } = await readAll(readHistory({ key: KEY, url }, wanted));
  t.deepEqual([payloads.length, stopped], [2, "Paddle's API answered 500"]);
  t.deepEqual([asked.length, waits.length], [6, 4]);
});

test('a key without the permission stops at once', async (t) => {
  const { url, asked } = await storeApi(t, () => ({ status: 403, json: {} }));
  const { stopped } = await readAll(readHistory({ key: KEY, url }, wantedSince(SINCE).wanted));
  t.regex(stopped ?? '', /notification\.read/);
  t.is(asked.length, 1);
});

test('what is no list stops the reading', async (t) => {
  const { url } = await storeApi(t, () => ({ json: { data: {} } }));
  t.truthy((await readAll(readHistory({ key: KEY, url }, wantedSince(SINCE).wanted))).stopped);
});
