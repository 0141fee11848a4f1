import test from 'ava';
import { bodies, bodiesOf, flags, read, subjects } from './reading.ts';

const RETURN = 'return.created';

function back(more: object = {}): object {
  return {
    return: 'r1',
    reference: 'R1X',
    currency: 'EUR',
    totalReturn: 5,
    tax: 0.8,
    subtotal: 4.2,
    type: 'RETURN',
    original: { id: 'o1', order: 'o1', reference: 'R1', total: 20, subscriptions: ['s1'] },
    items: [{ product: 'App', quantity: 1, subtotal: 4.2, subscription: 's1' }],
    ...more,
  };
}

test('a refund belongs to the charge, once, and changes no subscription that it names (12)', (t) => {
  t.deepEqual(subjects(RETURN, back()), ['order-id:o1 alias', 'order-id:o1 repaid', 'order-id:o1 alias']);
  t.deepEqual(bodiesOf('repaid', RETURN, back()), [
    {
      kind: 'repaid',
      amount: 5,
      currency: 'EUR',
      total: 20,
      lines: [{ line: 'app', amount: 4.2, quantity: 1, full: false, subscription: 's1' }],
    },
  ]);
  t.is(read(RETURN, back()).facts[1]?.key, 'return:r1');
});

test('a return without an id has the reference', (t) => {
  const data = back({ original: { reference: 'R1', total: 20 } });
  t.deepEqual(subjects(RETURN, data), ['order:R1 repaid', 'order:R1 alias']);
  t.deepEqual(subjects(RETURN, back({ original: { id: 'o1' }, items: [] })), ['order-id:o1 repaid']);
  t.deepEqual(bodies(RETURN, back({ original: null })), [], 'and of no order, nothing');
});

test('Full Refund of a line is the whole line; a missing refundType is not (3)', (t) => {
  const full = (refundType: unknown) =>
    bodiesOf('repaid', RETURN, back({ items: [{ product: 'app', refundType }] }))[0]?.lines?.[0]?.full;
  t.is(full('Full Refund'), true);
  t.is(full('Partial Refund'), false);
  t.is(full(undefined), false);
  t.is(full('Partially full'), false);
});

test('a return by amount has 0 units, and an unknown amount is none (1, 27)', (t) => {
  const items = [
    { product: 'app', quantity: 0, refundType: 'Partial Refund', subtotal: 4.2 },
    { product: 'app' },
  ];
  t.deepEqual(bodiesOf('repaid', RETURN, back({ items }))[0]?.lines, [
    { line: 'app', amount: 4.2, quantity: 0, full: false },
    { line: 'app', amount: null, quantity: 0, full: false },
  ]);
  t.is(bodiesOf('repaid', RETURN, back({ totalReturn: undefined }))[0]?.amount, null);
  t.is(bodiesOf('repaid', RETURN, back({ totalReturn: -5 }))[0]?.amount, null);
});

test('a return without items has no line (31)', (t) => {
  t.deepEqual(bodiesOf('repaid', RETURN, back({ items: [] })), [
    { kind: 'repaid', amount: 5, currency: 'EUR', total: 20 },
  ]);
});

test('a refund of the tax alone is marked', (t) => {
  t.is(bodiesOf('repaid', RETURN, back({ subtotal: 0, tax: 5 }))[0]?.tax, true);
  t.is(bodiesOf('repaid', RETURN, back({ subtotal: 0, tax: 0 }))[0]?.tax, undefined);
  t.is(bodiesOf('repaid', RETURN, back({ subtotal: null, tax: 5 }))[0]?.tax, undefined);
});

test('undocumented types count by the amount too, with a flag (73)', (t) => {
  for (const type of ['ALERT', 'CHARGEBACK', 'unheard-of']) {
    t.deepEqual(
      bodiesOf('repaid', RETURN, back({ type })),
      bodiesOf('repaid', RETURN, back()),
      'the same as a return',
    );
    t.deepEqual(flags(RETURN, back({ type })), [
      `unclear: a return of type ${type.toUpperCase()} of 5.00 EUR: FastSpring does not document the type, so the amount decided`,
    ]);
  }
  t.deepEqual(flags(RETURN, back()), []);
  t.deepEqual(flags(RETURN, back({ type: undefined })), []);
});
