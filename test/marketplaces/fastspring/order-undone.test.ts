/** Orders that were not completed, and failed deliveries. */
import test from 'ava';
import { bodies, bodiesOf, order, read, subjects } from './reading.ts';

test('a canceled order is void, also by its id alone', (t) => {
  t.deepEqual(subjects('order.canceled', order([])), ['order-id:o1 alias', 'order:R1 voided']);
  t.deepEqual(subjects('order.canceled', order([], { reference: null })), ['order-id:o1 voided']);
  t.deepEqual(bodiesOf('voided', 'order.canceled', order([])), [{ kind: 'voided', unsold: true }]);
});

test('a failed payment voids nothing: the order can still be paid', (t) => {
  t.deepEqual(
    bodies('order.failed', order([])).filter(({ kind }) => kind !== 'alias'),
    [
      {
        kind: 'noted',
        note: 'a payment of this order failed: if licenses of it were delivered, look at the order in FastSpring',
        flag: true,
        why: 'unclear',
      },
    ],
  );
});

const failed = {
  product: 'Plan-Monthly',
  fulfillment: 'plan-monthly_license_1',
  type: 'license',
  order: 'o1',
  reference: 'R1',
  subscription: 's1',
  reason: 'Does not have available licenses.',
};

test('a failed license fulfillment is a paid sale that is undelivered at once (28)', (t) => {
  t.deepEqual(bodies('fulfillment.failed', failed), [
    { kind: 'alias', of: 'order:R1' },
    { kind: 'sold', product: 'plan', quantity: 1, line: 'plan-monthly', subscription: 's1', failed: true },
    {
      kind: 'noted',
      note: 'the license fulfillment of plan-monthly failed (Does not have available licenses.): rerun the fulfillment in FastSpring, on the page of this order',
      flag: true,
      why: 'undelivered',
    },
  ]);
});

test('its key differs from the key of the completed order, which has more fields', (t) => {
  const keys = read('fulfillment.failed', failed).facts.map(({ subject, key }) => `${subject} ${key}`);
  t.deepEqual(keys.slice(0, 2), ['order-id:o1 alias:o1:order:R1', 'order:R1 failed:o1:plan-monthly']);
  t.false(keys.some((key) => key.includes('sold:')));
});

test('a failed fulfillment of another type is only in the history', (t) => {
  t.deepEqual(bodiesOf('noted', 'fulfillment.failed', { ...failed, type: 'file' }), [
    {
      kind: 'noted',
      note: 'the file fulfillment of plan-monthly failed (Does not have available licenses.)',
    },
  ]);
  t.deepEqual(bodiesOf('sold', 'fulfillment.failed', { ...failed, type: 'file' }), []);
});

test('a failed fulfillment of an unknown type or product is flagged, and is no sale', (t) => {
  for (const data of [
    { ...failed, type: undefined },
    { ...failed, product: null },
  ]) {
    t.deepEqual(bodiesOf('sold', 'fulfillment.failed', data), []);
    t.is(bodiesOf('noted', 'fulfillment.failed', data)[0]?.why, 'undelivered');
  }
  t.deepEqual(bodies('fulfillment.failed', { type: 'license', product: 'app' }), [], 'of no order at all');
});
