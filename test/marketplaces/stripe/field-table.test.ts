/** Holds docs/marketplaces/stripe-fields.md against the readers, on payloads that have every field. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { readParsed, stripeEvents } from '../../../src/marketplaces/stripe/events.ts';
import { findByPrice } from '../../../src/marketplaces/stripe/product-keys.ts';
import { charge, dispute, expanded, refund } from '../../../src/marketplaces/stripe/shapes.ts';
import { rowsOf, withoutReader, withoutRow } from '../../kit/field-page.ts';
import { recorder } from '../../kit/recorder.ts';
import {
  bought,
  completed,
  event,
  invoiceOf,
  once,
  PRODUCTS,
  paidInvoice,
  recurring,
  stated,
  subscriptionOf,
  type Told,
} from '../../kit/stripe.ts';

const findProduct = findByPrice(PRODUCTS);
const DAY = '2026-01-10';
const FIRST = { id: 'in_1', reason: 'subscription_create', until: '2026-02-10' };

const sale = {
  id: 'cs_1',
  items: [recurring(), once()],
  subscription: 'sub_1',
  invoice: 'in_1',
  payment: 'pi_1',
};
const trialing = subscriptionOf(DAY, { status: 'trialing', trialEnd: '2026-01-24' });
const session = expanded(sale, { subscription: trialing, invoice: invoiceOf(DAY, FIRST) });
const refunded = { payment: 'pi_1', amount: 2, refunded: 2 };
/** Before 2025-03-31. */
const oldLine = {
  amount: 1,
  quantity: 1,
  type: 'subscription',
  proration: false,
  period: { end: 1_800_000_000 },
  price: { id: 'price_Month', product: 'prod_Month', recurring: {} },
  discount_amounts: [{ amount: 1 }],
};
const oldInvoice = {
  ...invoiceOf(DAY),
  parent: undefined,
  subscription: 'sub_1',
  lines: { data: [oldLine] },
};
const pause = { behavior: 'void', resumes_at: 1_800_000_000 };

/** Together they reach every branch of the readers. */
const EVENTS: readonly Told[] = [
  bought(DAY, [once()], { payment: 'pi_1' }),
  bought(DAY, [once()], { status: 'unpaid' }),
  event('checkout.session.completed', DAY, { ...session, customer_details: { address: { country: 'DE' } } }),
  completed(bought(DAY, sale.items, sale), { session }),
  ...['subscription_create', 'subscription_update'].map((reason) =>
    paidInvoice(DAY, '2026-02-10', { reason }),
  ),
  paidInvoice(DAY, null, { subscription: null, reason: 'manual', items: [once()] }),
  completed(paidInvoice(DAY, '2026-02-10', FIRST), { lines: [] }),
  event('invoice.paid', DAY, oldInvoice),
  ...['invoice.payment_failed', 'invoice.voided'].map((type) => event(type, DAY, invoiceOf(DAY))),
  stated('updated', DAY, { cancels: true, pause }, { pause_collection: null, status: 'paused' }),
  stated('updated', DAY, { status: 'trialing', trialEnd: '2026-01-24' }),
  event('customer.subscription.updated', DAY, {
    ...subscriptionOf(DAY),
    cancel_at: null,
    cancel_at_period_end: true,
    items: { data: [{ price: { id: 'price_Month' }, quantity: 1 }] },
  }),
  stated('deleted', DAY, { status: 'canceled', ended: DAY }),
  event('charge.refunded', DAY, charge(refunded)),
  event(
    'charge.refunded',
    DAY,
    { ...charge({ ...refunded, refunded: 1 }), payment_intent: null, invoice: 'in_1' },
    { previous: { amount_refunded: 0 } },
  ),
  completed(event('charge.refunded', DAY, charge(refunded)), {
    charge: { payment_intent: 'pi_2' },
    session: 'cs_1',
    invoices: [{ invoice: 'in_1', payments: 1 }],
  }),
  event('refund.failed', DAY, {
    ...refund('re_1', 'pi_1', 1, 'failed'),
    payment_intent: null,
    charge: 'ch_1',
  }),
  event('charge.dispute.created', DAY, {
    ...dispute('dp_1', 'pi_1', 1, 'lost'),
    payment_intent: null,
    charge: 'ch_1',
  }),
  completed(event('charge.dispute.closed', DAY, dispute('dp_1', 'pi_1', 1, 'lost')), {
    charge: charge(refunded),
  }),
  event('credit_note.created', DAY, { id: 'cn_1', invoice: 'in_1', type: 'post_payment', status: 'issued' }),
];

const ROOTS: readonly (readonly [string, string])[] = [
  ['checkout.session.', 'session'],
  ['invoice.', 'invoice'],
  ['customer.subscription.', 'subscription'],
  ['charge.dispute.', 'dispute'],
  ['refund.', 'refund'],
  ['charge.', 'charge'],
  ['credit_note.', 'note'],
];

/** The object on the page to which a path of an event belongs; undefined: no field of Stripe's. */
function fieldOf(type: string, path: string): string | undefined {
  const [, root = type] = ROOTS.find(([start]) => type.startsWith(start)) ?? [];
  const own = path.replace(/^completes(\.|$)/, '');
  if (own === '' || own === 'fetched') return undefined;
  const places: readonly (readonly [RegExp, string])[] = [
    [/^data\.object\./, `${root}.`],
    [/^data\.previous_attributes\./, 'previous.'],
    [/^fetched\.(session|charge)\./, '$1.'],
    [/^fetched\.session$/, 'fetched.session'],
    [/^fetched\./, 'fetched.'],
  ];
  const [start, name] = places.find(([pattern]) => pattern.test(own)) ?? [/^/, 'event.'];
  return own
    .replace(start, name)
    .replace(/^session\.(subscription|invoice)\./, '$1.')
    .replace(/^\w+\.(line_items|lines|items)\.data\[\]\./, 'line.');
}

function readFields(): Set<string> {
  const fields = new Set<string>();
  for (const { payload } of EVENTS) {
    const parsed = JSON.parse(payload);
    const { paths, watch } = recorder();
    readParsed(watch(parsed), '', 'live', findProduct).read();
    const type = (parsed.completes ?? parsed).type;
    for (const path of paths) fields.add(fieldOf(type, path) ?? 'event.id');
  }
  const { paths, watch } = recorder();
  const parts = { products: PRODUCTS, secrets: [] };
  stripeEvents(parts).readBatch(Buffer.from('{}'), watch({ 'stripe-signature': 'x' }), 0);
  for (const name of paths) fields.add(`event.${name}`);
  return fields;
}

const ROWS = rowsOf(readFileSync('docs/marketplaces/stripe-fields.md', 'utf8'));
const READ = readFields();

test('every field that a reader reads has a row that says so', (t) => {
  t.deepEqual(withoutRow(READ, ROWS), []);
  t.true(READ.size > 50, 'the control: the payloads are read');
});

test('every row that says read is of a field that a reader reads', (t) => {
  t.deepEqual(withoutReader(READ, ROWS), []);
});

test('each field has one row', (t) => {
  const fields = ROWS.map(({ field }) => field);
  t.deepEqual(
    fields.filter((field, place) => fields.indexOf(field) !== place),
    [],
  );
});

test('the control: a reader of an unlisted field, of a field marked not read, and a row without a reader are found', (t) => {
  const { paths, watch } = recorder();
  const data = watch({
    data: { object: { metadata: 1, purse: 3, line_items: { data: [{ description: 'a' }] } } },
  });
  void [data.data.object.metadata, data.data.object.purse, data.data.object.line_items.data[0]?.description];
  const read = new Set([...paths].map((path) => fieldOf('checkout.session.completed', path) ?? ''));
  t.deepEqual(
    withoutRow(read, ROWS).filter((field) => !field.startsWith('event.')),
    ['session.metadata', 'session.purse', 'line.description'],
  );
  const row = { field: 'session.metadata', isRead: true };
  t.deepEqual(withoutReader(READ, [...ROWS, row]), ['session.metadata']);
});
