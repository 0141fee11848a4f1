/** The evaluation of one license: which facts, returns and subscriptions concern it. */
import test from 'ava';
import type { Fact, FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { productOf } from '../../kit/product.ts';
import { charged, covers, dated, outcomes, paid, repaid, sold, tie, told } from '../../kit/telling.ts';
import { at, PLAIN_MINTER, World } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const S = 'subscription:S';
const TERMS = { term: 'P1M', grace: 'P3D' } as const;
const PRODUCTS = [
  productOf({ id: 'pro', ...TERMS }),
  productOf({ id: 'extra', ...TERMS }),
  productOf({ id: 'basic', ...TERMS, updates: 'P1Y' }),
  productOf({ id: 'keeper', ...TERMS, grace: 'P0D', ended: 'fallback' }),
  productOf({ id: 'team', ...TERMS, quantity: 'seats', seats: 5 }),
  productOf({ id: 'app', term: 'perpetual' }),
];

/** An order with a line that follows S, with its request and its event. */
function subscribed(product = 'pro', quantity = 1, until: string | null = '2027-02-01'): World {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product, line: product, quantity });
  world.tell([
    told(BEGUN, 'order-id:1', tie('order:A')),
    told(BEGUN, 'order:A', charged(10 * quantity + 2)),
    told(BEGUN, 'order:A', sold(product, { quantity, price: 10 * quantity, subscription: 'S' })),
    ...(until === null ? [] : [told(BEGUN, S, dated(until))]),
  ]);
  return world;
}
const rebill = (day: string, until: string, id: string, more = {}): readonly Fact[] => [
  told(day, `order-id:${id}`, tie(S)),
  told(day, S, paid(until, { charge: `order-id:${id}`, total: 12, currency: 'EUR', ...more }), `paid ${id}`),
];
const say = (world: World, day: string, subject: Subject, body: FactBody) => {
  world.now = Math.max(world.now, at(day));
  world.tell([told(day, subject, body)]);
};
const states = (world: World) => world.records.map(({ state }) => state);
const days = (world: World) => world.licenses.map((license) => license.replace(/^\S+ /, ''));
const subjectOf = (world: World, place = 0) => licenseSubject(world.records[place]!.id);
const lineBack = (line: string, amount: number, quantity = 1) => ({
  lines: [{ line, amount, quantity, full: false }],
});

test('fault 13: a return of the first order does not affect an add-on bought later', (t) => {
  const world = subscribed();
  world.tell([told('2027-01-05', 'order:B', sold('extra', { subscription: 'S', companion: true }))]);
  say(world, '2027-01-06', 'order:A', { kind: 'disputed' });
  t.deepEqual(states(world), ['suspended', 'active']);
  say(world, '2027-01-07', 'order:A', { kind: 'dispute-won' });
  world.tell(rebill('2027-02-01', '2027-03-01', '2'));
  say(world, '2027-02-02', 'order-id:2', { kind: 'disputed' });
  t.deepEqual(states(world), ['suspended', 'suspended'], 'a later charge is for both');
});

test('a further unit of the subscription’s own product shares the first order’s money', (t) => {
  const same = subscribed();
  same.tell([told('2027-01-05', 'order:B', sold('pro', { subscription: 'S' }))]);
  say(same, '2027-01-06', 'order:A', { kind: 'disputed' });
  t.deepEqual(states(same), ['suspended', 'suspended']);
  const named = subscribed();
  named.tell([
    told('2027-01-05', 'order:B', sold('extra', { subscription: 'S' })),
    told('2027-01-05', S, { kind: 'announced', product: 'extra', quantity: 1, line: 'extra' }),
  ]);
  say(named, '2027-01-06', 'order:A', { kind: 'disputed' });
  t.deepEqual(states(named), ['suspended', 'suspended']);
  const beside = subscribed();
  beside.ask({ order: 'A', product: 'extra', line: 'extra' });
  beside.tell([told(BEGUN, 'order:A', sold('extra', { subscription: 'S' }), 'extra')]);
  say(beside, '2027-01-06', 'order:A', { kind: 'disputed' });
  t.deepEqual(states(beside), ['suspended', 'suspended']);
});

test('a unit returned from a further charge is a unit of the license', (t) => {
  const world = subscribed('pro', 2);
  world.tell(rebill('2027-02-01', '2027-03-01', '2'));
  say(world, '2027-02-02', 'order-id:2', { kind: 'returned', product: 'pro', quantity: 1 });
  t.deepEqual(states(world), ['active', 'revoked']);
});

test('of the decisions of an operator only a reinstatement keeps a license that its subscription no longer covers', (t) => {
  for (const [body, state] of [
    [{ kind: 'set-until', until: '2027-06-01' }, 'ended'],
    [{ kind: 'reinstated' }, 'active'],
  ] as const) {
    const world = subscribed();
    say(world, '2027-01-10', S, { kind: 'resized', product: 'basic', quantity: 1, line: 'basic' });
    world.decide(told('2027-01-11', subjectOf(world), body));
    t.is(states(world)[0], state);
  }
});

test('a sale for nothing gives access for its period, and is no payment', (t) => {
  const ended = (total: number) => {
    const world = new World(PRODUCTS, at(BEGUN));
    world.ask({ order: 'A', product: 'keeper', line: 'keeper' });
    world.tell([
      told(BEGUN, 'order:A', charged(total)),
      told(BEGUN, 'order:A', sold('keeper', { subscription: 'S' })),
      told(BEGUN, S, dated('2027-02-01')),
    ]);
    say(world, '2027-01-10', S, { kind: 'deactivated', on: '2027-01-10' });
    return outcomes(world).join();
  };
  t.regex(ended(12), /^keeper ended to no end/);
  t.regex(ended(0), /^keeper ended to 2027-01-10/);
});

test('after a reinstatement a return is compared with the whole payment', (t) => {
  const world = subscribed();
  say(world, '2027-01-05', 'order:A', { kind: 'refunded' });
  t.deepEqual(states(world), ['revoked']);
  world.decide(told('2027-01-06', subjectOf(world), { kind: 'reinstated' }));
  t.deepEqual(states(world), ['active']);
  say(world, '2027-01-07', 'order:A', repaid(5));
  t.deepEqual(states(world), ['active']);
  say(world, '2027-01-08', 'order:A', repaid(7));
  t.deepEqual(states(world), ['revoked'], 'the order’s total');
  world.decide(told('2027-01-09', subjectOf(world), { kind: 'reinstated' }));
  world.now = at('2027-02-01');
  world.tell(rebill('2027-02-01', '2027-03-01', '2'));
  say(world, '2027-02-02', 'order-id:2', repaid(11));
  t.deepEqual(days(world), ['active 2027-03-04']);
  say(world, '2027-02-03', 'order-id:2', repaid(1));
  t.deepEqual(days(world), ['active 2027-02-04'], 'the charge’s total');
  say(world, '2027-02-04', 'order-id:1', { kind: 'refunded' });
  t.deepEqual(states(world), ['revoked']);
});

test('after a reinstatement Paddle’s payment states the order’s total', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'app', line: '' });
  say(world, BEGUN, 'order:A', {
    kind: 'confirmed',
    quantity: 1,
    line: '47',
    product: 'app',
    total: 39,
    currency: 'EUR',
  });
  say(world, '2027-01-02', 'order:A', { kind: 'voided' });
  world.decide(told('2027-01-03', subjectOf(world), { kind: 'reinstated' }));
  say(world, '2027-01-04', 'order:A', repaid(38));
  t.deepEqual(states(world), ['active']);
  say(world, '2027-01-05', 'order:A', repaid(1));
  t.deepEqual(states(world), ['revoked']);
});

test('fault 63: no date, request or payment moves a day of a license no longer covered by its subscription; returns count', (t) => {
  const left = () => {
    const world = subscribed();
    say(world, '2027-01-10', S, { kind: 'resized', product: 'basic', quantity: 1, line: 'basic' });
    return world;
  };
  const moves: readonly FactBody[] = [
    dated('2027-06-01'),
    paid('2027-06-01'),
    { kind: 'asked', order: 'R', line: 'pro', product: 'pro', quantity: 1 },
  ];
  for (const body of moves) {
    const world = left();
    say(world, '2027-02-01', S, body);
    t.is(days(world)[0], 'ended 2027-02-04', body.kind);
  }
  const same = left();
  say(same, '2027-01-10', S, dated('2027-06-01'));
  t.is(days(same)[0], 'ended 2027-02-04', 'nor at the time of the change');
  const before = left();
  say(before, '2027-01-09', S, dated('2027-02-10'));
  t.is(days(before)[0], 'ended 2027-02-13', 'an earlier fact counts for its time');
  const taken = left();
  say(taken, '2027-02-01', 'order:A', { kind: 'dispute-lost' });
  t.is(states(taken)[0], 'revoked');
  const ends = left();
  say(ends, '2027-01-20', S, { kind: 'deactivated', on: '2027-01-20' });
  t.is(days(ends)[0], 'ended 2027-01-20');
});

test('fault 12: a license whose charge was returned is revoked, unless an operator reinstates it', (t) => {
  const world = subscribed();
  world.tell(rebill('2027-01-10', '2027-02-01', '2', { covers: covers('pro', 2), part: 'proration' }));
  t.deepEqual(states(world), ['active', 'active']);
  say(world, '2027-01-11', 'order-id:2', repaid(12));
  t.deepEqual(states(world), ['active', 'revoked']);
  world.decide(told('2027-01-12', subjectOf(world, 1), { kind: 'reinstated' }));
  t.deepEqual(states(world), ['active', 'active']);
});

test('fault 12: the net price of the own line is the amount to return, for that line only', (t) => {
  const world = subscribed();
  say(world, '2027-01-05', 'order:A', repaid(10, lineBack('pro', 10)));
  t.deepEqual(states(world), ['revoked']);
  const later = subscribed();
  later.tell(rebill('2027-02-01', '2027-03-01', '2'));
  say(later, '2027-02-02', 'order-id:2', repaid(10, lineBack('pro', 10)));
  t.deepEqual(days(later), ['active 2027-03-04'], 'of another charge the price is not known');
  const again = subscribed();
  say(again, '2027-01-05', 'order:A', repaid(10, lineBack('pro', 10)));
  again.tell(rebill('2027-01-06', '2027-02-01', '2'));
  t.deepEqual(states(again), ['active'], 'paid for again after it');
});

test('a returned unit of a subscription’s first order is revoked, until a quantity is stated', (t) => {
  const world = subscribed('pro', 3);
  say(world, '2027-01-05', 'order:A', repaid(10, lineBack('pro', 10)));
  t.deepEqual(states(world), ['active', 'active', 'revoked']);
  world.tell(rebill('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 3) }));
  t.deepEqual(states(world), ['active', 'active', 'active']);
});

test('a unit returned before a later period was paid stays returned, and a return after it is of the first period', (t) => {
  const back = (day: string) => {
    const world = subscribed('pro', 3);
    world.now = at('2027-02-10');
    world.tell([
      ...rebill('2027-02-01', '2027-03-01', '2'),
      told(day, 'order:A', repaid(10, lineBack('pro', 10))),
    ]);
    return states(world);
  };
  t.deepEqual(back('2027-01-31'), ['active', 'active', 'revoked']);
  t.deepEqual(back('2027-02-01'), ['active', 'active', 'active']);
});

test('a quantity stated with or after a return of units includes the return', (t) => {
  const returned: FactBody = { kind: 'returned', product: 'pro', quantity: 1 };
  const stated: FactBody = { kind: 'resized', product: 'pro', quantity: 3, line: 'pro' };
  const world = subscribed('pro', 3);
  say(world, '2027-01-05', 'order:A', returned);
  t.deepEqual(states(world), ['active', 'active', 'revoked']);
  say(world, '2027-01-06', S, stated);
  t.deepEqual(states(world), ['active', 'active', 'active']);
  const same = subscribed('pro', 3);
  same.tell([told('2027-01-05', 'order:A', returned), told('2027-01-05', S, stated)]);
  t.deepEqual(states(same), ['active', 'active', 'active']);
});

test('a return that does not say of which of two subscriptions of a path it is takes what both were sold for', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.tell([
    told(BEGUN, 'order:A', charged(30)),
    ...['S', 'T'].map((subscription, place) =>
      told(BEGUN, 'order:A', sold('app', { price: 10 + 10 * place, subscription }), `sold ${subscription}`),
    ),
  ]);
  say(world, '2027-01-02', 'order:A', repaid(20, lineBack('app', 20)));
  t.deepEqual(states(world), ['active', 'active']);
  say(world, '2027-01-03', 'order:A', repaid(10, lineBack('app', 10)));
  t.deepEqual(states(world), ['revoked', 'revoked']);
});

test('a quantity stated at the time of the return includes the return', (t) => {
  const world = subscribed('pro', 3);
  world.tell([
    told('2027-01-05', 'order:A', repaid(10, lineBack('pro', 10))),
    told('2027-01-05', S, { kind: 'resized', product: 'pro', quantity: 3, line: 'pro' }),
  ]);
  t.deepEqual(states(world), ['active', 'active', 'active']);
});

test('returned seats leave the license with the other seats, and the return of all seats revokes it', (t) => {
  const seats = (world: World) => PLAIN_MINTER.entitlementOf(world.records[0]!.code).seats;
  const back = (quantity: number): FactBody => ({ kind: 'returned', product: 'team', quantity });
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'team', line: 'team', quantity: 3 });
  say(world, '2027-01-02', 'order:A', back(1));
  t.deepEqual([states(world), seats(world)], [['active'], 10]);
  say(world, '2027-01-03', 'order:A', back(1));
  t.deepEqual([states(world), seats(world)], [['active'], 5]);
  say(world, '2027-01-04', 'order:A', back(1));
  t.deepEqual(states(world), ['revoked']);
  const asked = new World(PRODUCTS, at(BEGUN));
  asked.ask({ order: 'A', product: 'team', line: 'team', quantity: 3 });
  say(asked, '2027-01-02', 'order:A', { kind: 'noted', note: 'x' });
  t.is(seats(asked), 15);
  say(asked, '2027-01-03', 'order:A', sold('team', { quantity: 5 }));
  t.is(seats(asked), 25, 'as many as the event says');
  const under = new World(PRODUCTS, at(BEGUN));
  under.tell(rebill(BEGUN, '2027-02-01', '2', { covers: covers('pro') }));
  under.ask({ order: 'B', product: 'team', line: 'team', quantity: 3 }, { subscription: 'S' });
  say(under, '2027-01-02', S, { kind: 'noted', note: 'x' });
  t.is(PLAIN_MINTER.entitlementOf(under.records[1]!.code).seats, 15, 'nothing says how many were sold');
});

test('the last day of the first code counts without grace, unless a trial limited it', (t) => {
  const pausing = (world: World) => {
    say(world, '2027-01-05', S, { kind: 'paused', scheduled: true });
    return days(world)[0];
  };
  t.is(pausing(subscribed('pro', 1, null)), 'active 2027-02-01');
  const trial = new World(PRODUCTS, at(BEGUN));
  const order = {
    marketplace: 'fastspring',
    mode: 'live',
    order: 'A',
    product: 'pro',
    line: 'pro',
    quantity: 1,
    soldAt: at(BEGUN),
    customer: { name: undefined, email: undefined },
  } as const;
  trial.issue({
    order,
    product: PRODUCTS[0]!,
    units: 'all',
    facts: [],
    trialEnd: '2027-01-15',
    at: at(BEGUN),
    cause: 'a test',
  });
  trial.tell([told(BEGUN, 'order:A', sold('pro', { subscription: 'S' }))]);
  t.is(pausing(trial), 'active 2027-01-18');
  t.is(pausing(subscribed('app', 1, null)), 'active perpetual');
});

test('fault 34: a first code of a whole term is no trial, with or without grace', (t) => {
  const world = subscribed('keeper', 1, null);
  say(world, '2027-01-10', S, { kind: 'deactivated', on: '2027-01-10' });
  t.deepEqual(outcomes(world), ['keeper ended to no end, updates to 2027-02-01, 1 seats, features 3']);
});

test('fault 33: the updates of a license issued by its subscription count from the paid period', (t) => {
  const world = new World(PRODUCTS, at('2027-02-20'));
  world.tell(rebill('2027-02-01', '2027-03-01', '2', { covers: covers('basic') }));
  t.deepEqual(outcomes(world), ['basic active to 2027-03-04, updates to 2028-02-01, 1 seats, features 3']);
  t.is(PLAIN_MINTER.entitlementOf(world.records[0]!.firstCode).issued, '2027-02-13');
});

test('the latest stated features of the product count, else the features of the sale', (t) => {
  const features = (world: World) => PLAIN_MINTER.entitlementOf(world.records[0]!.code).features;
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([told(BEGUN, 'order:A', sold('pro', { subscription: 'S', features: ['export'] }))]);
  t.is(features(world), 1);
  say(world, '2027-01-02', S, {
    kind: 'announced',
    product: 'pro',
    quantity: 1,
    line: 'pro',
    features: ['sync'],
  });
  t.is(features(world), 2);
  const other = new World(PRODUCTS, at(BEGUN));
  other.ask({ order: 'A', product: 'pro', line: 'pro' });
  other.tell([told(BEGUN, 'order:A', sold('pro', { subscription: 'S', features: ['export'] }))]);
  say(other, '2027-01-02', S, {
    kind: 'announced',
    product: 'basic',
    quantity: 1,
    line: 'basic',
    features: ['sync'],
  });
  t.is(features(other), 1);
});

test('Separate Multibuy: the marketplace stores the code of a unit’s first license', (t) => {
  const many = productOf({ id: 'many', multibuy: 'separate' });
  const world = new World([many], at(BEGUN));
  const order = {
    marketplace: 'fastspring',
    mode: 'live',
    order: 'A',
    product: 'many',
    line: '',
    quantity: 1,
    soldAt: at(BEGUN),
    customer: { name: undefined, email: undefined },
  } as const;
  for (const units of [0, 1])
    world.issue({ order, product: many, units, facts: [], at: at(BEGUN), cause: 'a test' });
  const first = world.records[0]!.id;
  world.reissue(first, told('2027-01-02', licenseSubject(first), { kind: 'withdrawn' }));
  const stored = licenseSubject(first).slice('license:'.length);
  world.tell([
    told('2027-01-03', 'order:A', { kind: 'confirmed', quantity: 1 }),
    told('2027-01-03', 'order:A', { kind: 'stored', licenses: [stored] }),
  ]);
  t.deepEqual(states(world), ['revoked', 'revoked', 'active']);
});

test('a license of all units is never a surplus', (t) => {
  const world = new World(PRODUCTS, at(BEGUN));
  world.ask({ order: 'A', product: 'app', line: '', quantity: 2 });
  world.tell([
    told(BEGUN, 'order:A', { kind: 'confirmed', quantity: 1 }),
    told(BEGUN, 'order:A', { kind: 'stored', licenses: [subjectOf(world).slice('license:'.length)] }),
  ]);
  t.deepEqual(states(world), ['active', 'active']);
});

test('a decision about one license does not affect another, also of the same line', (t) => {
  const world = subscribed('pro', 2);
  say(world, '2027-01-02', 'order:A', { kind: 'reviewed' });
  world.decide(told('2027-01-03', subjectOf(world, 1), { kind: 'reinstated' }));
  t.deepEqual(states(world), ['suspended', 'active']);
});
