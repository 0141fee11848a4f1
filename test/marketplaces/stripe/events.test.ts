/** Deliveries of Stripe: who signed them, their mode, and what is no event. */
import test from 'ava';
import { readAgain, stripeEvents } from '../../../src/marketplaces/stripe/events.ts';
import { signatureOf } from '../../../src/marketplaces/stripe/simulator.ts';
import {
  bodiesOf,
  bought,
  boughtWhole,
  event,
  once,
  PRODUCTS,
  recurring,
  soldWorld,
  stated,
} from '../../kit/stripe.ts';

const NOW = Date.UTC(2026, 0, 10, 12);
const SECRETS = [
  ['live', ['whsec_live']],
  ['sandbox', ['whsec_test']],
] as const;

const readBatch = (body: string, secret: string) =>
  stripeEvents({ products: PRODUCTS, secrets: SECRETS }).readBatch(
    Buffer.from(body),
    { 'stripe-signature': signatureOf(body, secret, NOW) },
    NOW,
  );
const modeOf = (livemode: unknown, secret: string) => {
  const { payload } = bought('2026-01-10', [once()]);
  return readBatch(JSON.stringify({ ...JSON.parse(payload), livemode }), secret)?.[0]?.head.mode;
};

test('live is what the live secret signed and what says so itself', (t) => {
  t.is(modeOf(true, 'whsec_live'), 'live');
  for (const [livemode, secret] of [
    [false, 'whsec_live'],
    [undefined, 'whsec_live'],
    ['true', 'whsec_live'],
    [true, 'whsec_test'],
    [false, 'whsec_test'],
  ] as const) {
    t.is(modeOf(livemode, secret), 'test', `${livemode} ${secret}`);
  }
  t.is(modeOf(true, 'whsec_other'), undefined);
});

test('a replay of a test event stays in mode test', (t) => {
  const { payload } = bought('2026-01-10', [once()]);
  const test = JSON.stringify({ ...JSON.parse(payload), livemode: false });
  t.is(readAgain(test, 'live', PRODUCTS).head.mode, 'test');
  t.is(readAgain(payload, 'test', PRODUCTS).head.mode, 'test');
  t.is(readAgain(payload, 'live', PRODUCTS).head.mode, 'live', 'the control');
});

test('what is no event is kept as unreadable; a completed event keeps its own id', (t) => {
  for (const body of ['', 'x', '[]', '{}', '{"id":"evt_1"}', '{"type":"invoice.paid","id":" "}']) {
    const [received] = readBatch(body, 'whsec_live') ?? [];
    t.like(received?.head, { type: 'unreadable', mode: 'live', payload: body }, body);
    t.throws(() => received?.read(), { code: 'malformed_request' }, body);
  }
  const { payload } = boughtWhole('2026-01-10', [once()]);
  const own = JSON.parse(payload).completes.id;
  const { head, read } = readAgain(payload, 'live', PRODUCTS);
  t.is(head.id, `${own}:completed`);
  t.like(read(), { isCompletion: true });
  t.is(read().facts[0]?.cause, `checkout.session.completed ${own}`);
});

test('unknown events and thin events are kept and say nothing', (t) => {
  for (const type of [
    'customer.updated',
    'payment_link.created',
    'product.deleted',
    'radar.early_fraud_warning.created',
  ]) {
    t.deepEqual(bodiesOf(event(type, '2026-01-10', { id: 'x_1' })), [], type);
  }
  const thin = {
    id: 'evt_thin',
    object: 'v2.core.event',
    type: 'v1.billing.meter',
    created: '2026-01-10T12:00:00Z',
  };
  t.deepEqual(readAgain(JSON.stringify(thin), 'live', PRODUCTS).read().facts, []);
});

const READ_TYPES = [
  'checkout.session.completed',
  'invoice.paid',
  'customer.subscription.updated',
  'charge.refunded',
];

test('an event of values that are not expected is read without a fault', (t) => {
  for (const type of READ_TYPES) {
    for (const object of [{ id: 7 }, { id: 'x', lines: 3, items: 'a', line_items: null, status: {} }])
      t.notThrows(() => bodiesOf(event(type, '2026-01-10', object)), type);
  }
});

test('an event that concerns licenses and does not say whose is refused', (t) => {
  const refused = (type: string, object: object) =>
    t.throws(() => bodiesOf(event(type, '2026-01-10', object)), { code: 'malformed_request' }, type);
  for (const type of [...READ_TYPES, 'invoice.payment_failed', 'charge.dispute.created', 'refund.failed']) {
    refused(type, {});
    refused(type, 'x' as never);
  }
  refused('charge.dispute.created', { id: 'dp_1' });
  refused('refund.failed', { id: 're_1' });
  t.notThrows(() => bodiesOf(event('price.updated', '2026-01-10', {})));
  t.notThrows(
    () => bodiesOf(event('invoice.upcoming', '2026-01-10', { object: 'invoice' })),
    'the control: a preview has no id',
  );
});

test('an event about something known without a time is a fault', (t) => {
  const { payload } = bought('2026-01-10', [once()]);
  const timeless = JSON.stringify({ ...JSON.parse(payload), created: null });
  t.throws(() => readAgain(timeless, 'live', PRODUCTS).read(), { code: 'malformed_request' });
});

test("another account's events say nothing", (t) => {
  t.deepEqual(
    bodiesOf(
      event(
        'checkout.session.completed',
        '2026-01-10',
        { id: 'cs_9', mode: 'payment', payment_status: 'paid' },
        { account: 'acct_2' },
      ),
    ),
    [],
  );
});

test('a release that is not known is flagged, once for all events; known and old ones are not', (t) => {
  const with_ = (api_version: string, day: string) => {
    const { payload } = stated('updated', day, { until: '2026-02-10', items: [recurring()] });
    return { day, payload: JSON.stringify({ ...JSON.parse(payload), api_version }) };
  };
  const world = soldWorld().tell(
    with_('2026-09-30.endive', '2026-01-20'),
    with_('2026-09-30.endive', '2026-01-21'),
  );
  t.deepEqual(world.flagKinds, ['unclear']);
  t.deepEqual(
    soldWorld().tell(with_('2022-11-15', '2026-01-20'), with_('2025-03-31.basil', '2026-01-21')).flags,
    [],
  );
});

test('the customer is what the buyer entered', (t) => {
  const { people } = readAgain(bought('2026-01-10', [once()]).payload, 'live', PRODUCTS).read();
  t.deepEqual(people, [{ subject: 'order:cs_1', customer: { name: 'Ada Byron', email: 'ada@example.com' } }]);
});
