/** Deliveries and their events: mode, times, the customer that a sale lacks, what is no event. */
import test from 'ava';
import type { Received } from '../../../src/domain/receive-events.ts';
import { completedPayload } from '../../../src/marketplaces/completed-event.ts';
import { lacks, paddleBillingEvents, readAgain } from '../../../src/marketplaces/paddle-billing/events.ts';
import { signatureOf } from '../../../src/marketplaces/paddle-billing/simulator.ts';
import {
  completed,
  event,
  factsOf,
  once,
  PRODUCTS,
  recurring,
  renewed,
  stated,
} from '../../kit/paddle-billing.ts';

const NOW = Date.UTC(2026, 0, 10, 12);
const secrets = [
  ['live', ['live secret of a test']],
  ['sandbox', ['sandbox secret of a test']],
  ['simulator', ['simulator secret of a test']],
] as const;
const events = paddleBillingEvents({ products: PRODUCTS, secrets });

function deliver(payload: string, secret = 'live secret of a test'): readonly Received[] | undefined {
  const headers = { 'paddle-signature': signatureOf(payload, secret, NOW) };
  return events.readBatch(Buffer.from(payload), headers, NOW);
}

const modeOf = (payload: string, secret?: string) => deliver(payload, secret)?.[0]?.head.mode;

test('only a live secret makes a live event; what the simulator of Paddle signs with it is a test', (t) => {
  const { payload } = completed('2026-01-10', [once()]);
  t.is(modeOf(payload), 'live');
  t.is(modeOf(payload, 'sandbox secret of a test'), 'test');
  t.is(modeOf(payload, 'simulator secret of a test'), 'test');
  t.is(modeOf(payload, 'another secret of a test'), undefined);
  const simulated = event('transaction.completed', '2026-01-10', {}, { event_id: 'ntfsimevt_01' }).payload;
  t.is(modeOf(simulated), 'test');
  t.is(readAgain(simulated, 'live', PRODUCTS).head.mode, 'test', 'a replay too');
});

test('every fact of a simulated event is of mode test', (t) => {
  const { payload } = completed('2026-01-10', [once()]);
  const simulated = payload.replace(/evt_\d+/, 'ntfsimevt_01');
  const { facts } = readAgain(simulated, 'live', PRODUCTS).read();
  t.true(facts.length > 0);
  t.true(facts.every(({ mode }) => mode === 'test'));
});

test('times are read with up to nine digits of a fraction, in UTC or with an offset', (t) => {
  const at = (occurred_at: unknown) =>
    readAgain(event('customer.updated', '2026-01-10', {}, { occurred_at }).payload, 'live', []).head.at;
  const second = Date.UTC(2026, 0, 10, 12, 0, 1);
  t.is(at('2026-01-10T12:00:01Z'), second);
  t.is(at('2026-01-10T12:00:01.5Z'), second + 500);
  t.is(at('2026-01-10T12:00:01.999999999Z'), second + 999);
  t.is(at('2026-01-10T13:00:01+01:00'), second);
  for (const other of ['0001-01-01T00:00:00Z', '2026-01-10', '2026-13-40T00:00:00Z', 7, null])
    t.is(at(other), 0);
});

test('an event without a time is refused where it says something, and kept where it says nothing', (t) => {
  const timeless = (type: string, data: object) =>
    readAgain(event(type, '2026-01-10', data, { occurred_at: null }).payload, 'live', PRODUCTS);
  t.throws(() => timeless('subscription.past_due', { id: 'sub_1', status: 'past_due' }).read(), {
    code: 'malformed_request',
  });
  t.deepEqual(timeless('report.created', {}).read().facts, []);
});

test('unknown events say nothing and are no error', (t) => {
  for (const type of ['payout.paid', 'transaction.revised', 'customer.created', 'discount.created']) {
    t.deepEqual(factsOf(event(type, '2026-01-10', { id: 'x_1', status: 'draft' })), [], type);
  }
});

test('what has no id or type, or is no JSON object, is kept as unreadable', (t) => {
  for (const payload of ['[]', '7', '"x"', 'null', '{}', '{"event_id":"evt_1"}', '{"event_type":"x"}', '{']) {
    const [received] = deliver(payload) ?? [];
    t.is(received?.head.type, 'unreadable', payload);
    t.throws(() => received?.read(), { code: 'malformed_request' }, payload);
  }
});

test('the same said by another event has the same key', (t) => {
  const keys = (payload: string) =>
    readAgain(payload, 'live', PRODUCTS)
      .read()
      .facts.map(({ key }) => key);
  const { payload } = completed('2026-01-10', [once(), recurring()], { subscription: 'sub_1' });
  const updated = payload.replace('transaction.completed', 'transaction.updated').replace(/evt_\d+/, 'evt_x');
  t.deepEqual(keys(updated), keys(payload));
  t.is(new Set(keys(payload)).size, keys(payload).length);
});

const paddles = ({ payload }: { readonly payload: string }) => {
  const { customer: _, ...data } = JSON.parse(payload).data;
  return JSON.stringify({ ...JSON.parse(payload), data });
};

test('a sale lacks its customer; a renewal, a draft and a subscription lack nothing', (t) => {
  const sale = paddles(completed('2026-01-10', [once()]));
  t.is(lacks(sale), 'ctm_simulated');
  t.true(readAgain(sale, 'live', PRODUCTS).read().isLacking);
  for (const other of [
    paddles(renewed('2026-02-10', '2026-03-10')),
    paddles(completed('2026-01-10', [once()], { status: 'ready' })),
    stated('updated', '2026-01-10', [recurring()]).payload,
    completed('2026-01-10', [once()]).payload,
  ]) {
    t.is(lacks(other), undefined);
    t.is(readAgain(other, 'live', PRODUCTS).read().isLacking, undefined);
  }
});

test('a completed event names the customer of the order, also in a replay, and states no fact again', (t) => {
  const sale = paddles(completed('2026-01-10', [once()]));
  const customer = { data: { id: 'ctm_simulated', name: null, email: ' ada@example.com ' } };
  const payload = completedPayload(sale, JSON.stringify(customer));
  const { head, read } = readAgain(payload, 'live', PRODUCTS);
  t.is(head.id, `${JSON.parse(sale).event_id}:completed`);
  t.is(head.payload, payload);
  const { facts, people } = read();
  t.deepEqual(facts, []);
  t.deepEqual(people, [{ subject: 'order:txn_1', customer: { name: undefined, email: 'ada@example.com' } }]);
});

test('the address of a payment method is nobody’s address', (t) => {
  const sale = JSON.parse(paddles(completed('2026-01-10', [once()])));
  sale.data.payments = [{ method_details: { paypal: { email: 'payer@example.com' } } }];
  t.deepEqual(readAgain(JSON.stringify(sale), 'live', PRODUCTS).read().people, []);
});

test('an event that concerns licenses and does not say whose is refused', (t) => {
  for (const [type, data] of [
    ['transaction.completed', { status: 'completed' }],
    ['subscription.updated', { status: 'active' }],
    ['adjustment.updated', { transaction_id: 'txn_1', action: 'refund' }],
    ['adjustment.updated', { id: 'adj_1', transaction_id: null, action: 'refund' }],
  ] as const) {
    t.throws(() => factsOf(event(type, '2026-01-10', data)), { code: 'malformed_request' }, type);
  }
});
