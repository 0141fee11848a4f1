/** Prices and units of an order. */
import test from 'ava';
import { bodiesOf, flags, order } from './reading.ts';

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

test('an item without a path, and one without units, are flagged (28)', (t) => {
  t.deepEqual(flags(COMPLETED, order([{ quantity: 1 }, { product: 'app', quantity: 0 }])), [
    'unclear: item 1 of the order names no product, or less than one unit',
    'unclear: item 2 of the order names no product, or less than one unit',
  ]);
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
