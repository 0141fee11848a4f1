/** The holders of an order's licenses, and the codes that FastSpring delivered. */
import test from 'ava';
import { mint } from '../../kit/sample-codes.ts';
import { order, read, subscription } from './reading.ts';

const buyer = { first: 'Grace', last: 'Hopper', email: 'grace@example.com', company: 'Navy' };
const receiver = { first: 'Ada', last: 'Byron', email: 'ada@example.org' };

const people = (data: object, type = 'order.completed') =>
  read(type, data).people.map(({ subject, customer }) => `${subject} ${customer.name} ${customer.email}`);

test('a gift yields both people, its recipient first (23)', (t) => {
  t.deepEqual(people(order([], { customer: buyer, recipients: [{ recipient: receiver }] })), [
    'order:R1 Ada Byron ada@example.org',
    'order:R1 Grace Hopper grace@example.com',
  ]);
});

test('a buyer who is the recipient is one person, however the address is written', (t) => {
  const recipient = { ...buyer, email: 'Grace@Example.com' };
  t.deepEqual(people(order([], { customer: buyer, recipients: [{ recipient }] })), [
    'order:R1 Grace Hopper Grace@Example.com',
  ]);
});

test('without a recipient the buyer counts; a company replaces a missing name', (t) => {
  t.deepEqual(people(order([], { customer: { email: 'x@example.com', company: 'Navy' }, recipients: [] })), [
    'order:R1 Navy x@example.com',
  ]);
  t.deepEqual(people(order([], { customer: {}, recipients: null })), []);
  t.deepEqual(people({ customer: buyer, items: [] }), [], 'of no order, nobody');
});

test('a long name is truncated between visible characters (61)', (t) => {
  const first = `${'n'.repeat(199)}👩‍🚀`;
  const [person] = read('order.completed', order([], { customer: { first } })).people;
  t.is(person?.customer.name, 'n'.repeat(199));
});

test('the payer of a charge is stored under the subscription, which can bring a license (64)', (t) => {
  const data = { order: { id: 'o2', customer: buyer }, subscription: 's1' };
  t.deepEqual(people(data, 'subscription.charge.completed'), [
    'subscription:s1 Grace Hopper grace@example.com',
  ]);
  t.deepEqual(people({ order: 'o2', subscription: 's1' }, 'subscription.charge.completed'), []);
  t.deepEqual(people(order([], { customer: buyer }), 'order.canceled'), [], 'of what is void nobody is kept');
});

const [a, b, c] = [mint(), mint({ seats: 9 }), mint({ seats: 10 })];
const delivered = (key: string, ...licenses: string[]) => ({
  instructions: 'Thank you.',
  [`${key}_file_0`]: [{ display: 'App', file: 'app.zip', type: 'file' }],
  [`${key}_license_0`]: licenses.map((license) => ({ display: 'License', license, type: 'license' })),
});

test('the codes of an order are found in its fulfillments, also several in one text (53)', (t) => {
  const items = [
    { product: 'app', fulfillments: delivered('app', `${a}\n${b}`) },
    { product: 'team', fulfillments: delivered('team', c, c) },
    { product: 'plan-monthly', fulfillments: {} },
  ];
  t.deepEqual(read('order.completed', order(items)).codes, [a, b, c]);
});

test('the codes of a rebill and of a subscription are found (32)', (t) => {
  const data = {
    order: { id: 'o2', items: [{ product: 'app', fulfillments: delivered('app', a) }] },
    subscription: subscription({ fulfillments: delivered('plan-monthly', b) }),
  };
  t.deepEqual(read('subscription.charge.completed', data).codes, [a, b]);
  const updated = subscription({ fulfillments: delivered('plan-monthly', b) });
  t.deepEqual(read('subscription.updated', updated).codes, [b]);
  const group = { subscriptions: [updated], order: data.order };
  t.deepEqual(read('subscription.group.payment.charge.completed', group).codes, [a, b]);
});

test('files, texts and other events have no codes', (t) => {
  const fulfillments = { download: [{ file: a }], instructions: b };
  t.deepEqual(read('order.completed', order([{ product: 'app', fulfillments }])).codes, []);
  const items = [{ product: 'app', fulfillments: delivered('app', a) }];
  t.deepEqual(read('order.canceled', order(items)).codes, []);
});
