/** Which licenses an event or a subscription issues. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { productOf } from '../../kit/product.ts';
import { covers, dated, paid, sold, tie, told } from '../../kit/telling.ts';
import { at, MARKET, PLAIN_MINTER, World } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const S = 'subscription:S';
const TERMS = { term: 'P1M', grace: 'P3D' } as const;
const PRODUCTS = [
  productOf({ id: 'pro', ...TERMS }),
  productOf({ id: 'basic', ...TERMS }),
  productOf({ id: 'extra', ...TERMS }),
  productOf({ id: 'team', ...TERMS, quantity: 'seats', seats: 5 }),
  productOf({ id: 'app', term: 'perpetual' }),
];

const begin = (day = BEGUN) => new World(PRODUCTS, at(day));
const tell = (world: World, day: string, ...facts: readonly Fact[]) => {
  world.now = Math.max(world.now, at(day));
  world.tell(facts);
  return world.licenses;
};
const charge = (day: string, until: string, id: string, more = {}): readonly Fact[] => [
  told(day, `order-id:${id}`, tie(S)),
  told(day, S, paid(until, { charge: `order-id:${id}`, total: 10, currency: 'EUR', ...more }), `paid ${id}`),
];
const resized = (product: string, quantity: number | null): FactBody => ({
  kind: 'resized',
  product,
  quantity,
  line: product,
});
const announced = (product: string, quantity: number): FactBody => ({
  kind: 'announced',
  product,
  quantity,
  line: product,
});
const ask = (order: string, product: string, quantity = 1) => ({ order, product, line: product, quantity });
const linked = (order: string, product: string) =>
  told(
    BEGUN,
    `order:${order}`,
    { kind: 'linked', subscription: 'S', product, line: product } as FactBody,
    `link ${order}`,
  );

test('fault 28: a sale known from its event has an undelivered license for each unit', (t) => {
  const world = begin();
  t.deepEqual(tell(world, BEGUN, told(BEGUN, 'order:A', sold('app', { quantity: 2 }))), [
    'A/app/app/0 active perpetual',
    'A/app/app/1 active perpetual',
  ]);
  t.true(
    world.records.every(
      ({ handed, answer, customer }) => handed === null && answer === null && customer === null,
    ),
  );
  t.is(world.records[0]?.cause, `sold ${BEGUN}`);
});

test('a sale of seats has one license for all units', (t) => {
  const world = begin();
  t.deepEqual(tell(world, BEGUN, told(BEGUN, 'order:A', sold('team', { quantity: 3 }))), [
    'A/team/team/0 active 2027-02-04',
  ]);
  t.is(PLAIN_MINTER.entitlementOf(world.records[0]?.code ?? '').seats, 15);
});

test('the features of the sale are in the issued license', (t) => {
  const world = begin();
  tell(world, BEGUN, told(BEGUN, 'order:A', sold('app', { features: ['sync', 'unheard-of'] })));
  t.is(PLAIN_MINTER.entitlementOf(world.records[0]?.code ?? '').features, 2);
  t.is(world.records.length, 1);
});

test('fault 36: a trial known from its event lasts as long as the product says', (t) => {
  const trial = (trialTerm: string | undefined, more = {}) => {
    const world = new World([productOf({ id: 'pro', ...TERMS, trialTerm })], at(BEGUN));
    world.tell([told(BEGUN, 'order:A', sold('pro', { trial: true, ...more }))]);
    return world.licenses;
  };
  t.deepEqual(trial('P14D'), ['A/pro/pro/0 active 2027-01-18']);
  t.deepEqual(trial(undefined), ['A/pro/pro/0 active 2027-02-04']);
  const world = new World([productOf({ id: 'pro', ...TERMS, trialTerm: 'P14D' })], at(BEGUN));
  world.tell([told(BEGUN, 'order:A', sold('pro', { trial: true, subscription: 'S' }))]);
  world.tell([told(BEGUN, S, dated('2027-01-20', { trial: true }))]);
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2027-01-23'], 'its date is stated');
  const paidFor = new World([productOf({ id: 'pro', ...TERMS, trialTerm: 'P14D' })], at(BEGUN));
  paidFor.tell([told(BEGUN, 'order:A', sold('pro'))]);
  t.deepEqual(paidFor.licenses, ['A/pro/pro/0 active 2027-02-04'], 'no trial');
});

test('fault 8: the term of a late license starts at most 7 days before it is issued', (t) => {
  t.deepEqual(tell(begin('2027-01-06'), BEGUN, told(BEGUN, 'order:A', sold('pro'))), [
    'A/pro/pro/0 active 2027-02-04',
  ]);
  t.deepEqual(tell(begin('2029-01-08'), BEGUN, told(BEGUN, 'order:A', sold('pro'))), [
    'A/pro/pro/0 active 2029-02-04',
  ]);
});

test('units added later have the day of the existing units', (t) => {
  const world = begin();
  world.ask(ask('A', 'pro'));
  t.deepEqual(tell(world, '2027-01-20', told(BEGUN, 'order:A', sold('pro', { quantity: 2 }))), [
    'A/pro/pro/0 active 2027-02-04',
    'A/pro/pro/1 active 2027-02-04',
  ]);
  t.is(world.records[1]?.customer, world.records[0]?.customer);
});

test('a line without a product file, with a failed fulfillment or with too many units gets no license', (t) => {
  const world = begin();
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold(null)),
    told(BEGUN, 'order:B', sold('app', { failed: true })),
    told(BEGUN, 'order:C', sold('app', { quantity: 1001 })),
    told(BEGUN, 'order:D', sold('unheard-of')),
  );
  t.deepEqual(world.licenses, []);
  tell(world, BEGUN, told(BEGUN, 'order:E', sold('app', { quantity: 1000 })));
  t.is(world.licenses.length, 1000);
});

test('a Paddle payment issues no license: a request does', (t) => {
  t.deepEqual(
    tell(
      begin(),
      BEGUN,
      told(BEGUN, 'order:A', { kind: 'confirmed', quantity: 2, line: '47', product: 'app' }),
    ),
    [],
  );
});

test('fault 22: an order that is known as a charge of a subscription is no new sale', (t) => {
  const world = begin();
  tell(world, BEGUN, told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })));
  tell(
    world,
    '2027-02-01',
    ...charge('2027-02-01', '2027-03-01', '2'),
    told('2027-02-01', 'order-id:2', tie('order:B'), 'names of B'),
    told('2027-02-01', 'order:B', sold('pro', { subscription: 'S' })),
  );
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2027-03-04']);
});

test('a code that the marketplace holds is adopted if its license is missing', (t) => {
  const identity = { ...MARKET, order: 'A', line: 'app', product: 'app', unit: 0 };
  const entitlement = {
    trial: false,
    issued: BEGUN,
    lastValid: null,
    updatesUntil: null,
    seats: 1,
    features: 3,
  };
  const codes = [1, 3, 2].map((revision) => PLAIN_MINTER.mint(identity, entitlement, revision).code);
  const world = begin('2027-01-20');
  world.tell([told(BEGUN, 'order:A', sold('app', { quantity: 2 }))], codes);
  const [first, second] = world.records;
  t.like(first, {
    code: codes[1],
    revision: 3,
    handed: 3,
    cause: `sold ${BEGUN}: adopted the code that the marketplace holds`,
  });
  t.like(second, { revision: 0, handed: null, cause: `sold ${BEGUN}` });
});

test('fault 13: an add-on bought later is a license of the subscription and issues nothing else', (t) => {
  const world = begin();
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { quantity: 2, subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
    told(BEGUN, S, resized('pro', 2), 'size'),
  );
  t.deepEqual(
    tell(
      world,
      '2027-01-10',
      told('2027-01-10', 'order:B', sold('extra', { subscription: 'S', companion: true })),
    ),
    [
      'A/pro/pro/0 active 2027-02-04',
      'A/pro/pro/1 active 2027-02-04',
      'subscription:S/extra/extra/0 active 2027-02-04',
    ],
  );
});

test('a higher quantity issues the missing units, and a later lower quantity takes these units first', (t) => {
  const world = begin();
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  );
  t.deepEqual(tell(world, '2027-01-10', told('2027-01-10', S, resized('pro', 3))), [
    'A/pro/pro/0 active 2027-02-04',
    'subscription:S//pro/0 active 2027-02-04',
    'subscription:S//pro/1 active 2027-02-04',
  ]);
  t.is(world.records[1]?.cause, 'what subscription S is for');
  tell(world, '2027-01-11', told('2027-01-11', S, resized('pro', 2)));
  t.deepEqual(
    world.records.map(({ state }) => state),
    ['active', 'active', 'ended'],
  );
  tell(world, '2027-01-12', told('2027-01-12', S, resized('pro', 4)));
  t.is(world.licenses.at(-1), 'subscription:S//pro/2 active 2027-02-04');
  t.is(world.licenses.length, 4);
});

test('fault 71: an announced quantity issues units when its charge is paid, not before', (t) => {
  const world = begin();
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  );
  t.is(tell(world, '2027-01-10', told('2027-01-10', S, announced('pro', 1000))).length, 1);
  t.is(
    tell(world, '2027-02-01', ...charge('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 3) }))
      .length,
    3,
  );
});

test('a swap without a quantity issues the sold number of units of the other product', (t) => {
  const world = begin();
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { quantity: 2, subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  );
  tell(world, '2027-01-10', told('2027-01-10', S, resized('basic', null)));
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 ended 2027-02-04',
    'A/pro/pro/1 ended 2027-02-04',
    'subscription:S//basic/0 active 2027-02-04',
    'subscription:S//basic/1 active 2027-02-04',
  ]);
});

test('a swap back to the sold product issues nothing', (t) => {
  const world = begin();
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  );
  tell(
    world,
    '2027-01-10',
    told('2027-01-10', S, resized('basic', null)),
    told('2027-01-11', S, resized('pro', null)),
  );
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2027-02-04']);
});

test('a swap to seats issues one license for all units, and a swap to a product without a file none', (t) => {
  const world = begin();
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told('2027-01-10', S, resized('team', 3)),
  );
  t.is(world.licenses.length, 2);
  t.is(PLAIN_MINTER.entitlementOf(world.records[1]?.code ?? '').seats, 15);
  tell(world, '2027-01-11', told('2027-01-11', S, resized('unheard-of', 1)));
  tell(world, '2027-01-12', told('2027-01-12', S, resized('pro', 1001)));
  t.is(world.licenses.length, 2);
});

test('fault 64: an imported subscription gets its license from its first paid charge, undelivered', (t) => {
  const world = begin('2027-02-01');
  t.deepEqual(
    tell(
      world,
      '2027-02-01',
      told('2027-01-20', S, announced('pro', 2)),
      told('2027-01-20', S, dated('2027-02-01')),
    ),
    [],
  );
  t.deepEqual(
    tell(world, '2027-02-01', ...charge('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 2) })),
    ['subscription:S/pro/pro/0 active 2027-03-04', 'subscription:S/pro/pro/1 active 2027-03-04'],
  );
  t.true(world.records.every(({ handed }) => handed === null));
  t.is(
    tell(world, '2027-03-01', ...charge('2027-03-01', '2027-04-01', '3', { covers: covers('pro', 2) }))
      .length,
    2,
  );
});

test('the first charge of a subscription without its order issues nothing', (t) => {
  const world = begin();
  t.deepEqual(
    tell(world, BEGUN, ...charge(BEGUN, '2027-02-01', '1', { covers: covers('pro'), part: 'first' })),
    [],
  );
  t.deepEqual(tell(world, BEGUN, told('2027-01-02', S, resized('pro', 1))), []);
});

test('units that belong to an order are not issued by its subscription as well', (t) => {
  const world = begin();
  tell(
    world,
    BEGUN,
    linked('A', 'pro'),
    told(BEGUN, 'order:A', { kind: 'confirmed', quantity: 2, line: '47', product: 'pro' }),
    told('2027-01-02', S, resized('pro', 2)),
  );
  t.deepEqual(world.licenses, []);
  tell(world, '2027-01-03', told('2027-01-03', S, resized('pro', 3)));
  t.deepEqual(world.licenses, [], 'not before its request has come');
  world.ask(ask('A', 'pro', 2));
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 active 2027-02-06',
    'A/pro/pro/1 active 2027-02-06',
    'subscription:S//pro/0 active 2027-02-06',
  ]);
});

test('fault 17: an upgrade is one license, in any order of its request, charge and order', (t) => {
  const upgrade = charge('2027-01-10', '2027-02-01', '2', { covers: covers('basic'), part: 'proration' });
  const change = told('2027-01-10', S, announced('basic', 1));
  const sale = (world: World) => {
    world.ask(ask('A', 'pro'), { facts: [linked('A', 'pro')], subscription: 'S' });
    tell(
      world,
      BEGUN,
      told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
      told(BEGUN, S, dated('2027-02-01')),
      told(BEGUN, S, announced('pro', 1)),
    );
    world.now = at('2027-01-10');
  };
  const request = (world: World) => {
    const asked: FactBody = { kind: 'asked', order: 'B', line: 'basic', product: 'basic', quantity: 1 };
    world.ask(ask('B', 'basic'), { facts: [told('2027-01-10', S, asked)], subscription: 'S' });
  };
  for (const steps of [
    [request, (world: World) => tell(world, '2027-01-10', change, ...upgrade)],
    [(world: World) => tell(world, '2027-01-10', change, ...upgrade), request],
    [
      (world: World) => tell(world, '2027-01-10', change),
      request,
      (world: World) => tell(world, '2027-01-10', ...upgrade),
    ],
  ]) {
    const world = begin();
    sale(world);
    for (const step of steps) step(world);
    t.deepEqual(world.licenses, [
      'A/pro/pro/0 ended 2027-02-04',
      'subscription:S/basic/basic/0 active 2027-02-04',
    ]);
  }
});

test('fault 17: a request for another product of a subscription is an add-on until a change is reported', (t) => {
  const world = begin();
  world.ask(ask('A', 'pro'), { facts: [linked('A', 'pro')], subscription: 'S' });
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  );
  world.ask(ask('B', 'extra'), { subscription: 'S' });
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 active 2027-02-04',
    'subscription:S/extra/extra/0 active 2027-02-04',
  ]);
});

test('an order whose license was issued by its subscription gets no second license', (t) => {
  const world = begin();
  world.ask(ask('A', 'pro'), { facts: [linked('A', 'pro')], subscription: 'S' });
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  );
  const asked: FactBody = { kind: 'asked', order: 'B', line: 'extra', product: 'extra', quantity: 1 };
  world.ask(ask('B', 'extra'), { facts: [told(BEGUN, S, asked)], subscription: 'S' });
  const order = told('2027-01-02', 'order:B', sold('extra', { subscription: 'S', companion: true }));
  t.is(tell(world, '2027-01-02', order).length, 2);
  t.is(
    tell(
      world,
      '2027-01-03',
      told('2027-01-03', 'order:C', sold('extra', { subscription: 'S', companion: true })),
    ).length,
    3,
  );
});

test('licenses issued by a rebill before its order is known give way to the units of that order', (t) => {
  const world = begin('2027-02-02');
  tell(world, '2027-02-02', ...charge('2027-02-01', '2027-03-01', '2', { covers: covers('pro') }));
  t.deepEqual(tell(world, '2027-02-02', told(BEGUN, 'order:A', sold('pro', { subscription: 'S' }))), [
    'subscription:S/pro/pro/0 revoked 2027-03-04',
    'A/pro/pro/0 active 2027-03-04',
  ]);
  const more = begin('2027-02-02');
  tell(more, '2027-02-02', ...charge('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 2) }));
  const sale = told(BEGUN, 'order:A', sold('pro', { quantity: 2, subscription: 'S' }));
  t.is(tell(more, '2027-02-02', sale).filter((license) => license.includes('active')).length, 2);
});

test('the known customer of an order or subscription holds its issued licenses', (t) => {
  const world = begin();
  world.ask(ask('A', 'pro'), { facts: [linked('A', 'pro')], subscription: 'S' });
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told('2027-01-10', S, resized('pro', 2)),
  );
  t.is(world.records[1]?.customer, 1);
});

/** Two orders of pro, each with its own subscription; S has issued a second unit. */
function twoSubscriptions(): World {
  const world = begin();
  world.ask(ask('A', 'pro'), { facts: [linked('A', 'pro')], subscription: 'S' });
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
    told('2027-01-02', S, resized('pro', 2)),
  );
  return world;
}

test('a license issued by one subscription is no unit of another subscription’s order', (t) => {
  const world = twoSubscriptions();
  const other = told('2027-01-03', 'order:B', sold('pro', { quantity: 2, subscription: 'T' }));
  t.deepEqual(tell(world, '2027-01-03', other), [
    'A/pro/pro/0 active 2027-02-04',
    'subscription:S//pro/0 active 2027-02-04',
    'B/pro/pro/0 active 2027-02-06',
    'B/pro/pro/1 active 2027-02-06',
  ]);
  tell(world, '2027-01-04', told('2027-01-04', 'subscription:T', resized('pro', 3)));
  t.is(world.licenses.at(-1), 'subscription:T//pro/0 active 2027-02-07');
  t.is(world.licenses.length, 5);
});

test('a later order that follows a subscription has its own units, beside the units issued by the subscription', (t) => {
  const world = twoSubscriptions();
  tell(
    world,
    '2027-01-03',
    told('2027-01-03', 'order:B', sold('pro', { subscription: 'S', companion: true })),
  );
  t.deepEqual(
    world.licenses.map((license) => license.split(' ')[0]),
    ['A/pro/pro/0', 'subscription:S//pro/0', 'B/pro/pro/0'],
  );
});

test('an order keeps all units, of which its subscription covers the quantity of a charge', (t) => {
  const world = begin('2027-02-02');
  tell(world, '2027-02-02', ...charge('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 1) }));
  tell(world, '2027-02-02', told(BEGUN, 'order:A', sold('pro', { quantity: 2, subscription: 'S' })));
  t.deepEqual(
    world.licenses.map((license) => license.split(' ').slice(0, 2).join(' ')),
    ['subscription:S/pro/pro/0 revoked', 'A/pro/pro/0 active', 'A/pro/pro/1 ended'],
  );
});

test('an order of two lines of one subscription has a license for each line', (t) => {
  const world = begin();
  tell(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' }), 'pro'),
    told(BEGUN, 'order:A', sold('extra', { subscription: 'S' }), 'extra'),
    told(
      '2027-01-02',
      S,
      paid('2027-02-01', { covers: [...covers('pro', 2), ...covers('extra', 1)], part: 'first' }),
    ),
  );
  t.deepEqual(
    world.licenses.map((license) => license.split(' ')[0]),
    ['A/extra/extra/0', 'A/pro/pro/0', 'subscription:S/pro/pro/0'],
  );
  tell(
    world,
    '2027-01-03',
    told('2027-01-03', S, paid('2027-02-01', { covers: [...covers('pro', 2), ...covers('basic', 1)] })),
  );
  t.is(world.licenses.at(-1), 'subscription:S/basic/basic/0 active 2027-02-04');
});

test('units of two lines of one product of a subscription are numbered separately', (t) => {
  const world = begin();
  const lines = [
    { line: 'month', product: 'pro', quantity: 1 },
    { line: 'year', product: 'pro', quantity: 2 },
  ];
  const names = (world: World) => world.licenses.map((license) => license.split(' ')[0]);
  tell(world, BEGUN, ...charge(BEGUN, '2027-02-01', '2', { covers: lines }));
  t.deepEqual(names(world), [
    'subscription:S/month/pro/0',
    'subscription:S/year/pro/0',
    'subscription:S/year/pro/1',
  ]);
  const later = begin();
  tell(later, BEGUN, ...charge(BEGUN, '2027-02-01', '2', { covers: lines.slice(0, 1) }));
  tell(later, '2027-02-01', ...charge('2027-02-01', '2027-03-01', '3', { covers: lines }));
  t.deepEqual(names(later), names(world), 'a unit is of one line only');
});

test('two lines of a product of seats are one license', (t) => {
  const world = begin();
  const lines = ['a', 'b'].map((line) => ({ line, product: 'team', quantity: 2 }));
  tell(world, BEGUN, ...charge(BEGUN, '2027-02-01', '2', { covers: lines }));
  t.is(world.records.length, 1);
  t.is(PLAIN_MINTER.entitlementOf(world.records[0]?.code ?? '').seats, 20);
});

test('a charge that is no payment issues nothing for an unknown subscription', (t) => {
  const world = begin();
  t.deepEqual(
    tell(world, BEGUN, told(BEGUN, S, paid('2027-02-01')), told('2027-01-02', S, resized('pro', 1))),
    [],
  );
});

test('the customer of another order holds no license of this order', (t) => {
  const world = begin();
  world.ask(ask('A', 'pro'), { facts: [linked('A', 'pro')], subscription: 'S' });
  tell(world, BEGUN, told(BEGUN, 'order:B', sold('app')));
  t.is(world.records[1]?.customer, null);
});

const namesOf = (world: World) => world.licenses.map((license) => license.split(' ')[0]);
const sale = (day: string, order: string, product: string, more = {}) =>
  told(day, `order:${order}`, sold(product, { subscription: 'S', ...more }), `sold ${order} ${product}`);
test('the first order keeps its own units of a product that the subscription no longer covers', (t) => {
  const world = begin();
  const both = [...covers('pro'), ...covers('extra')];
  tell(world, BEGUN, ...charge(BEGUN, '2027-02-01', '2', { covers: both }));
  tell(world, '2027-02-01', ...charge('2027-02-01', '2027-03-01', '3', { covers: covers('pro') }));
  tell(world, '2027-02-02', sale('2026-12-31', 'A', 'extra'));
  t.true(namesOf(world).includes('A/extra/extra/0'));
});

test('a subscription that began with a product without a file issues the product it changes to', (t) => {
  const world = begin();
  tell(world, BEGUN, sale(BEGUN, 'A', 'unheard-of'), told('2027-01-02', S, resized('pro', 1)));
  t.deepEqual(namesOf(world), ['subscription:S//pro/0']);
});

test('a change without a quantity to a product sold with it keeps that product’s units', (t) => {
  const world = begin();
  tell(world, BEGUN, sale(BEGUN, 'A', 'basic', { quantity: 3 }), sale(BEGUN, 'A', 'pro'));
  tell(world, '2027-01-02', told('2027-01-02', S, resized('pro', null)));
  t.deepEqual(namesOf(world).sort(), [
    'A/basic/basic/0',
    'A/basic/basic/1',
    'A/basic/basic/2',
    'A/pro/pro/0',
  ]);
});

test('a change without a quantity issues one unit if no order is known', (t) => {
  const world = begin();
  tell(world, BEGUN, ...charge(BEGUN, '2027-02-01', '2', { covers: covers('basic') }));
  tell(world, '2027-01-02', told('2027-01-02', S, resized('pro', null)));
  t.deepEqual(namesOf(world), ['subscription:S/basic/basic/0', 'subscription:S//pro/0']);
});

test('a subscription may cover at most as many units as an order', (t) => {
  const units = (quantity: number) =>
    tell(begin(), BEGUN, ...charge(BEGUN, '2027-02-01', '2', { covers: covers('pro', quantity) })).length;
  t.is(units(1000), 1000);
  t.is(units(1001), 0);
});

test('the first code issued by a subscription states seats, features and no trial', (t) => {
  const products = PRODUCTS.map((product) => ({ ...product, trialTerm: 'P14D' as const }));
  const world = new World(products, at(BEGUN));
  tell(world, BEGUN, sale(BEGUN, 'A', 'pro'));
  const seats = { ...resized('team', 3), features: ['sync'] } as FactBody;
  tell(world, '2027-01-02', told('2027-01-02', S, seats));
  const brought = world.records[1];
  t.is(brought?.revision, 0);
  t.like(PLAIN_MINTER.entitlementOf(brought?.firstCode ?? ''), {
    seats: 15,
    features: 2,
    trial: false,
    lastValid: '2027-02-05',
  });
});

test('paid units that no request has asked for belong to the order, not the subscription', (t) => {
  const world = begin();
  world.ask(ask('A', 'pro'), { facts: [linked('A', 'pro')], subscription: 'S' });
  const paidUnits: FactBody = { kind: 'confirmed', quantity: 2, line: '47', product: 'pro' };
  tell(world, BEGUN, told(BEGUN, 'order:A', paidUnits), told('2027-01-02', S, resized('pro', 2)));
  t.deepEqual(namesOf(world), ['A/pro/pro/0']);
  tell(world, '2027-01-03', told('2027-01-03', S, resized('pro', 3)));
  tell(world, '2027-01-04', told('2027-01-04', S, { kind: 'noted', note: 'settled again' }));
  t.deepEqual(namesOf(world), ['A/pro/pro/0', 'subscription:S//pro/0']);
  tell(world, '2027-01-05', told('2027-01-05', S, resized('basic', 1)));
  t.is(namesOf(world).at(-1), 'subscription:S//basic/0', 'another product was promised to nobody');
});

test('licenses issued by a subscription belong to the first known customer of its orders', (t) => {
  const world = begin();
  tell(world, BEGUN, sale(BEGUN, 'A', 'pro'));
  world.ask(ask('B', 'extra'));
  tell(world, '2027-01-02', told('2027-01-02', S, resized('pro', 2)));
  t.deepEqual(
    world.records.map(({ order, customer }) => [order, customer]),
    [
      ['A', null],
      ['B', 1],
      [S, 1],
    ],
  );
});
