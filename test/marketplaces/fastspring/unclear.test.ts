/** What FastSpring's events say where a part of them is missing, odd or told in another place. */
import test from 'ava';
import { AppError } from '../../../src/errors.ts';
import { readEvent } from '../../../src/marketplaces/fastspring/events.ts';

const CREATED = Date.UTC(2026, 10, 20);
const APP = { id: 'app', features: [] };

function read(type: string, data: object, created: number | null = CREATED) {
  const payload = JSON.stringify({ id: 'e', type, live: true, created, data });
  return readEvent(payload, (path) => (path === 'app' ? (APP as never) : undefined));
}

const bodies = (type: string, data: object) => read(type, data).facts.map(({ body }) => body);

test('a return that is a chargeback charges back the order and each subscription that it names', (t) => {
  const original = { reference: 'R', subscriptions: ['s1', { id: 's2' }] };
  const { facts } = read('return.created', { type: 'chargeback', original, items: [] });
  t.deepEqual(
    facts.map(({ subject, body }) => `${subject} ${body.kind}`),
    ['order:R charged-back', 'subscription:s1 charged-back', 'subscription:s2 charged-back'],
  );
});

test('a partial return of an unknown amount is flagged, and revokes nothing', (t) => {
  t.deepEqual(bodies('return.created', { original: { reference: 'R' }, items: [{ product: 'app' }] }), [
    {
      kind: 'noted',
      note: 'partial return of an unknown amount: not clear of which units, nothing was revoked',
      flag: true,
    },
  ]);
});

test('a charge of a subscription that is ending sets no day', (t) => {
  const subscription = { id: 's', state: 'canceled', nextChargeDate: CREATED };
  t.deepEqual(bodies('subscription.charge.completed', { subscription }), [
    { kind: 'noted', note: 'charged while ending' },
  ]);
});

test('a seller’s attributes count also where they stand on the product alone', (t) => {
  const product = { product: 'else', attributes: { mintmark_product: 'app', mintmark_quantity: '4' } };
  t.deepEqual(
    bodies('subscription.updated', { id: 's', product, quantity: 1 }).filter(
      ({ kind }) => kind === 'resized',
    ),
    [{ kind: 'resized', product: 'app', quantity: 4 }],
  );
});

test('an event of a group that is of no known kind says nothing', (t) => {
  t.deepEqual(bodies('subscription.group.thought', { subscriptions: ['s'] }), []);
});

test('an end of a subscription without any date is refused, as it is neither earlier nor later than another', (t) => {
  t.throws(() => read('subscription.deactivated', { id: 's' }, null), {
    instanceOf: AppError,
    code: 'malformed_request',
  });
});

test('a fulfillment that holds a file and no license adopts no code', (t) => {
  const item = { product: 'app', quantity: 1, fulfillments: { download: [{ file: 'app.zip' }] } };
  t.deepEqual(read('order.completed', { reference: 'R', items: [item] }).codes, []);
});

test('an event without data is kept, and says nothing', (t) => {
  const { id, facts } = readEvent(
    JSON.stringify({ id: 'e', type: 'order.completed', created: CREATED }),
    () => undefined,
  );
  t.is(id, 'e');
  t.deepEqual(facts, []);
});
