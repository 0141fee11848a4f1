/** The facts of Paddle's alerts of payments. */
import test from 'ava';
import { bodies, flags, read, told, type Values } from '../../kit/alerts.ts';

const SALE: Values = {
  order_id: '573252',
  product_id: '47024',
  quantity: '3',
  sale_gross: '58.50',
  currency: 'eur',
};

const CHARGE: Values = {
  order_id: '621267-5045403',
  subscription_id: '700',
  subscription_plan_id: '5520',
  quantity: '2',
  status: 'active',
  initial_payment: '0',
  instalments: '4',
  next_bill_date: '2027-11-20',
  sale_gross: '39.00',
  currency: 'USD',
};

const ORDER = 'order:621267-5045403';

test('a payment yields units, Paddle’s product, our product, and the total', (t) => {
  t.deepEqual(told('payment_succeeded', SALE), [
    [
      'order:573252',
      { kind: 'confirmed', quantity: 3, line: '47024', product: 'app', total: 58.5, currency: 'EUR' },
    ],
  ]);
});

test('faults 28 and 29: a payment for an unknown path is a fact, with an unknown product', (t) => {
  for (const product_id of ['9999', undefined, '']) {
    t.deepEqual(bodies('payment_succeeded', { ...SALE, product_id, sale_gross: undefined }), [
      { kind: 'confirmed', quantity: 3, line: product_id ?? '', product: null },
    ]);
  }
});

test('a payment of ours without readable units is undelivered, and still has its total (28)', (t) => {
  for (const quantity of ['quantity', '0', '65536', '1.5', undefined]) {
    t.deepEqual(told('payment_succeeded', { ...SALE, quantity }).slice(0, 1), [
      ['order:573252', { kind: 'charged', total: 58.5, currency: 'EUR' }],
    ]);
    t.deepEqual(flags('payment_succeeded', { ...SALE, quantity }), ['undelivered']);
    t.deepEqual(flags('payment_succeeded', { ...SALE, quantity, sale_gross: 'x' }), ['undelivered']);
  }
  t.deepEqual(flags('payment_succeeded', { ...SALE, quantity: '65535' }), [], 'the control');
  t.deepEqual(
    flags('payment_succeeded', { ...SALE, quantity: '0', product_id: '1' }),
    ['unclear'],
    'of others',
  );
  const first = { ...CHARGE, quantity: '0', initial_payment: '1' };
  t.deepEqual(flags('subscription_payment_succeeded', first), ['undelivered']);
  t.deepEqual(flags('subscription_payment_succeeded', { ...first, initial_payment: '0' }), ['unmapped']);
});

test('a total is a decimal number that is not negative, and its currency a code of three letters', (t) => {
  const totalOf = (sale_gross: string, currency?: string) => {
    const [body] = bodies('payment_succeeded', { ...SALE, sale_gross, currency });
    return body?.kind === 'confirmed' ? [body.total, body.currency] : undefined;
  };
  t.deepEqual(totalOf('0', 'USD'), [0, 'USD']);
  t.deepEqual(totalOf('195.0000', 'USD'), [195, 'USD']);
  t.deepEqual(totalOf('1200', 'dollars'), [1200, null]);
  t.deepEqual(totalOf('1200'), [1200, null]);
  for (const gross of ['-1', '1,50', '1e3', 'sale_gross', '.5', '']) {
    t.deepEqual(totalOf(gross, 'USD'), [undefined, undefined], gross);
  }
});

test('a payment of a subscription is a charge of it, and its order another name', (t) => {
  t.deepEqual(told('subscription_payment_succeeded', CHARGE), [
    [ORDER, { kind: 'alias', of: 'subscription:700' }],
    [
      'subscription:700',
      {
        kind: 'paid',
        until: '2027-11-20',
        sequence: null,
        charge: ORDER,
        total: 39,
        currency: 'USD',
      },
    ],
    [
      'subscription:700',
      { kind: 'resized', line: '5520', product: 'pro', quantity: 2, paidTo: '2027-11-20' },
    ],
  ]);
});

test('fault 69: the first payment’s order follows the subscription, written as 1 or as true', (t) => {
  for (const initial_payment of ['1', 'true']) {
    const [tie, paid] = told('subscription_payment_succeeded', { ...CHARGE, initial_payment });
    t.deepEqual(tie, [ORDER, { kind: 'linked', subscription: '700' }]);
    t.like(paid?.[1], { kind: 'paid', part: 'first', charge: ORDER });
    const refund = { ...CHARGE, initial_payment, refund_type: 'full' };
    t.deepEqual(told('subscription_payment_refunded', refund), [tie, [ORDER, { kind: 'refunded' }]]);
  }
  for (const initial_payment of ['0', 'false', '', undefined]) {
    const [tie, paid] = told('subscription_payment_succeeded', { ...CHARGE, initial_payment });
    t.deepEqual(tie, [ORDER, { kind: 'alias', of: 'subscription:700' }]);
    t.false(paid !== undefined && 'part' in paid[1]);
  }
});

test('faults 34 and 68: a trial’s start and a charge of nothing give access and are no payment', (t) => {
  const isFree = (values: Values) => {
    const [, body] = bodies('subscription_payment_succeeded', { ...CHARGE, initial_payment: '1', ...values });
    return body?.kind === 'paid' && body.until === '2027-11-20' && body.free === true;
  };
  t.true(isFree({ status: 'trialing', sale_gross: '0.00' }));
  t.true(isFree({ status: 'trialing', sale_gross: undefined }));
  t.true(isFree({ status: 'active', sale_gross: '0' }));
  t.false(isFree({ status: 'active', sale_gross: '0.01' }), 'the control');
  t.false(isFree({ status: 'active', sale_gross: undefined }));
});

test('a trial’s start and a charge are two facts, even of one order', (t) => {
  const keyOf = (values: Values) =>
    read('subscription_payment_succeeded', { ...CHARGE, ...values }).facts[1]?.key;
  t.is(keyOf({}), 'paid:621267-5045403');
  t.is(keyOf({ status: 'trialing' }), 'free:621267-5045403');
});

test('fault 70: the date of a payment counts, whatever the status', (t) => {
  for (const status of ['active', 'past_due', 'paused', undefined]) {
    const [, body] = bodies('subscription_payment_succeeded', { ...CHARGE, status });
    t.like(body, { kind: 'paid', until: '2027-11-20' });
  }
  const [, undated] = bodies('subscription_payment_succeeded', { ...CHARGE, next_bill_date: '' });
  t.like(undated, { kind: 'paid', until: null });
});

test('fault 24: a payment of a deleted subscription pays its period and does not bring it back', (t) => {
  const deleted = { ...CHARGE, status: 'deleted' };
  t.deepEqual(bodies('subscription_payment_succeeded', deleted).at(-1), {
    kind: 'canceled',
    last: '2027-11-20',
  });
  const undated = bodies('subscription_payment_succeeded', { ...deleted, next_bill_date: undefined });
  t.deepEqual(undated.at(-1), { kind: 'noted', note: 'the subscription is deleted' });
});

test('fault 29: a payment for an unknown plan names it; units that cannot be read are flagged', (t) => {
  const coversOf = (values: Values) => {
    const first = { ...CHARGE, initial_payment: '1', ...values };
    const [, body] = bodies('subscription_payment_succeeded', first);
    return body?.kind === 'paid' ? body.covers : [];
  };
  t.deepEqual(coversOf({ subscription_plan_id: '1' }), [{ line: '1', product: null, quantity: 2 }]);
  const later = bodies('subscription_payment_succeeded', { ...CHARGE, subscription_plan_id: '1' });
  t.deepEqual(
    later.at(-1),
    { kind: 'resized', line: '1', product: null, quantity: 2, paidTo: '2027-11-20' },
    'a later payment',
  );
  t.is(coversOf({ subscription_plan_id: undefined }), undefined);
  t.is(coversOf({ quantity: undefined }), undefined);
  t.deepEqual(flags('subscription_payment_succeeded', { ...CHARGE, quantity: undefined }), []);
  t.is(coversOf({ quantity: 'quantity' }), undefined);
  t.deepEqual(flags('subscription_payment_succeeded', { ...CHARGE, quantity: 'quantity' }), ['unmapped']);
});

test('a payment without an order, or without a subscription, yields the other facts', (t) => {
  t.deepEqual(bodies('subscription_payment_succeeded', { ...CHARGE, order_id: undefined }), [
    { kind: 'paid', until: '2027-11-20', sequence: null, total: 39, currency: 'USD' },
    { kind: 'resized', line: '5520', product: 'pro', quantity: 2, paidTo: '2027-11-20' },
  ]);
  t.deepEqual(bodies('subscription_payment_succeeded', { ...CHARGE, subscription_id: '' }), []);
  t.deepEqual(bodies('payment_succeeded', { ...SALE, order_id: ' ' }), []);
});

test('a payment in another alert is the same fact', (t) => {
  const keys = (name: string, values: Values) => read(name, values).facts.map(({ key }) => key);
  for (const alert_id of ['900', '901']) {
    t.deepEqual(keys('payment_succeeded', { ...SALE, alert_id }), ['confirmed:573252']);
    t.deepEqual(keys('subscription_payment_succeeded', { ...CHARGE, alert_id }), [
      'tie:621267-5045403',
      'paid:621267-5045403',
      'plan:621267-5045403',
    ]);
  }
});

test('the buyer is read from a first payment of a known product', (t) => {
  const buyer = { customer_name: ' Grace Hopper ', email: 'grace@example.com' };
  const customer = { name: 'Grace Hopper', email: 'grace@example.com' };
  const peopleOf = (name: string, values: Values) => read(name, { ...buyer, ...values }).people;
  t.deepEqual(peopleOf('payment_succeeded', SALE), [{ subject: 'order:573252', customer }]);
  const first = { ...CHARGE, initial_payment: '1' };
  t.deepEqual(peopleOf('subscription_payment_succeeded', first), [{ subject: ORDER, customer }]);
  t.deepEqual(peopleOf('subscription_payment_succeeded', CHARGE), [], 'a later payment');
  t.deepEqual(peopleOf('payment_succeeded', { ...SALE, product_id: '9999' }), [], 'not a product of ours');
  t.deepEqual(peopleOf('payment_succeeded', { ...SALE, customer_name: '', email: '' }), []);
  t.deepEqual(peopleOf('payment_refunded', { ...SALE, refund_type: 'full' }), []);
});

test('a buyer’s name is truncated between visible characters', (t) => {
  const [person] = read('payment_succeeded', { ...SALE, customer_name: '👩‍🚀'.repeat(300) }).people;
  t.is(person?.customer.name, '👩‍🚀'.repeat(66));
});
