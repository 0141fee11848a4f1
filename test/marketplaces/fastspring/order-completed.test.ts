import test from 'ava';
import { bodies, bodiesOf, flags, order, read, subjects, subscription } from './reading.ts';

const COMPLETED = 'order.completed';
const sold = (data: object) => bodiesOf('sold', COMPLETED, data);

test('each path is a line of its own, also where one product file names several (15, 16)', (t) => {
  const items = [
    { product: 'PLAN-monthly', quantity: 1, subscription: 's1', subtotal: 5, discount: 0 },
    { product: 'plan-yearly', quantity: 2, subscription: { id: 's2', subscription: 's2' }, subtotal: 100 },
  ];
  t.deepEqual(sold(order(items)), [
    { kind: 'sold', product: 'plan', quantity: 1, line: 'plan-monthly', subscription: 's1', price: 5 },
    { kind: 'sold', product: 'plan', quantity: 2, line: 'plan-yearly', subscription: 's2', price: 100 },
  ]);
});

test('the keys of the lines are made of the order’s id and the line', (t) => {
  const { facts } = read(COMPLETED, order([{ product: 'app' }, { product: 'plan-yearly' }]));
  t.deepEqual(
    facts.filter(({ body }) => body.kind === 'sold').map(({ key }) => key),
    ['sold:o1:app', 'sold:o1:plan-yearly'],
  );
});

test('a path without a product file is a line too (28)', (t) => {
  t.deepEqual(sold(order([{ product: 'Lumen-EDU', quantity: 3 }])), [
    { kind: 'sold', product: null, quantity: 3, line: 'lumen-edu' },
  ]);
});

test('a line without a subscription follows none (11)', (t) => {
  const items = [{ product: 'app' }, { product: 'unheard-of', subscription: 's1' }];
  t.deepEqual(
    sold(order(items)).map(({ line, subscription }) => `${line} ${subscription}`),
    ['app undefined', 'unheard-of s1'],
  );
});

test('a subscription that is named as the parent only makes a companion (13)', (t) => {
  const items = [
    { product: 'plan-monthly', subscription: 's1' },
    { product: 'app', parentSubscription: 's1' },
    { product: 'team', subscription: 's2', parentSubscription: 's1' },
  ];
  t.deepEqual(
    sold(order(items)).map(({ line, subscription, companion }) => `${line} ${subscription} ${companion}`),
    ['plan-monthly s1 undefined', 'app s1 true', 'team s2 undefined'],
  );
});

test('the same path twice is one line with all units and the whole price (15)', (t) => {
  const items = [
    { product: 'app', quantity: 1, subtotal: 10, discount: 1 },
    { product: 'APP', quantity: '2', subtotal: 20, discount: 0 },
  ];
  const data = order(items, { subtotal: 30, discount: 1, tax: 0, total: 29 });
  t.deepEqual(sold(data), [{ kind: 'sold', product: 'app', quantity: 3, line: 'app', price: 29 }]);
  t.deepEqual(flags(COMPLETED, data), []);
});

test('the same path for two subscriptions is two lines, in the same order however the items are sorted', (t) => {
  const items = [
    { product: 'app', quantity: 2, subscription: 's2' },
    { product: 'app', subscription: 's1' },
  ];
  const line = { kind: 'sold', product: 'app', line: 'app' } as const;
  for (const each of [items, [...items].reverse()]) {
    t.deepEqual(sold(order(each)), [
      { ...line, quantity: 1, subscription: 's1' },
      { ...line, quantity: 2, subscription: 's2' },
    ]);
    t.deepEqual(flags(COMPLETED, order(each)), []);
  }
});

test('the same path with a subscription and without is flagged, and follows the first', (t) => {
  const items = [{ product: 'app', subscription: 's1' }, { product: 'app' }];
  t.deepEqual(sold(order(items)), [
    { kind: 'sold', product: 'app', quantity: 2, line: 'app', subscription: 's1' },
  ]);
  t.deepEqual(flags(COMPLETED, order(items)), [
    'unclear: app is in the order twice, with a subscription and without: the line follows the first',
  ]);
});

test('the id is an alias of the reference, by which license requests name the order (18)', (t) => {
  t.deepEqual(subjects(COMPLETED, order([{ product: 'app' }], { total: 1 })), [
    'order-id:o1 alias',
    'order:R1 charged',
    'order:R1 sold',
  ]);
  t.deepEqual(bodiesOf('alias', COMPLETED, order([])), [{ kind: 'alias', of: 'order:R1' }]);
});

test('an absent reference is no name: the sale has the id, and the same key as a later sale with a reference (72)', (t) => {
  const without = read(COMPLETED, order([{ product: 'app' }], { reference: null }));
  t.deepEqual(
    without.facts.map(({ subject, key }) => `${subject} ${key}`),
    ['order-id:o1 sold:o1:app'],
  );
  const later = read(COMPLETED, order([{ product: 'app' }]));
  t.deepEqual(
    later.facts.map(({ subject, key }) => `${subject} ${key}`),
    ['order-id:o1 alias:o1:order:R1', 'order:R1 sold:o1:app'],
  );
});

test('an order without any name yields no facts', (t) => {
  t.deepEqual(bodies(COMPLETED, { items: [{ product: 'app' }] }), []);
});

test('attributes of the item choose product, units and features; the line stays the path (20)', (t) => {
  const attributes = { mintmark_product: 'team', mintmark_quantity: '3', mintmark_features: 'sync, export' };
  t.deepEqual(sold(order([{ product: 'Other', quantity: 1, attributes }])), [
    { kind: 'sold', product: 'team', quantity: 3, per: 3, line: 'other', features: ['sync', 'export'] },
  ]);
  t.deepEqual(flags(COMPLETED, order([{ product: 'Other', attributes }])), []);
});

test('mintmark_quantity is what one of the product holds, so the bought quantity multiplies it, up to the limit (20)', (t) => {
  const packs = (quantity: unknown, mintmark_quantity: unknown) =>
    order([{ product: 'app', quantity, attributes: { mintmark_quantity } }]);
  t.is(sold(packs(2, '5'))[0]?.quantity, 10);
  t.is(sold(packs(undefined, 5))[0]?.quantity, 5);
  t.is(sold(packs(2, undefined))[0]?.quantity, 2, 'control');
  t.deepEqual(flags(COMPLETED, packs(201, '5')), [
    'too-many-units: app has 1005 units, of at most 1000: none was read',
  ]);
});

test('attributes with unknown products or features are flagged (29)', (t) => {
  const unknownFeature = [{ product: 'app', attributes: { mintmark_features: 'sync, warp' } }];
  t.deepEqual(sold(order(unknownFeature))[0]?.features, ['sync']);
  t.deepEqual(flags(COMPLETED, order(unknownFeature)), [
    'unmapped: mintmark_features of app names warp, which the product file does not list',
  ]);
  const unknownProduct = [{ product: 'app', attributes: { mintmark_product: 'ap' } }];
  t.is(sold(order(unknownProduct))[0]?.product, null);
  t.deepEqual(flags(COMPLETED, order(unknownProduct)), [
    'unmapped: mintmark_product of app is ap, a path that no product file names',
  ]);
});

test('a subscription in trial, or a total of 0 with trial instructions, is a trial (36)', (t) => {
  const trial = (total: number, told: object) =>
    sold(order([{ product: 'plan-monthly', subscription: subscription(told) }], { total }))[0]?.trial;
  const instructions = [{ type: 'trial' }, { type: 'regular' }];
  t.is(trial(1, { state: 'trial' }), true);
  t.is(trial(0, { instructions }), true);
  t.is(trial(20, { instructions }), undefined);
  t.is(trial(0, { instructions: [{ type: 'regular' }] }), undefined);
});

test('an expanded order tells the next charge of its subscriptions', (t) => {
  const items = [{ product: 'plan-monthly', subscription: subscription() }];
  t.deepEqual(bodiesOf('dated', COMPLETED, order(items)), [
    { kind: 'dated', until: '2026-12-20', sequence: 1, active: true },
  ]);
});

test('an order with proration amounts is a charge of its subscription; amounts of 0 have no meaning', (t) => {
  const item = { product: 'plan-yearly', subscription: 's1' };
  const prorated = order([{ ...item, proratedItemTotal: 12, proratedItemChangeAmount: 0 }]);
  t.true(subjects(COMPLETED, prorated).includes('order-id:o1 alias'));
  t.deepEqual(
    bodiesOf('alias', COMPLETED, prorated).map(({ of }) => of),
    ['order:R1', 'subscription:s1'],
  );
  const ordinary = order([{ ...item, proratedItemTotal: 0, proratedItemChangeAmount: 0 }]);
  t.deepEqual(
    bodiesOf('alias', COMPLETED, ordinary).map(({ of }) => of),
    ['order:R1'],
  );
});

test('a test order voids a live order with its reference, and affects no other live order (44)', (t) => {
  const { facts } = read(COMPLETED, order([{ product: 'app' }]), { live: false });
  t.deepEqual(
    facts.map(({ mode, subject, body }) => `${mode} ${subject} ${JSON.stringify(body)}`),
    [
      'test order-id:o1 {"kind":"alias","of":"order:R1"}',
      'test order:R1 {"kind":"sold","product":"app","quantity":1,"line":"app"}',
      'live order:R1 {"kind":"voided","test":true}',
    ],
  );
});

test('an event is live only where envelope and data agree', (t) => {
  t.is(read(COMPLETED, order([], { live: false })).mode, 'test');
  t.is(read(COMPLETED, order([]), { live: false }).mode, 'test');
  t.is(read(COMPLETED, order([], { live: undefined })).mode, 'live', 'some data has no mode');
});
