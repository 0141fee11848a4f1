/** What somebody has to look at, what is owed, and when time alone may change it. */
import test from 'ava';
import type { Market } from '../../src/domain/changes.ts';
import type { Fact, FactBody } from '../../src/domain/fact.ts';
import { licenseSubject } from '../../src/domain/license-subject.ts';
import { productOf } from '../kit/product.ts';
import { charged, covers, dated, paid, repaid, sold, tie, told } from '../kit/telling.ts';
import { at, MARKET, World } from '../kit/world.ts';

const BEGUN = '2027-01-01';
const S = 'subscription:S';
const TERMS = { term: 'P1M', grace: 'P3D' } as const;
const PRODUCTS = [
  productOf({ id: 'pro', ...TERMS }),
  productOf({ id: 'basic', ...TERMS }),
  productOf({ id: 'team', ...TERMS, quantity: 'seats', seats: 5 }),
  productOf({ id: 'many', multibuy: 'separate' }),
  productOf({ id: 'app', term: 'perpetual' }),
];

const begin = (market: Market = MARKET) => new World(PRODUCTS, at(BEGUN), market);
function after(world: World, day: string, ...facts: readonly Fact[]): readonly string[] {
  world.now = Math.max(world.now, at(day));
  world.tell(facts);
  return world.flags;
}
/** A subscription that was asked for and told. */
function subscribed(quantity = 1): World {
  const world = begin();
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity });
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { quantity, price: 10 * quantity, subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  );
  return world;
}
const rebill = (day: string, until: string, id: string, more = {}): readonly Fact[] => [
  told(day, `order-id:${id}`, tie(S)),
  told(day, S, paid(until, { charge: `order-id:${id}`, total: 10, currency: 'EUR', ...more }), `paid ${id}`),
];

test('fault 1, 31: a part that went back is flagged with amount and order, and no longer once all went back', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  const reason = 'partial-refund: 5.00 EUR of 39.00 of order A went back: nothing was revoked';
  t.deepEqual(
    after(
      world,
      '2027-01-01',
      told(BEGUN, 'order:A', sold('app')),
      told(BEGUN, 'order:A', charged(39)),
      told(BEGUN, 'order:A', repaid(5, { lines: [] })),
    ),
    [reason],
  );
  t.deepEqual(
    after(world, '2027-01-02', told('2027-01-02', 'order:A', repaid(null))).at(-1),
    'partial-refund: An amount that is not told of 39.00 of order A went back: nothing was revoked',
  );
  t.deepEqual(after(world, '2027-01-03', told('2027-01-03', 'order:A', repaid(34))), []);
  t.is(world.story.flags[0]?.settledBy, 'by itself: its cause is gone');
});

test('a part whose currency or total is not told is flagged all the same; tax alone is not', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', repaid(5, { currency: null }))), [
    'partial-refund: 5.00 of order A went back: nothing was revoked',
  ]);
  const tax = begin();
  tax.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(tax, BEGUN, told(BEGUN, 'order:A', repaid(5, { tax: true }))), []);
});

test('a return that took a line or a unit is not flagged; one by amount is', (t) => {
  const flags = (amount: number, quantity: number, line = 'app') => {
    const world = begin();
    world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
    const lines = [{ line, amount, quantity, full: false }];
    return after(
      world,
      BEGUN,
      told(BEGUN, 'order:A', charged(60)),
      told(BEGUN, 'order:A', sold('app', { quantity: 2, price: 40 })),
      told('2027-01-02', 'order:A', repaid(amount, { lines })),
    ).length;
  };
  t.is(flags(20, 1), 0);
  t.is(flags(40, 0), 0);
  t.is(flags(20, 0), 1);
  t.is(flags(5, 1), 1);
  t.is(flags(20, 1, 'other'), 1);
});

test('a part of a subscription’s charge is flagged, and one of an unknown order is not', (t) => {
  const world = subscribed();
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  const part = (subject: Fact['subject']) => told('2027-02-02', subject, repaid(5), `part ${subject}`);
  t.deepEqual(after(world, '2027-02-02', part('order-id:2'), part('order-id:9')), [
    'partial-refund: 5.00 EUR of 10.00 of order 2 went back: nothing was revoked',
  ]);
  t.is(world.story.flags[0]?.product, 'pro');
});

test('fault 28: a unit that was paid for and has no license is owed, and flagged after an hour', (t) => {
  const world = begin();
  const confirmed: FactBody = { kind: 'confirmed', quantity: 2, line: '47', product: 'app' };
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', confirmed)), []);
  t.like(world.story.owed[0], { order: 'A', product: 'app', quantity: 2, missing: 2, due: at(BEGUN, 13) });
  world.wait('2027-01-02');
  t.deepEqual(world.flags, ['undelivered: 2 of 2 units of app in order A were paid for and have no license']);
  t.is(world.story.owed[0]?.due, null);
  world.ask({ order: 'A', product: 'app', line: '', quantity: 2 });
  t.like(world.story.owed[0], { missing: 0, due: null });
  t.deepEqual(world.flags, []);
});

test('fault 28: a fulfillment that failed is undelivered at once', (t) => {
  const world = begin();
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { failed: true }))), [
    'undelivered: 1 of 1 units of app in order A were paid for and have no license',
  ]);
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', sold('app'), 'sold')), []);
});

test('fault 28: a license that an event brought about is flagged after an hour, once a line, until it is handed out', (t) => {
  const world = begin();
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { quantity: 2 }))), []);
  t.deepEqual(
    world.records.map(({ due }) => due),
    [at(BEGUN, 13), at(BEGUN, 13)],
  );
  world.wait('2027-01-02');
  t.deepEqual(world.flags, ['undelivered: 2 licenses of app in order A were handed to nobody']);
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  t.deepEqual(world.flags, []);
});

test('what was handed to nobody is not flagged once it is revoked or ended', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app')));
  world.wait('2027-01-02');
  t.deepEqual(after(world, '2027-01-03', told('2027-01-03', 'order:A', { kind: 'refunded' })), []);
});

test('a flag that went away by itself comes back with its cause, and one that a person settled does not', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app')));
  world.wait('2027-01-02');
  after(
    world,
    '2027-01-03',
    told('2027-01-03', 'order:A', { kind: 'disputed' }),
    told('2027-01-03', 'order:A', { kind: 'charged-back' }),
  );
  t.deepEqual(world.flags, []);
  const back = told('2027-01-04', 'order:A', { kind: 'dispute-won' });
  t.deepEqual(after(world, '2027-01-04', back), [
    'undelivered: 1 licenses of app in order A were handed to nobody',
  ]);
  t.deepEqual(
    world.story.flags.map(({ key }) => key),
    ['undelivered:A:app', 'undelivered:A:app again:2'],
  );
  world.settle('undelivered:A:app again:2', 'ada: sent by hand');
  t.deepEqual(after(world, '2027-01-05', told('2027-01-05', 'order:A', { kind: 'noted', note: 'x' })), []);
  t.is(world.story.flags.length, 2);
});

test('fault 28: a path that no file names makes one flag, not one an order', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', { ...sold(null), line: 'edu' }),
    told(BEGUN, 'order:B', { ...sold(null), line: 'edu' }),
  );
  t.deepEqual(world.flagKinds, ['unknown-product']);
  t.deepEqual(
    world.story.owed.map(({ order, missing, product }) => [order, missing, product]),
    [
      ['A', 1, null],
      ['B', 1, null],
    ],
  );
  t.is(world.story.flags[0]?.product, 'edu');
});

test('fault 64: an imported subscription of what no file names, or of nothing that is known, is owed', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, S, paid('2027-02-01', { covers: covers('unheard-of', 2) })));
  t.like(world.story.owed[0], { order: 'subscription:S', product: 'unheard-of', missing: 2 });
});

test('one license of seats owes no units', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('team', { quantity: 3 })));
  t.is(world.story.owed.length, 0);
});

test('fault 20: codes that differ from what was sold, in units or features, are flagged', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { quantity: 2, features: ['sync'] }))), [
    'differs: Order A, app: 1 units were answered and 2 sold; the features that were answered are not those that were sold',
  ]);
  const fits = begin();
  fits.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(fits, BEGUN, told(BEGUN, 'order:A', sold('app', { features: ['sync', 'export'] }))), []);
  const seats = begin();
  seats.ask({ order: 'A', product: 'team', line: 'team', quantity: 2 });
  t.is(after(seats, BEGUN, told(BEGUN, 'order:A', sold('team', { quantity: 3 }))).length, 1);
});

test('fault 22: an order with licenses of its own that turns out to be a charge is flagged, and nothing is revoked', (t) => {
  const world = subscribed();
  world.ask({ order: 'B', product: 'pro', line: 'pro' });
  t.true(
    after(
      world,
      '2027-02-01',
      ...rebill('2027-02-01', '2027-03-01', '2'),
      told('2027-02-01', 'order-id:2', tie('order:B'), 'names of B'),
    ).includes(
      'surplus: Order B is a charge of subscription S and got licenses of its own: nothing was revoked',
    ),
  );
  t.true(world.records.every(({ state }) => state === 'active'));
  const other = subscribed();
  other.ask({ order: 'B', product: 'app', line: 'app' });
  after(
    other,
    '2027-02-01',
    ...rebill('2027-02-01', '2027-03-01', '2'),
    told('2027-02-01', 'order-id:2', tie('order:B'), 'names of B'),
  );
  t.false(other.flagKinds.includes('surplus'), 'another product is no second license');
});

test('fault 29: what is told of a known subscription and no file names is flagged', (t) => {
  const world = subscribed();
  const change: FactBody = { kind: 'resized', product: null, quantity: 10, line: 'dear' };
  t.deepEqual(after(world, BEGUN, told('2027-01-02', S, change)), [
    'unmapped: Subscription S is for dear, which no product file names: its licenses stay as they are',
  ]);
  const mixed = subscribed();
  const lines = [...covers('pro'), { line: 'else', product: null, quantity: 1 }];
  t.deepEqual(after(mixed, BEGUN, told('2027-01-02', S, paid(null, { covers: lines }))), [
    'unmapped: Subscription S is for else, which no product file names: its licenses stay as they are',
  ]);
  const nameless = subscribed();
  t.deepEqual(
    after(nameless, BEGUN, told('2027-01-02', S, { kind: 'resized', product: null, quantity: 1 })),
    ['unmapped: Subscription S is for something, which no product file names: its licenses stay as they are'],
  );
  t.deepEqual(after(begin(), BEGUN, told('2027-01-02', S, change)), [], 'a subscription of another program');
});

test('fault 71: a change whose charge does not name it is flagged, and one whose charge never comes', (t) => {
  const world = subscribed(3);
  const announced: FactBody = { kind: 'announced', product: 'pro', quantity: 1, line: 'pro' };
  t.deepEqual(after(world, '2027-01-10', told('2027-01-10', S, announced)), []);
  t.is(world.records[0]?.due, at('2027-02-04', 0), 'three days behind the next charge');
  world.wait('2027-02-03');
  t.deepEqual(world.flags, []);
  world.wait('2027-02-04');
  t.deepEqual(world.flags, [
    'unconfirmed-change: A change of subscription S was told, and no paid charge named it: its licenses stay as they were',
  ]);
  const other = subscribed(3);
  after(other, '2027-01-10', told('2027-01-10', S, announced));
  t.is(
    after(other, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 2) }))
      .length,
    1,
  );
});

test('fault 71: what is told as it is already is no change to wait for', (t) => {
  const world = subscribed(3);
  after(
    world,
    '2027-01-10',
    told('2027-01-10', S, { kind: 'announced', product: 'pro', quantity: 3, line: 'pro' }),
  );
  t.is(world.records[0]?.due, null);
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 2) }));
  after(
    world,
    '2027-02-10',
    told('2027-02-10', S, { kind: 'announced', product: 'pro', quantity: 2, line: 'pro' }),
  );
  t.is(world.records[0]?.due, null);
});

test('fault 31: a charge that is paid for a license that is over is flagged', (t) => {
  const world = subscribed();
  after(world, '2027-01-10', told('2027-01-10', S, { kind: 'deactivated', on: '2027-01-10' }));
  t.deepEqual(after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2')), [
    'revoked-but-paid: A charge of subscription S was paid, and its license of pro is ended',
  ]);
  const withdrawn = subscribed();
  withdrawn.decide(told('2027-01-10', licenseSubject(withdrawn.records[0]!.id), { kind: 'withdrawn' }));
  t.deepEqual(after(withdrawn, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2')), [
    'revoked-but-paid: A charge of subscription S was paid, and its license of pro is revoked',
  ]);
  const before = subscribed();
  after(before, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  t.deepEqual(
    after(before, '2027-02-10', told('2027-02-10', S, { kind: 'deactivated', on: '2027-02-10' })),
    [],
    'it was paid before',
  );
});

test('fault 63: a license that its subscription left is not paid for', (t) => {
  const world = subscribed();
  t.deepEqual(
    after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('basic') })),
    [],
  );
});

test('fault 45: a license that came by request alone is flagged a day later where events are expected', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  world.tell([told(BEGUN, 'order:A', { kind: 'noted', note: 'x' })]);
  t.is(world.records[0]?.due, at('2027-01-02'));
  world.wait('2027-01-02');
  t.deepEqual(world.flags, [
    'unconfirmed-order: Order A was asked for and answered, and its event has not come',
  ]);
  t.deepEqual(after(world, '2027-01-03', told(BEGUN, 'order:A', sold('app', { quantity: 2 }))), []);
});

test('an order whose event came, or that is a charge, is confirmed', (t) => {
  for (const body of [
    sold('app'),
    { kind: 'confirmed', quantity: 1 } as const,
    { kind: 'voided' } as const,
  ]) {
    const world = begin();
    world.ask({ order: 'A', product: 'app', line: 'app' });
    after(world, BEGUN, told(BEGUN, 'order:A', body));
    world.wait('2027-01-03');
    t.deepEqual(world.flags, [], body.kind);
  }
  for (const market of [
    { ...MARKET, mode: 'test' } as const,
    { marketplace: 'manual', mode: 'live' } as const,
  ]) {
    const world = begin(market);
    world.ask({ order: 'A', product: 'app', line: 'app' });
    world.wait('2027-01-03');
    t.deepEqual(world.flags, [], 'no event is expected');
  }
});

test('fault 77: a charge that a request foretold and that is not told within a day is flagged', (t) => {
  const asked = () => {
    const world = subscribed();
    world.now = at('2027-02-01');
    const body: FactBody = { kind: 'asked', order: 'R', line: 'pro', product: 'pro', quantity: 1 };
    world.ask(
      { order: 'R', product: 'pro', line: 'pro' },
      { subscription: 'S', facts: [told('2027-02-01', S, body)] },
    );
    return world;
  };
  const world = asked();
  t.is(world.records[0]?.due, at('2027-02-02'));
  world.wait('2027-02-02');
  t.deepEqual(world.flags, [
    'assumed-unconfirmed: Order R of subscription S was asked for and answered, and its charge was not told',
  ]);
  t.deepEqual(
    after(world, '2027-02-03', told('2027-02-01', S, paid('2027-03-01', { charge: 'order:R' }))),
    [],
    'by its name',
  );
  for (const [day, count] of [
    ['2027-02-11', 0],
    ['2027-01-22', 0],
    ['2027-02-12', 1],
    ['2027-01-21', 1],
  ] as const) {
    const near = asked();
    near.tell([told(day, S, paid('2027-03-01'))]);
    near.wait('2027-02-15');
    t.is(
      near.flagKinds.filter((kind) => kind === 'assumed-unconfirmed').length,
      count,
      `a nameless charge of ${day}`,
    );
  }
});

test('Separate Multibuy: more units than were paid for are flagged until as many codes are stored, and then one is revoked', (t) => {
  const world = begin({ marketplace: 'paddle-classic', mode: 'live' });
  const order = {
    marketplace: 'paddle-classic',
    mode: 'live',
    order: 'A',
    product: 'many',
    line: '',
    quantity: 1,
    soldAt: at(BEGUN),
    customer: { name: undefined, email: undefined },
  } as const;
  for (const units of [0, 1, 2])
    world.issue({ order, product: PRODUCTS[3]!, units, facts: [], at: at(BEGUN), cause: 'a test' });
  const mine = (fact: Fact): Fact => ({ ...fact, marketplace: 'paddle-classic' });
  const idOf = (place: number) => licenseSubject(world.records[place]!.id).slice('license:'.length);
  const stored = (day: string, ...licenses: string[]) =>
    mine(told(day, 'order:A', { kind: 'stored', licenses }));
  const reason = 'surplus: 3 units of many in order A are out and 2 were paid for';
  t.deepEqual(
    after(
      world,
      BEGUN,
      mine(told(BEGUN, 'order:A', { kind: 'confirmed', quantity: 2, line: '47', product: 'many' })),
    ),
    [reason],
  );
  t.deepEqual(
    after(world, BEGUN, stored('2027-01-02', idOf(0)), stored('2027-01-03', idOf(0))),
    [reason],
    'the same code twice is one',
  );
  t.true(world.records.every(({ state }) => state === 'active'));
  t.deepEqual(after(world, BEGUN, stored('2027-01-04', idOf(2))), []);
  t.deepEqual(
    world.records.map(({ state }) => state),
    ['active', 'revoked', 'active'],
  );
});

test('a note that somebody has to look at is a flag, with its order and event, until a person settles it', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  const note: FactBody = { kind: 'noted', note: 'a return of type ALERT', flag: true };
  const event = { ...told(BEGUN, 'order-id:1', note), cause: 'return.created e77' };
  t.deepEqual(
    after(
      world,
      BEGUN,
      told(BEGUN, 'order-id:1', tie('order:A')),
      told(BEGUN, 'order:A', sold('app')),
      event,
      told(BEGUN, 'order:A', { kind: 'noted', note: 'a reminder' }),
    ),
    ['unclear: a return of type ALERT'],
  );
  t.like(world.story.flags[0], { order: 'A', event: 'e77', product: null, at: at(BEGUN) });
  t.deepEqual(after(world, '2027-01-05', told('2027-01-05', 'order:A', { kind: 'disputed' })), [
    'unclear: a return of type ALERT',
  ]);
  const why = begin();
  after(why, BEGUN, told(BEGUN, 'order:X', sold('app')), told(BEGUN, S, { ...note, why: 'too-many-units' }));
  t.like(why.story.flags[0], { kind: 'too-many-units', order: S });
});

test('what is unclear about an order of another program is none of our business', (t) => {
  const note = (why?: 'unclear' | 'unmapped' | 'refused'): FactBody => ({
    kind: 'noted',
    note: 'odd',
    flag: true,
    ...(why && { why }),
  });
  const kinds = (body: FactBody) => {
    const world = begin();
    after(world, BEGUN, told(BEGUN, 'order:X', body));
    return world.flagKinds;
  };
  t.deepEqual(
    [kinds(note()), kinds(note('unclear')), kinds(note('unmapped')), kinds(note('refused'))],
    [[], [], [], ['refused']],
  );
});

test('a license is due at the first moment at which time changes it or flags it, and at none that is past', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, { kind: 'canceled', last: '2027-01-20' }),
    told(BEGUN, S, { kind: 'paused', last: '2027-01-10' }),
  );
  t.is(world.records[0]?.due, at(BEGUN, 13), 'undelivered');
  world.wait('2027-01-02');
  t.is(world.records[0]?.due, at('2027-01-11', 0), 'paused');
  world.wait('2027-01-11');
  t.is(world.records[0]?.due, at('2027-01-21', 0), 'canceled');
  world.wait('2027-01-21');
  t.is(world.records[0]?.due, null);
});

const rows = (world: World) =>
  world.story.owed.map(
    ({ order, line, product, quantity, missing, due }) =>
      `${order}/${line}/${product} ${missing} of ${quantity}${due === null ? '' : ' due'}`,
  );

test('what is owed is a row a line, and none where nothing is missing', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('app'), 'app'),
    told(BEGUN, 'order:A', { ...sold(null), line: 'x' }, 'x'),
    told(BEGUN, 'order:A', { ...sold(null), line: 'y', quantity: 2 }, 'y'),
    told(BEGUN, 'order:B', { ...sold(null), line: 'x' }, 'z'),
  );
  t.deepEqual(rows(world), ['A/x/null 1 of 1 due', 'A/y/null 2 of 2 due', 'B/x/null 1 of 1 due']);
  after(world, BEGUN, told(BEGUN, 'order:A', { kind: 'mapped', line: 'x', product: 'app' }));
  t.deepEqual(rows(world), ['A/x/app 0 of 1', 'A/y/null 2 of 2 due', 'B/x/null 1 of 1 due']);
});

test('a charge of a subscription owes nothing by itself', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:B', sold('unheard-of', { subscription: 'S' })),
    told(BEGUN, 'order:B', tie(S)),
  );
  t.deepEqual(rows(world), []);
  const other = begin();
  after(
    other,
    BEGUN,
    told(BEGUN, 'order:B', sold('unheard-of', { subscription: 'T' })),
    told(BEGUN, 'order:B', tie(S)),
  );
  t.deepEqual(rows(other), ['B/unheard-of/unheard-of 1 of 1 due']);
});

test('units that the subscription brought about are not owed to its order', (t) => {
  const world = begin();
  after(world, BEGUN, ...rebill('2027-01-01', '2027-02-01', '2', { covers: covers('pro', 2) }));
  t.is(world.records.length, 2);
  after(world, BEGUN, told(BEGUN, 'order:A', sold('pro', { quantity: 2, subscription: 'S' })));
  t.deepEqual(rows(world), []);
  const confirmed: FactBody = { kind: 'confirmed', quantity: 2, line: '47', product: 'pro' };
  const paddle = begin();
  after(paddle, BEGUN, told(BEGUN, 'order:A', confirmed));
  t.deepEqual(rows(paddle), ['A//pro 2 of 2 due']);
});

test('a unit that was issued again stands for one unit, not for the one that is owed beside it', (t) => {
  const world = begin();
  after(world, BEGUN, ...rebill('2027-01-01', '2027-02-01', '2', { covers: covers('pro') }));
  const [{ id } = { id: new Uint8Array() }] = world.records;
  world.reissue(id, told(BEGUN, licenseSubject(id), { kind: 'withdrawn' }));
  t.is(world.records.length, 2);
  after(world, BEGUN, told(BEGUN, 'order:A', sold('pro', { quantity: 2, subscription: 'S', failed: true })));
  t.deepEqual(rows(world), ['A/pro/pro 1 of 2']);
});

test('what a subscription of nothing that is known is for is owed until it is known', (t) => {
  const world = begin();
  const told1 = told(
    BEGUN,
    S,
    paid('2027-02-01', { covers: [{ line: 'x', product: 'unheard-of', quantity: 2 }] }),
  );
  after(world, BEGUN, told1);
  t.deepEqual(rows(world), ['subscription:S/x/unheard-of 2 of 2 due']);
  world.wait('2027-01-02');
  t.deepEqual(rows(world), ['subscription:S/x/unheard-of 2 of 2']);
  t.deepEqual(world.flagKinds, ['undelivered']);
  after(world, '2027-01-03', told(BEGUN, 'order:A', sold('app', { subscription: 'S' })));
  t.deepEqual(rows(world), ['subscription:S/x/unheard-of 0 of 2']);
  const asSold = begin();
  after(asSold, BEGUN, told(BEGUN, S, { kind: 'resized', product: 'unheard-of', quantity: null, line: 'x' }));
  t.deepEqual(rows(asSold), ['subscription:S/x/unheard-of 1 of 1 due']);
});

test('an owed row is written only where it changes', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', { ...sold(null), line: 'x' }));
  const [row] = world.story.owed;
  after(world, BEGUN, told(BEGUN, 'order:A', { kind: 'noted', note: 'x' }));
  t.is(world.story.owed[0], row);
});

test('a request for more units than were known is answered for once its charge is told', (t) => {
  const world = subscribed();
  world.now = at('2027-02-01');
  world.ask({ order: 'R', product: 'pro', line: 'pro', quantity: 2 }, { subscription: 'S' });
  t.deepEqual(world.flagKinds, ['too-many-units']);
  after(world, '2027-02-02', told('2027-02-02', 'order:A', { kind: 'noted', note: 'x' }));
  t.deepEqual(world.flagKinds, ['too-many-units']);
  after(
    world,
    '2027-02-03',
    told('2027-02-01', 'order:R', tie(S)),
    told('2027-02-01', S, paid('2027-03-01', { charge: 'order:R', covers: covers('pro', 2) })),
  );
  t.false(world.flagKinds.includes('too-many-units'));
  t.is(world.story.flags[0]?.settledBy, 'by itself: the charge was told');
});

test('a note about an order of ours is flagged where only its sale is known', (t) => {
  const note: FactBody = { kind: 'noted', note: 'odd', flag: true };
  const world = begin();
  t.deepEqual(
    after(
      world,
      BEGUN,
      told(BEGUN, 'order:A', { kind: 'confirmed', quantity: 1, line: '47', product: 'app' }),
      told(BEGUN, 'order:A', note),
    ),
    ['unclear: odd'],
  );
  const foreign = begin();
  after(foreign, BEGUN, told(BEGUN, 'order:A', sold(null)), told(BEGUN, 'order:A', note));
  t.deepEqual(foreign.flagKinds, ['unknown-product']);
});

test('each license is due by its own dates and flags', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, { kind: 'canceled', last: '2027-01-20' }),
    told(BEGUN, 'order:B', sold('app')),
  );
  world.ask({ order: 'B', product: 'app', line: 'app' });
  t.deepEqual(
    world.records.map(({ due }) => due),
    [at(BEGUN, 13), null],
  );
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  t.deepEqual(
    world.records.map(({ due }) => due),
    [at('2027-01-21', 0), null],
  );
});

test('what one subscription brought about is owed to no other order', (t) => {
  const world = begin();
  after(world, BEGUN, ...rebill('2027-01-01', '2027-02-01', '2', { covers: covers('pro', 2) }));
  const confirmed = (order: string): readonly Fact[] => [
    told(BEGUN, `order:${order}`, { kind: 'confirmed', quantity: 1, line: '47', product: 'pro' }),
    told(BEGUN, `order:${order}`, { kind: 'linked', subscription: 'T' }),
  ];
  after(world, BEGUN, ...confirmed('B'));
  t.deepEqual(rows(world), ['B//pro 1 of 1 due']);
  after(
    world,
    BEGUN,
    told(
      BEGUN,
      'subscription:U',
      paid('2027-02-01', { covers: [{ line: 'x', product: 'unheard-of', quantity: 1 }] }),
    ),
  );
  t.deepEqual(
    rows(world),
    ['B//pro 1 of 1 due', 'subscription:U/x/unheard-of 1 of 1 due'],
    'though licenses of another one are there',
  );
});

test('a line of seats owes no units, and the codes beside it do', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'team', line: 'team', quantity: 3 });
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('team', { quantity: 3 })),
    told(BEGUN, 'order:A', { ...sold(null), line: 'x', quantity: 2 }, 'x'),
  );
  t.deepEqual(rows(world), ['A/x/null 2 of 2 due']);
});
