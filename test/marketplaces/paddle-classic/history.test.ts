/** Reading Paddle Classic's alerts and sales by its API, here a local server with pages, its limit and its refusals. */
import test, { type ExecutionContext } from 'ava';
import { reconcile } from '../../../src/domain/desk/reconcile.ts';
import { readAgain } from '../../../src/marketplaces/paddle-classic/events.ts';
import { readHistory } from '../../../src/marketplaces/paddle-classic/history.ts';
import { openWithMessage } from '../../kit/ledger-file.ts';
import { productOf } from '../../kit/product.ts';
import { lastValidOf, readAll, storeApi, wantedSince } from '../../kit/store-api.ts';

const SINCE = '2026-01-10';
const NOW = Date.UTC(2026, 0, 15);
const sold = { products: ['47023'], reply: 'markdown', parameters: [] } as const;
const PRODUCTS = [productOf({ id: 'app', marketplaces: { 'paddle-classic': sold } })];

function alertOf(number: number, time: string) {
  const fields = {
    order_id: 1000 + number,
    product_id: 47023,
    quantity: 2,
    sale_gross: '40.00',
    currency: 'USD',
  };
  const told = { email: 'ada@example.com', customer_name: null, marketing_consent: false, event_time: time };
  return {
    id: number,
    alert_name: 'payment_succeeded',
    status: 'failed',
    created_at: time,
    fields: { ...fields, ...told },
  };
}

const ALERTS = [
  '2026-01-10 08:00:00',
  '2026-01-10 09:00:00',
  '2026-01-11 00:00:00',
  '2026-01-13 12:00:00',
].map((time, place) => alertOf(place + 1, time));

function saleOf(order: number, created_at: string, more: object = {}) {
  return {
    order_id: order,
    status: 'completed',
    created_at,
    product_id: 47023,
    is_subscription: false,
    ...more,
  };
}

const SALES = [
  saleOf(1001, '2026-01-10 08:00:00'),
  saleOf(2001, '2026-01-12 08:00:00'),
  saleOf(2002, '2026-01-12 09:00:00', { status: 'refunded' }),
  saleOf(2003, '2026-01-12 10:00:00', { order_id: 'sub-1', is_subscription: true }),
  saleOf(2004, '2026-01-01 08:00:00'),
];

interface Form {
  readonly path: string;
  readonly form: URLSearchParams;
}

/** One alert a page, of the asked window; all sales on one page. */
function answerTo({ path, form }: Form): object {
  if (path.endsWith('/transactions')) return { success: true, response: SALES };
  const [head, tail] = [form.get('query_head') ?? '', form.get('query_tail') ?? ''];
  const within = ALERTS.filter(({ created_at }) => created_at > tail && created_at < head);
  const page = Number(form.get('page'));
  const response = {
    current_page: page,
    total_pages: Math.max(1, within.length),
    data: within.slice(page - 1, page),
  };
  return { success: true, response };
}

type Other = Readonly<Record<number, { readonly status?: number; readonly json: unknown }>>;

async function shopWith(t: ExecutionContext, other: Other = {}) {
  const forms: Form[] = [];
  const { url } = await storeApi(t, ({ pathname }, place, body) => {
    const form = { path: pathname, form: new URLSearchParams(body) };
    forms.push(form);
    return other[place] ?? { json: answerTo(form) };
  });
  const api = { vendor: '4711', key: 'key of a test', url };
  const { wanted, waits } = wantedSince(Date.parse(SINCE));
  const pages = (products: readonly string[] = []) => readHistory(api, { ...wanted, products, now: NOW });
  const { ledger } = await openWithMessage(t, { products: PRODUCTS, now: () => NOW });
  const run = (apply: boolean) =>
    reconcile({
      ledger,
      marketplace: 'paddle-classic',
      mode: 'live',
      now: NOW,
      pages: pages(['47023']),
      read: (payload) => readAgain(payload, 'live', PRODUCTS),
      lastValidOf,
      since: SINCE,
      apply,
    });
  return { api, forms, waits, wanted, pages, run, ledger };
}

const ordersIn = (payloads: readonly string[]) =>
  payloads.map((payload) => new URLSearchParams(payload).get('order_id'));

test('alerts are read a day at a time, page by page, each once', async (t) => {
  const { forms, pages } = await shopWith(t);
  const { payloads, stopped } = await readAll(pages());
  t.deepEqual(ordersIn(payloads), ['1001', '1002', '1003', '1004']);
  t.is(stopped, undefined);
  t.is(forms[0]?.path, '/2.0/alert/webhooks');
  t.like(Object.fromEntries(forms[0]?.form ?? []), { vendor_id: '4711', vendor_auth_code: 'key of a test' });
});

test('an alert that was delivered and has no time of its own is left out: it could be counted twice', async (t) => {
  const [first] = ALERTS;
  const { event_time: _, ...fields } = first?.fields ?? { event_time: '' };
  const of = (status: string) => ({
    json: { success: true, response: { data: [{ ...first, status, fields }] } },
  });
  const count = async (status: string) => {
    const { pages } = await shopWith(t, { 0: of(status) });
    return (await readAll(pages())).payloads.length;
  };
  t.is(await count('success'), 2, 'those of the other days');
  t.is(await count('failed'), 3, 'the control');
});

test('an alert from the API says the same as its form', async (t) => {
  const { payloads } = await readAll((await shopWith(t)).pages());
  const { head, read } = readAgain(payloads[0] ?? '', 'live', PRODUCTS);
  t.like(head, { id: '1', type: 'payment_succeeded', at: Date.UTC(2026, 0, 10, 8) });
  t.like(read().facts[0]?.body, {
    kind: 'confirmed',
    quantity: 2,
    product: 'app',
    total: 40,
    currency: 'USD',
  });
  t.is(read().people[0]?.customer.email, 'ada@example.com');
});

test('a sale that only the list of sales has is flagged once: no request for its license came', async (t) => {
  const { run, ledger } = await shopWith(t);
  const shown = (await run(false)).lacking.map(({ id, outcome }) => `${id} ${outcome}`);
  t.true(shown.includes('2001 shown'));
  t.deepEqual(await ledger.findFlags({ limit: 10 }), [], 'nothing is changed');
  const { lacking } = await run(true);
  t.deepEqual(
    lacking.filter(({ type }) => type === 'sale').map(({ id, outcome }) => `${id} ${outcome}`),
    ['2001 flagged'],
    '1001 is known by its alert, 2002 is refunded, sub-1 is a renewal, 2004 is older',
  );
  const flags = await ledger.findFlags({ order: '2001', limit: 10 });
  t.is(flags.length, 1);
  t.regex(flags[0]?.reason ?? '', /order 2001/);
  t.deepEqual((await run(true)).lacking, [], 'again');
});

test('a limit is waited for; a refusal, which has the status 200, stops the reading', async (t) => {
  const busy = await shopWith(t, { 1: { status: 429, json: {} } });
  t.is((await readAll(busy.pages())).payloads.length, 4);
  t.deepEqual(busy.waits, [60_000]);
  const refused = await shopWith(t, {
    1: { json: { success: false, error: { code: 107, message: 'You are not Ada' } } },
  });
  const { stopped } = await readAll(refused.pages());
  t.regex(stopped ?? '', /refused the call \(107\)/);
  t.notRegex(stopped ?? '', /Ada/);
});

test('a list of sales that fails stops the reading, and the alerts before it are read', async (t) => {
  const { pages } = await shopWith(
    t,
    Object.fromEntries([7, 8, 9, 10, 11].map((call) => [call, { status: 500, json: {} }])),
  );
  const { payloads, stopped } = await readAll(pages(['47023']));
  t.deepEqual([payloads.length, stopped], [4, "Paddle Classic's API answered 500"]);
});

test('a time before the 90 days that Paddle keeps is said to be unknown', async (t) => {
  const { api, wanted } = await shopWith(t);
  const early = { ...wanted, now: NOW, since: NOW - 100 * 86_400_000 };
  t.regex((await readAll(readHistory(api, early))).stopped ?? '', /kept for 90 days/);
});

test('an answer without a list stops the reading, and says which list is missing', async (t) => {
  const none = { json: { success: true, response: {} } };
  t.is((await readAll((await shopWith(t, { 0: none })).pages())).stopped, 'no list of alerts came');
  const { pages } = await shopWith(t, { 7: none });
  t.is((await readAll(pages(['47023']))).stopped, 'no list of sales came');
  const refused = await shopWith(t, { 0: { json: { success: false } } });
  t.is((await readAll(refused.pages())).stopped, "Paddle Classic's API refused the call");
});

test('an entry of the list of sales that names no order or time is passed over', async (t) => {
  const sales = ['a text', { status: 'completed' }, saleOf(2001, 'yesterday'), SALES[1]];
  const { run } = await shopWith(t, { 7: { json: { success: true, response: sales } } });
  const ofSales = (await run(false)).lacking.filter(({ type }) => type === 'sale').map(({ id }) => id);
  t.deepEqual(ofSales, ['2001']);
});

test('fields of an alert are spelled as the form spells them', async (t) => {
  const [first = alertOf(1, '2026-01-10 08:00:00')] = ALERTS;
  const fields = { ...first.fields, marketing_consent: true, passthrough: { seat: 1 }, coupon: null };
  const alerts = { data: [{ ...first, fields }] };
  const { pages } = await shopWith(t, { 0: { json: { success: true, response: alerts } } });
  const form = new URLSearchParams((await readAll(pages())).payloads[0]);
  t.deepEqual(
    ['marketing_consent', 'passthrough', 'coupon'].map((name) => form.get(name)),
    ['1', '{"seat":1}', ''],
  );
});
