/** Prices and units of an order. */
import test from 'ava';
import { at, World } from '../../kit/world.ts';
import { bodiesOf, flags, order, PRODUCTS, read } from './reading.ts';

const COMPLETED = 'order.completed';
const sold = (data: object) => bodiesOf('sold', COMPLETED, data);

test('the price of a line is its subtotal, without its discount where the order’s total says that it is not off yet (3)', (t) => {
  const price = (item: object, more: object = {}) =>
    sold(order([{ product: 'app', ...item }], more))[0]?.price;
  t.is(price({ subtotal: 40, discount: 10 }, { subtotal: 40, discount: 10, tax: 6, total: 36 }), 30);
  t.is(price({ subtotal: 40, discount: 10 }), 40, 'nothing says it: a price too low would revoke units');
  t.is(price({ subtotal: 40 }), 40);
  t.is(price({ discount: 10 }), undefined, 'an unknown subtotal is no price');
  const [below] = sold(
    order(
      [
        { product: 'app', subtotal: 5, discount: 10 },
        { product: 'team', subtotal: 40 },
      ],
      { subtotal: 45, discount: 10, tax: 7, total: 42 },
    ),
  );
  t.is(below?.price, undefined, 'nor is one below zero');
});

test('a total that is some coins off says the same: what comes nearer to it decides (3)', (t) => {
  const price = (total: number) =>
    sold(
      order([{ product: 'app', subtotal: 88, discount: 99 }], { subtotal: 88, discount: 99, tax: 0, total }),
    )[0]?.price;
  t.deepEqual([87.98, 88, 88.02].map(price), [88, 88, 88]);
  const before = (total: number) =>
    sold(
      order([{ product: 'app', subtotal: 187, discount: 99 }], {
        subtotal: 187,
        discount: 99,
        tax: 17.6,
        total,
      }),
    )[0]?.price;
  t.deepEqual([105.58, 105.6, 105.62].map(before), [88, 88, 88]);
});

test('where the order’s total is its subtotal and tax, the discount is off already (3)', (t) => {
  const data = order(
    [
      { product: 'app', subtotal: 0, discount: 99 },
      { product: 'team', subtotal: 30.1, discount: 9.9 },
    ],
    { subtotal: 30.1, discount: 108.9, tax: 6.02, total: 36.12 },
  );
  t.deepEqual(
    sold(data).map(({ price }) => price),
    [0, 30.1],
  );
});

test('the order’s own charge has its total, tax included, and its currency (12)', (t) => {
  t.deepEqual(bodiesOf('charged', COMPLETED, order([], { total: 23.8, tax: 3.8 })), [
    { kind: 'charged', total: 23.8, currency: 'EUR' },
  ]);
  t.deepEqual(bodiesOf('charged', COMPLETED, order([])), [], 'an unknown total is not told');
});

test('more units than can be delivered are a flag, and the rest of the order is read (6)', (t) => {
  const items = [
    { product: 'app', quantity: 1001 },
    { product: 'team', quantity: 13_108 },
    { product: 'unheard-of', quantity: 65_536 },
    { product: 'plan-monthly', quantity: 1 },
  ];
  t.deepEqual(
    sold(order(items)).map(({ line }) => line),
    ['plan-monthly'],
  );
  t.deepEqual(flags(COMPLETED, order(items)), [
    'too-many-units: app has 1001 units, of at most 1000: none was read',
    'too-many-units: team has 13108 units, of at most 13107: none was read',
    'too-many-units: unheard-of has 65536 units, of at most 65535: none was read',
  ]);
});

test('as many units as can be delivered are read: 65,535 seats, 1,000 codes (6)', (t) => {
  const items = [
    { product: 'app', quantity: 1000 },
    { product: 'team', quantity: 13_107 },
    { product: 'unheard-of', quantity: 65_535 },
  ];
  t.deepEqual(
    sold(order(items)).map(({ quantity }) => quantity),
    [1000, 13_107, 65_535],
  );
  const twice = [
    { product: 'app', quantity: 600 },
    { product: 'app', quantity: 401 },
  ];
  t.deepEqual(sold(order(twice)), [], 'the items of one path count together');
});

test('an item without a path, and one of ours without units, are undelivered (28)', (t) => {
  const note = (place: number) =>
    `undelivered: item ${place} of the order names no product, or less than one unit: nothing was issued for it`;
  for (const quantity of [0, -1])
    t.deepEqual(flags(COMPLETED, order([{ quantity: 1 }, { product: 'app', quantity }])), [note(1), note(2)]);
  for (const product of [null, '', {}]) t.deepEqual(flags(COMPLETED, order([{ product }])), [note(1)]);
});

test('control: an item that names another program is of no interest, however it is told', (t) => {
  t.regex(flags(COMPLETED, order([{ product: 'lumen', quantity: 0 }])).join(), /^unclear: /);
});

test('an order whose items cannot be read is undelivered, also in an empty ledger and sent again (28)', (t) => {
  for (const items of [null, [], {}, 'app', ['app'], undefined]) {
    const world = new World(PRODUCTS, at('2026-12-02'));
    const { facts } = read(COMPLETED, { ...order([]), items });
    for (const told of [facts, facts]) world.tell(told);
    t.deepEqual(world.flags, [
      'undelivered: the order names no item that can be read: nothing was issued for it',
    ]);
    t.is(world.found.flags[0]?.order, 'R1');
  }
  t.deepEqual(flags(COMPLETED, order([{ product: 'app' }])), [], 'control');
});

test('a quantity that is no number of units counts as 1 and is flagged; an absent one is 1', (t) => {
  const told = (more: object) => {
    const data = order([{ product: 'app', ...more }]);
    return [bodiesOf('sold', COMPLETED, data)[0]?.quantity, ...flags(COMPLETED, data)];
  };
  const fault = (name: string) => `unclear: the ${name} of app is no number of units: 1 counts`;
  for (const quantity of ['two', '', true, [2], {}]) t.deepEqual(told({ quantity }), [1, fault('quantity')]);
  t.deepEqual(told({ attributes: { mintmark_quantity: 'two' } }), [1, fault('mintmark_quantity')]);
  t.deepEqual(told({}), [1]);
  t.deepEqual(told({ quantity: null }), [1]);
  t.deepEqual(told({ quantity: '2.0' }), [2]);
});

test('a quantity may be written 1.0, as a text, or not at all', (t) => {
  const items = [
    { product: 'app', quantity: '3' },
    { product: 'team', quantity: 2.0 },
    { product: 'plan-yearly' },
  ];
  t.deepEqual(
    sold(order(items)).map(({ quantity }) => quantity),
    [3, 2, 1],
  );
});
