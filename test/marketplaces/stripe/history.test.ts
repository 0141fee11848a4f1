/** Reading Stripe's events by its API, here a local server with pages, a limit and failures. */
import test from 'ava';
import { readHistory } from '../../../src/marketplaces/stripe/history.ts';
import { readAll, storeApi, wantedSince } from '../../kit/store-api.ts';
import { bought, once } from '../../kit/stripe.ts';

const DAYS = ['2026-01-10', '2026-01-11', '2026-01-12', '2026-01-13', '2026-01-14'];
/** The newest first. */
const EVENTS = DAYS.map((day) => JSON.parse(bought(day, [once()], { id: `cs_${day}` }).payload)).reverse();
const SINCE = Date.UTC(2026, 0, 11);
const KEY = 'rk_test_of_a_test';

/** Two events a page, from the one after the cursor. */
function pageAt(url: URL) {
  const after = url.searchParams.get('starting_after');
  const start = after === null ? 0 : EVENTS.findIndex(({ id }) => id === after) + 1;
  return {
    json: { object: 'list', data: EVENTS.slice(start, start + 2), has_more: start + 2 < EVENTS.length },
  };
}

const sessionsOf = (payloads: readonly string[]) =>
  payloads.map((payload) => JSON.parse(payload).data.object.id);

test('events are read page by page, the newest first, back to the day', async (t) => {
  const { url, asked } = await storeApi(t, pageAt);
  const { payloads, stopped } = await readAll(readHistory({ key: KEY, url }, wantedSince(SINCE).wanted));
  t.deepEqual(sessionsOf(payloads), ['cs_2026-01-14', 'cs_2026-01-13', 'cs_2026-01-12', 'cs_2026-01-11']);
  t.is(stopped, undefined);
  t.deepEqual(
    asked.map(({ pathname }) => pathname),
    ['/v1/events', '/v1/events', '/v1/events'],
  );
  t.is(asked[1]?.searchParams.get('starting_after'), EVENTS[1].id);
});

test('an old event among newer ones, and one without a readable time, do not end the reading', async (t) => {
  const [first, second, third] = EVENTS;
  const late = { ...bought('2026-01-01', [once()], { id: 'cs_late' }) };
  const odd = { ...second, id: 'evt_odd', created: 'yesterday' };
  const pages = [
    { data: [first, JSON.parse(late.payload)], has_more: true },
    { data: [odd, third], has_more: false },
  ];
  const { url } = await storeApi(t, (_, place) => ({ json: pages[place] ?? {} }));
  const { payloads, stopped } = await readAll(readHistory({ key: KEY, url }, wantedSince(SINCE).wanted));
  t.is(stopped, undefined);
  t.deepEqual(sessionsOf(payloads), ['cs_2026-01-14', 'cs_2026-01-13', 'cs_2026-01-12']);
});

test('what does not say whether more events follow is not the end', async (t) => {
  const { url } = await storeApi(t, () => ({ json: { data: EVENTS.slice(0, 2) } }));
  const { payloads, stopped } = await readAll(readHistory({ key: KEY, url }, wantedSince(SINCE).wanted));
  t.deepEqual([payloads.length, stopped], [2, 'Stripe does not say whether more follow']);
});

test('a wait of hours is left to the next reading', async (t) => {
  const limited = { status: 429, headers: { 'Retry-After': '7200' }, json: {} };
  const { url, asked } = await storeApi(t, () => limited);
  const { wanted, waits } = wantedSince(SINCE);
  const { stopped } = await readAll(readHistory({ key: KEY, url }, wanted));
  t.regex(stopped ?? '', /answered 429, and wants to be asked again in 120 minutes/);
  t.deepEqual([asked.length, waits], [1, []]);
});

test('a time before the 30 days that Stripe keeps is said to be unknown', async (t) => {
  const { url } = await storeApi(t, pageAt);
  const { wanted } = wantedSince(SINCE);
  const { payloads, stopped } = await readAll(
    readHistory({ key: KEY, url }, { ...wanted, since: SINCE - 40 * 86_400_000 }),
  );
  t.is(payloads.length, 5);
  t.regex(stopped ?? '', /kept for 30 days/);
});

test('a limit is waited for, and a failure for good stops the reading', async (t) => {
  const limited = { status: 429, headers: { 'Retry-After': '2' }, json: {} };
  const busy = await storeApi(t, (asked, place) => (place === 1 ? limited : pageAt(asked)));
  const { wanted, waits } = wantedSince(SINCE);
  t.is((await readAll(readHistory({ key: KEY, url: busy.url }, wanted))).payloads.length, 4);
  t.deepEqual(waits, [2_000]);
  const { url } = await storeApi(t, (one, place) => (place === 0 ? pageAt(one) : { status: 500, json: {} }));
  const { payloads, stopped } = await readAll(readHistory({ key: KEY, url }, wantedSince(SINCE).wanted));
  t.deepEqual([payloads.length, stopped], [2, "Stripe's API answered 500"]);
});

test('a key without the right stops at once, and names the right', async (t) => {
  const { url, asked } = await storeApi(t, () => ({ status: 403, json: {} }));
  t.regex(
    (await readAll(readHistory({ key: KEY, url }, wantedSince(SINCE).wanted))).stopped ?? '',
    /read Events/,
  );
  t.is(asked.length, 1);
});

test('a list that says that more follows and ends stops the reading: it does not look like the end', async (t) => {
  const { url } = await storeApi(t, () => ({ json: { data: [], has_more: true } }));
  t.regex(
    (await readAll(readHistory({ key: KEY, url }, wantedSince(SINCE).wanted))).stopped ?? '',
    /more events/,
  );
});

test('an answer without a list stops the reading; so does a page that says more follow, and not which', async (t) => {
  const read = async (json: unknown) => {
    const { url } = await storeApi(t, () => ({ json }));
    return (await readAll(readHistory({ key: KEY, url }, wantedSince(SINCE).wanted))).stopped ?? '';
  };
  t.is(await read({ object: 'list' }), 'no list of events came');
  t.regex(await read({ data: [], has_more: true }), /more events follow, and not which/);
  const { id: _, ...nameless } = EVENTS[0];
  t.regex(await read({ data: [nameless], has_more: true }), /more events follow, and not which/);
});
