/** Fetching what events lack from Stripe's API, here a local server. */
import test, { type ExecutionContext } from 'ava';
import { fetchLacking } from '../../../src/marketplaces/stripe/fetching.ts';
import { expanded, lineItem } from '../../../src/marketplaces/stripe/shapes.ts';
import { invoiceOf, once, recurring, subscriptionOf } from '../../kit/stripe.ts';
import { type ApiContent, stripeApi } from '../../kit/stripe-api.ts';

async function fetched(t: ExecutionContext, lacking: object, content: ApiContent) {
  const { url, asked } = await stripeApi(t, content);
  const api = { key: 'rk_live_of_a_test', url };
  const result = await fetchLacking(JSON.stringify(lacking), api, new AbortController().signal);
  const parts = result.outcome === 'fetched' ? JSON.parse(result.text) : undefined;
  return { result, parts, asked, paths: asked.map((each) => decodeURIComponent(each.url)) };
}

const SESSION = {
  ...expanded({ id: 'cs_1', items: [once()], payment: 'pi_1' }),
  customer_details: {
    name: 'Ada',
    email: 'ada@example.com',
    phone: '123',
    address: { line1: 'Street 1', country: 'DE' },
  },
};

test('a session is asked for with its lines, by the key and in a pinned version; only what is read is kept', async (t) => {
  const { parts, asked, paths } = await fetched(
    t,
    { session: 'cs_1' },
    { objects: { 'checkout/sessions/cs_1': SESSION } },
  );
  t.deepEqual(paths, [
    '/v1/checkout/sessions/cs_1?expand[0]=line_items&expand[1]=subscription&expand[2]=invoice',
  ]);
  t.is(asked[0]?.headers.authorization, 'Bearer rk_live_of_a_test');
  t.is(asked[0]?.headers['stripe-version'], '2026-07-29.dahlia');
  t.deepEqual(parts.session.customer_details, {
    name: 'Ada',
    email: 'ada@example.com',
    address: { country: 'DE' },
  });
  t.is(parts.session.line_items.data[0].price.id, 'price_Tool');
  t.false(JSON.stringify(parts).includes('Street'));
});

test('subscription and invoice come with the session, without the address that an invoice repeats', async (t) => {
  const session = {
    ...SESSION,
    subscription: subscriptionOf('2026-01-10'),
    invoice: invoiceOf('2026-01-10'),
  };
  const { parts } = await fetched(t, { session: 'cs_1' }, { objects: { 'checkout/sessions/cs_1': session } });
  t.deepEqual(Object.keys(parts.session.subscription), ['id', 'status', 'trial_end']);
  t.is(parts.session.invoice.lines.data.length, 1);
  t.is(parts.session.invoice.customer_email, undefined);
});

test('lines that are left out are read page by page', async (t) => {
  const lines = Array.from({ length: 5 }, (_, place) => ({
    ...lineItem(once(`price_${place}`)),
    id: `li_${place}`,
  }));
  const session = { ...SESSION, line_items: { data: lines.slice(0, 2), has_more: true } };
  const content = {
    objects: { 'checkout/sessions/cs_1': session },
    lists: { 'checkout/sessions/cs_1/line_items': lines },
    page: 2,
  };
  const { parts, paths } = await fetched(t, { session: 'cs_1' }, content);
  t.is(parts.session.line_items.data.length, 5);
  t.is(paths.length, 4);
  t.true(paths[3]?.endsWith('starting_after=li_3'));
});

test('an id is no path', async (t) => {
  const { asked } = await fetched(t, { session: '../events?x' }, {});
  t.true(asked[0]?.url.startsWith('/v1/checkout/sessions/..%2Fevents%3Fx?'));
});

test("an invoice's session is looked for by its subscription, then by its payments", async (t) => {
  const lacking = { invoice: 'in_1', subscription: 'sub_1' };
  const objects = { 'checkout/sessions/cs_1': SESSION };
  const paid = {
    'invoice_payments?invoice=in_1&status=paid': [{ id: 'inpay_1', payment: { payment_intent: 'pi_1' } }],
  };
  const bySubscription = { ...paid, 'checkout/sessions?subscription=sub_1': [{ id: 'cs_1' }] };
  t.is((await fetched(t, lacking, { objects, lists: bySubscription })).parts.session.id, 'cs_1');
  const byPayment = { ...paid, 'checkout/sessions?payment_intent=pi_1': [{ id: 'cs_1' }] };
  t.is((await fetched(t, { invoice: 'in_1' }, { objects, lists: byPayment })).parts.session.id, 'cs_1');
  const line = { id: 'il_1', quantity: 2, price: { id: 'price_Tool' }, description: 'Tool' };
  const lines = { ...paid, 'invoices/in_1/lines': [line, { ...line, id: 'il_2' }] };
  const { parts } = await fetched(t, lacking, { objects, lists: lines, page: 1 });
  const kept = { price: { id: 'price_Tool' }, quantity: 2 };
  t.deepEqual(parts, { lines: [kept, kept] }, 'made without a checkout: all its lines');
});

test('a payment is of a session or of invoices, each with the number of its payments', async (t) => {
  const charge = {
    id: 'ch_1',
    amount: 100,
    amount_refunded: 0,
    currency: 'eur',
    billing_details: { email: 'a@b.example' },
  };
  const objects = {
    'payment_intents/pi_1': { id: 'pi_1', latest_charge: charge },
    'charges/ch_1': { ...charge, payment_intent: 'pi_1' },
  };
  const lists = {
    'checkout/sessions?payment_intent=pi_1': [{ id: 'cs_1' }],
    'invoice_payments?payment[type]=payment_intent&payment[payment_intent]=pi_1': [
      { id: 'inpay_1', invoice: 'in_1' },
    ],
    'invoice_payments?invoice=in_1&status=paid': [{ id: 'inpay_1' }, { id: 'inpay_2' }],
  };
  const whole = {
    charge: { payment_intent: 'pi_1', amount: 100, amount_refunded: 0, currency: 'eur' },
    invoices: [{ invoice: 'in_1', payments: 2 }],
    session: 'cs_1',
  };
  for (const payment of ['pi_1', 'ch_1'])
    t.deepEqual((await fetched(t, { payment }, { objects, lists })).parts, whole);
});

test('too many requests: as late as Stripe says, else after a minute', async (t) => {
  const told = await fetched(
    t,
    { session: 'cs_1' },
    { fail: [{ status: 429, headers: { 'Retry-After': '17' } }] },
  );
  t.deepEqual(told.result, { outcome: 'failed', answer: "Stripe's API answered 429", pause: 17_000 });
  const untold = await fetched(t, { session: 'cs_1' }, { fail: [{ status: 429 }] });
  t.like(untold.result, { outcome: 'failed', pause: 60_000 });
});

test('a key that is refused is a fault of the target, an object that is unknown of this event alone', async (t) => {
  for (const status of [401, 403]) {
    t.is((await fetched(t, { session: 'cs_1' }, { fail: [{ status }] })).result.outcome, 'target failed');
  }
  t.is((await fetched(t, { session: 'cs_1' }, {})).result.outcome, 'refused');
});

test('an API that fails or does not answer is asked again', async (t) => {
  t.is((await fetched(t, { session: 'cs_1' }, { fail: [{ status: 500 }] })).result.outcome, 'failed');
  const nowhere = { key: 'rk_live_of_a_test', url: 'http://127.0.0.1:1' };
  const result = await fetchLacking('{"session":"cs_1"}', nowhere, new AbortController().signal);
  t.is(result.outcome, 'failed');
  t.like(
    await fetched(
      t,
      { session: 'cs_1' },
      { objects: { 'checkout/sessions/cs_1': { id: 'cs_1', subscription: recurring() } } },
    ),
    {
      result: { outcome: 'failed' },
    },
  );
});

test('the lines that the event of a later invoice leaves out are read, whatever session sold the subscription', async (t) => {
  const line = { id: 'il_1', quantity: 1, period: { end: 5 }, description: 'Tool' };
  const { parts, paths } = await fetched(
    t,
    { linesOf: 'in_2' },
    { lists: { 'invoices/in_2/lines': [line] } },
  );
  t.deepEqual(parts, { lines: [{ quantity: 1, period: { end: 5 } }] });
  t.deepEqual(paths, ['/v1/invoices/in_2/lines?limit=100']);
});

test('an answer without a list, or with a list that goes on nowhere, is asked again: it is no sale without lines', async (t) => {
  for (const odd of [{}, { data: {} }, { data: [], has_more: true }, { data: [{}], has_more: true }]) {
    const { result } = await fetched(t, { linesOf: 'in_2' }, { objects: { 'invoices/in_2/lines': odd } });
    t.is(result.outcome, 'failed', JSON.stringify(odd));
  }
  const none = { objects: { 'invoices/in_2/lines': { data: [], has_more: false } } };
  t.deepEqual((await fetched(t, { linesOf: 'in_2' }, none)).parts, { lines: [] }, 'the control');
});
