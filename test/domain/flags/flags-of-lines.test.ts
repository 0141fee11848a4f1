/** Flags about lines: undelivered units, paths without a product file, codes that differ from the sale. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { REQUEST, UNMARKED_REQUEST } from '../../../src/domain/values/causes.ts';
import { productOf } from '../../kit/product.ts';
import { covers, paid, sold, tie, told } from '../../kit/telling.ts';
import {
  after,
  BEGUN,
  begin,
  issueAlone,
  openFlags,
  PRODUCTS,
  rebill,
  S,
  subscribed,
} from '../../kit/watched.ts';
import { at, MARKET, World } from '../../kit/world.ts';

const NAMELESS = { line: 'edu', product: null, quantity: 1 };

test('fault 28: a license issued by an event is flagged after an hour, once a line, until it is handed out', (t) => {
  const world = begin();
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { quantity: 2 }))), []);
  t.deepEqual(
    world.records.map(({ due }) => due),
    [at(BEGUN, 13), at(BEGUN, 13)],
  );
  world.wait('2027-01-02');
  t.deepEqual(world.flags, ['undelivered: 2 licenses of app in order A were not handed out']);
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  t.deepEqual(world.flags, []);
});

test('the event of a failed fulfillment states no quantity, so an answer for more units does not differ from it', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { failed: true }), 'failed'));
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 3 });
  t.deepEqual(world.flags, []);
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { quantity: 2 }), 'sold')), [
    'differs: Order A, app: 3 units were answered but 2 were sold',
  ]);
});

test('an undelivered license is not flagged once it is revoked or ended', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app')));
  world.wait('2027-01-02');
  t.deepEqual(after(world, '2027-01-03', told('2027-01-03', 'order:A', { kind: 'refunded' })), []);
});

test('fault 28: a path without a product file is flagged in whatever order its sale and its refund are told', (t) => {
  const refund = told('2027-01-03', 'order:A', { kind: 'refunded' });
  const sale = told(BEGUN, 'order:A', { ...sold(null), line: 'edu' });
  const charge = told(BEGUN, S, paid('2027-02-01', { charge: 'order-id:1', covers: [NAMELESS] }));
  const chargeBack = told('2027-01-03', 'order-id:1', { kind: 'refunded' });
  for (const [first, second] of [
    [sale, refund],
    [refund, sale],
    [charge, chargeBack],
    [chargeBack, charge],
  ] as const) {
    const world = begin();
    after(world, BEGUN, first);
    after(world, '2027-01-03', second);
    t.deepEqual(world.flagKinds, ['unknown-product'], `${first.cause}, ${second.cause}`);
    t.true(world.found.owed.every(({ missing }) => missing === 0));
  }
});

test('fault 28: a path without a product file has one flag, not one an order', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', { ...sold(null), line: 'edu' }),
    told(BEGUN, 'order:B', { ...sold(null), line: 'edu' }),
  );
  t.deepEqual(world.flagKinds, ['unknown-product']);
  t.deepEqual(
    world.found.owed.map(({ order, missing, product }) => [order, missing, product]),
    [
      ['A', 1, null],
      ['B', 1, null],
    ],
  );
  t.is(world.found.flags[0]?.product, 'edu');
});

test('fault 20: codes that differ from the sale in units or features are flagged', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { quantity: 2, features: ['sync'] }))), [
    'differs: Order A, app: 1 unit was answered but 2 were sold; the answered features differ from the sold features',
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
      'surplus: Order B is a charge of subscription S but got its own licenses: nothing was revoked',
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

test('Separate Multibuy: more units than paid are flagged until enough codes are stored, and then the surplus is revoked', (t) => {
  const world = begin({ marketplace: 'paddle-classic', mode: 'live' });
  for (const unit of [0, 1, 2]) issueAlone(world, 'A', unit);
  const mine = (fact: Fact): Fact => ({ ...fact, marketplace: 'paddle-classic' });
  const idOf = (place: number) => licenseSubject(world.records[place]!.id).slice('license:'.length);
  const stored = (day: string, ...licenses: string[]) =>
    mine(told(day, 'order:A', { kind: 'stored', licenses }));
  const reason = 'surplus: 3 units of many in order A were handed out, but 2 were paid for';
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

test('undelivered units are flagged by line, an hour after the last unit of the line was issued', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('app'), 'app'),
    told(BEGUN, 'order:A', sold('basic'), 'basic'),
  );
  world.now = at(BEGUN, 12.5);
  world.tell([told(BEGUN, 'order:A', sold('app'), 'one more')]);
  t.is(world.records.length, 3);
  world.now = at(BEGUN, 13.25);
  world.tell([told(BEGUN, 'order:Z', { kind: 'noted', note: 'x' })]);
  t.deepEqual(openFlags(world), ['undelivered:A:basic A basic null']);
  world.wait('2027-01-02');
  t.deepEqual(openFlags(world), ['undelivered:A:basic A basic null', 'undelivered:A:app A app null']);
  t.true(world.flags.includes('undelivered: 2 licenses of app in order A were not handed out'));
});

test('only the newest license of a reissued unit awaits delivery; an ended license does not', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app')));
  const [license] = world.records;
  if (license === undefined) return t.fail();
  world.reissue(license.id, told(BEGUN, licenseSubject(license.id), { kind: 'withdrawn' }));
  world.decide(told('2027-01-02', licenseSubject(license.id), { kind: 'reinstated' }));
  world.wait('2027-01-03');
  t.deepEqual(world.flags, ['undelivered: 1 license of app in order A was not handed out']);
  const ended = begin();
  after(ended, BEGUN, told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })));
  after(ended, BEGUN, told(BEGUN, S, { kind: 'deactivated', on: BEGUN }));
  ended.wait('2027-01-03');
  t.is(ended.records[0]?.state, 'ended');
  t.deepEqual(ended.flags, []);
});

test('the flag of a path names the remedy and is cleared once nothing is owed', (t) => {
  const world = begin();
  const edu = told(BEGUN, 'order:A', { ...sold(null), line: 'edu' });
  t.deepEqual(after(world, BEGUN, edu), [
    'unknown-product: edu was sold in one order while no product file named it: add it to one, restart and run  products deliver edu; or, if it needs no license, run  products ignore edu',
  ]);
  t.deepEqual(openFlags(world), ['path:edu A edu null']);
});

test('a sale that names no product has a flag of its own, which settles once the order has a license', (t) => {
  const world = begin();
  const paid = (order: string) =>
    told(BEGUN, `order:${order}`, { kind: 'confirmed', quantity: 1, line: '', product: null });
  after(world, BEGUN, paid('A'), paid('B'));
  t.deepEqual(world.flags, [], 'the request may come within an hour');
  world.wait('2027-01-02');
  t.deepEqual(openFlags(world), ['owed:A: A null null', 'owed:B: B null null']);
  t.true(world.flags[0]?.includes('Order A is paid for but names no product'));
  world.ask({ order: 'A', product: 'app', line: '' });
  t.deepEqual(openFlags(world), ['owed:B: B null null']);
});

test('the flag of an owed line names order, line and product', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { failed: true })));
  t.deepEqual(openFlags(world), ['owed:A:app A app null']);
});

test('a difference is flagged with the event of the sale, and only if something was answered', (t) => {
  const sale = { ...told(BEGUN, 'order:A', sold('app', { quantity: 2 })), cause: 'order.completed e1' };
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  after(world, BEGUN, sale);
  t.deepEqual(openFlags(world), ['differs:A:app A app e1']);
  const units = begin();
  units.ask({ order: 'A', product: 'app', line: 'app', quantity: 3 });
  t.deepEqual(after(units, BEGUN, sale), ['differs: Order A, app: 3 units were answered but 2 were sold']);
  t.deepEqual(after(begin(), BEGUN, sale), [], 'nothing was answered');
  const alone = begin();
  alone.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(alone, BEGUN), [], 'without facts');
});

test('a difference in units says what was requested, answered and sold, in any order of arrival', (t) => {
  const differences = (world: World) => world.flags.filter((flag) => flag.startsWith('differs'));
  const sale = (product: string, quantity: number, key?: string, day = BEGUN) =>
    told(day, 'order:A', sold(product, { quantity }), key);
  for (const product of ['app', 'team']) {
    const ask = (world: World, quantity: number) =>
      world.ask({ order: 'A', product, line: product, quantity });
    const requestFirst = begin();
    ask(requestFirst, 2);
    after(requestFirst, BEGUN, sale(product, 3));
    t.deepEqual(differences(requestFirst), [
      `differs: Order A, ${product}: 2 units were answered but 3 were sold`,
    ]);
    const eventFirst = begin();
    after(eventFirst, BEGUN, sale(product, 3));
    ask(eventFirst, 2);
    t.deepEqual(differences(eventFirst), [
      `differs: Order A, ${product}: 2 units were requested but 3 were sold: all paid units were answered`,
    ]);
    const same = begin();
    after(same, BEGUN, sale(product, 3));
    ask(same, 3);
    t.deepEqual(differences(same), []);
  }
  const seats = begin();
  after(seats, BEGUN, sale('team', 2));
  seats.ask({ order: 'A', product: 'team', line: 'team', quantity: 3 });
  t.deepEqual(differences(seats), [
    'differs: Order A, team: 3 units were requested but 2 were sold: all paid units were answered',
  ]);
  const corrected = begin();
  after(corrected, '2027-01-02', sale('app', 3, 'sale', '2027-01-02'));
  corrected.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  after(corrected, '2027-01-02', sale('app', 2, 'sale'));
  t.deepEqual(differences(corrected), [
    'differs: Order A, app: 3 units were answered but 2 were sold',
    'differs: Order A, app: events state 2 and 3 units: 2 count, and 3 have licenses: nothing was revoked',
  ]);
  const unlimited = new World([productOf({ id: 'open', quantity: 'seats', seats: 0 })], at(BEGUN));
  unlimited.ask({ order: 'A', product: 'open', line: 'open', quantity: 2 });
  after(unlimited, BEGUN, sale('open', 3));
  t.deepEqual(differences(unlimited), ['differs: Order A, open: 2 units were answered but 3 were sold']);
});

test('features are compared with the answered code, if the sale states them', (t) => {
  const flagged = (features: readonly string[] | undefined) => {
    const world = begin();
    world.ask({ order: 'A', product: 'app', line: 'app' });
    return after(world, BEGUN, told(BEGUN, 'order:A', sold('app', features && { features })));
  };
  t.deepEqual(flagged(['sync']), [
    'differs: Order A, app: the answered features differ from the sold features',
  ]);
  t.deepEqual(flagged(undefined), []);
  const left = begin();
  left.ask({ order: 'A', product: 'pro', line: 'pro' });
  const of = { subscription: 'S', features: ['export', 'sync'] };
  after(left, BEGUN, told(BEGUN, 'order:A', sold('pro', of)));
  const other: FactBody = { kind: 'resized', product: 'pro', quantity: 1, line: 'pro', features: ['sync'] };
  t.deepEqual(after(left, '2027-01-05', told('2027-01-05', S, other)), [], 'sold so, and changed since');
  const world = subscribed();
  const change: FactBody = { kind: 'resized', product: 'pro', quantity: 1, line: 'pro', features: ['sync'] };
  t.deepEqual(after(world, '2027-01-05', told('2027-01-05', S, change)), [], 'changed since');
});

test('units handed out one by one are no difference, unless they are seats', (t) => {
  for (const [product, flags] of [
    [productOf({ id: 'many', multibuy: 'separate' }), 0],
    [productOf({ id: 'many', multibuy: 'separate', quantity: 'seats' }), 1],
    [productOf({ id: 'many' }), 1],
  ] as const) {
    const world = new World([product], at(BEGUN));
    world.ask({ order: 'A', product: 'many', line: 'many' });
    t.is(after(world, BEGUN, told(BEGUN, 'order:A', sold('many', { quantity: 2 }))).length, flags);
  }
});

test('units answered one by one count as answered', (t) => {
  const world = begin();
  for (const unit of [0, 1]) issueAlone(world, 'A', unit);
  world.change(productOf({ id: 'many' }));
  const digest = world.rules.currentTerms('many')?.digest ?? '';
  const termed: FactBody = { kind: 'termed', product: 'many', terms: digest };
  after(world, '2027-01-02', told('2027-01-02', 'order:A', termed));
  const sale = told(BEGUN, 'order:A', { ...sold('many', { quantity: 2 }), line: '' });
  t.deepEqual(after(world, '2027-01-02', sale), []);
  const less = told(BEGUN, 'order:A', { ...sold('many', { quantity: 1 }), line: '' }, 'one more');
  t.deepEqual(
    after(world, '2027-01-02', less).filter((flag) => flag.startsWith('differs')),
    ['differs: Order A, many: 2 units were answered but 3 were sold'],
  );
});

test('a charge whose order has delivered licenses is flagged only beside a license of the same product', (t) => {
  const names = told('2027-02-01', 'order-id:2', tie('order:B'), 'names of B');
  const sale = told('2027-02-01', 'order:B', sold('pro', { subscription: 'S' }), 'sale of B');
  const flagged = (world: World, ...more: readonly Fact[]) =>
    after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'), names, ...more).filter((flag) =>
      flag.startsWith('surplus'),
    );
  const reason =
    'surplus: Order B is a charge of subscription S but got its own licenses: nothing was revoked';
  const world = subscribed();
  world.ask({ order: 'B', product: 'pro', line: 'pro' });
  t.deepEqual(flagged(world, sale), [reason]);
  t.true(openFlags(world).includes('surplus:B B pro null'));
  t.deepEqual(flagged(subscribed(), sale), [], 'it has none of its own');
  const own = begin();
  own.ask({ order: 'B', product: 'pro', line: 'pro' });
  t.deepEqual(flagged(own, sale), [], 'there is no other one');
  const beside = begin();
  beside.ask({ order: 'B', product: 'pro', line: 'pro' });
  beside.ask({ order: 'C', product: 'pro', line: 'pro' });
  t.deepEqual(flagged(beside), [], 'the other one does not follow the subscription');
  const unhanded = subscribed();
  after(unhanded, '2027-01-02', told('2027-01-02', 'order:B', sold('pro')));
  t.deepEqual(flagged(unhanded), [], 'nobody was handed its own');
});

test('licenses of an order that is a charge are flagged beside a license issued by the subscription', (t) => {
  const world = begin();
  world.ask({ order: 'B', product: 'pro', line: 'pro' });
  after(world, '2027-01-02', ...rebill('2027-01-02', '2027-02-01', '1', { covers: covers('pro') }));
  t.is(world.records[1]?.order, S);
  const names = told('2027-02-01', 'order-id:2', tie('order:B'), 'names of B');
  const flags = after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'), names);
  t.true(flags.some((flag) => flag.startsWith('surplus: Order B is a charge of subscription S')));
});

test('a test order whose request did not say so is flagged, while no live event names the order', (t) => {
  const voided = {
    ...told('2027-01-02', 'order:A', { kind: 'voided', test: true }),
    cause: 'order.failed e9',
  };
  const asked = (cause: string, world = begin()) => {
    const order = { ...MARKET, order: 'A', product: 'app', line: 'app', quantity: 1, soldAt: at(BEGUN) };
    const customer = { name: undefined, email: undefined };
    const product = PRODUCTS[4]!;
    world.issue({ order: { ...order, customer }, product, units: 'all', facts: [], at: at(BEGUN), cause });
    return world;
  };
  const reason = 'mode: Order A is a test order, but its request did not say so: its license is void';
  const world = asked(UNMARKED_REQUEST);
  t.deepEqual(after(world, '2027-01-02', voided), [reason]);
  t.deepEqual(openFlags(world), ['mode:A A app e9']);
  const live = told(BEGUN, 'order:A', sold('app'));
  t.deepEqual(after(asked(UNMARKED_REQUEST), '2027-01-02', live, voided), []);
  t.deepEqual(after(asked(REQUEST), '2027-01-02', voided), [], 'its request said that it is live');
  const failed = told('2027-01-02', 'order:A', { kind: 'voided' });
  t.deepEqual(after(asked(UNMARKED_REQUEST), '2027-01-02', failed), [], 'no test');
  const other = begin();
  other.ask({ order: 'B', product: 'app', line: 'app' });
  t.deepEqual(after(asked(UNMARKED_REQUEST, other), BEGUN, voided), [reason], 'the other order is none');
});

test('an order that is told as sold and as canceled is flagged, unless its money went back', (t) => {
  const canceled = told('2027-01-02', 'order:A', { kind: 'voided', unsold: true });
  const flags = (...facts: readonly Fact[]) => {
    const world = begin();
    world.ask({ order: 'A', product: 'app', line: 'app' });
    after(world, '2027-01-02', ...facts, canceled);
    return [world.records[0]?.state, ...world.flags.filter((flag) => flag.startsWith('surplus'))];
  };
  const sale = told(BEGUN, 'order:A', sold('app'));
  t.deepEqual(flags(), ['revoked']);
  t.deepEqual(flags(sale), [
    'active',
    'surplus: Order A was completed, and is said to be canceled: nothing was revoked, since only a return takes its money back',
  ]);
  t.deepEqual(flags(sale, told('2027-01-02', 'order:A', { kind: 'refunded' })), ['revoked']);
});

test('an order that was answered with another product than its payment names is flagged', (t) => {
  const flags = (product: string | null) => {
    const world = begin();
    world.ask({ order: 'A', product: 'app', line: '' });
    const paid = { kind: 'confirmed', quantity: 1, line: '104', product } as const;
    after(world, '2027-01-02', told('2027-01-02', 'order:A', paid));
    return world.flags.filter((flag) => flag.startsWith('differs'));
  };
  t.deepEqual(flags('team'), ['differs: Order A: app was answered, and team was paid for']);
  t.deepEqual(flags('app'), []);
  t.deepEqual(flags(null), [], 'a product file without ids stands for what is requested there');
});

test('so is one whose subscription was first paid for another product', (t) => {
  const flags = (product: string | null, more: object = {}) => {
    const world = begin();
    world.ask({ order: 'A', product: 'app', line: '' });
    const covered = [{ line: '104', product, quantity: 1 }];
    const first = paid('2027-02-01', { charge: 'order:A', part: 'first', covers: covered, ...more });
    const linked = told(BEGUN, 'order:A', { kind: 'linked', subscription: 'S' });
    after(world, '2027-01-02', linked, told('2027-01-02', S, first));
    return world.flags.filter((flag) => flag.startsWith('differs'));
  };
  t.deepEqual(flags('team'), ['differs: Order A: app was answered, and team was paid for']);
  t.deepEqual(flags('app'), []);
  t.deepEqual(flags(null), [], 'no product file names the plan');
  t.deepEqual(flags('team', { charge: 'order:B' }), [], 'the first payment of another order');
});

test('of two answered products of an order, the one that its payment does not name is flagged', (t) => {
  const world = begin();
  for (const product of ['app', 'pro']) world.ask({ order: 'A', product, line: '' });
  const paid = { kind: 'confirmed', quantity: 1, line: '104', product: 'pro' } as const;
  t.deepEqual(after(world, '2027-01-02', told('2027-01-02', 'order:A', paid)), [
    'differs: Order A: app was answered, and pro was paid for',
  ]);
});

test('a payment that names a product by the former name of its file is of the product that lists its item', (t) => {
  const flags = (item: string, former: string) => {
    const world = begin();
    const listed = { fastspring: { products: ['104'], reply: 'codes', parameters: [] } } as const;
    world.change(productOf({ id: 'app', term: 'perpetual', marketplaces: listed }));
    after(
      world,
      BEGUN,
      told(BEGUN, 'order:A', { kind: 'confirmed', quantity: 1, line: item, product: former }),
    );
    world.ask({ order: 'A', product: 'app', line: '' });
    return world.flagKinds;
  };
  t.deepEqual(flags('104', 'app-2026'), []);
  t.deepEqual(flags('105', 'app-2026'), ['differs'], 'another item');
  t.deepEqual(flags('104', 'pro'), ['differs'], 'another product, with a file');
});

test('Separate Multibuy: only units of the order itself count as surplus, once each, and only of such a product', (t) => {
  const paidFor = (quantity: number) =>
    told(BEGUN, 'order:A', { kind: 'confirmed', quantity, line: '47', product: 'many' });
  const surplus = (world: World, fact: Fact) =>
    after(world, BEGUN, fact).filter((flag) => flag.startsWith('surplus'));
  const world = begin();
  issueAlone(world, 'A', 0);
  issueAlone(world, 'B', 0);
  issueAlone(world, 'A', 1);
  const { id } = world.records[0]!;
  world.reissue(id, told(BEGUN, licenseSubject(id), { kind: 'withdrawn' }));
  t.deepEqual(surplus(world, paidFor(2)), []);
  t.deepEqual(surplus(world, { ...paidFor(1), key: 'less', at: at('2027-01-02') }), [
    'surplus: 2 units of many in order A were handed out, but 1 were paid for',
  ]);
  t.true(openFlags(world).includes('spare:A: A many null'));
  const single = begin();
  single.ask({ order: 'A', product: 'app', line: '', quantity: 2 });
  const less = told(BEGUN, 'order:A', { kind: 'confirmed', quantity: 1, line: '47', product: 'app' });
  t.deepEqual(surplus(single, less), []);
});

test('each line is compared with its own answer', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  world.ask({ order: 'A', product: 'basic', line: 'basic', quantity: 2 });
  const sale = (product: string, quantity: number) =>
    told(BEGUN, 'order:A', sold(product, { quantity }), product);
  t.deepEqual(after(world, BEGUN, sale('app', 1), sale('basic', 2)), []);
});

test('a reissued unit counts once among units answered one by one', (t) => {
  const world = begin();
  for (const unit of [0, 1]) issueAlone(world, 'A', unit);
  const { id } = world.records[0]!;
  world.reissue(id, told(BEGUN, licenseSubject(id), { kind: 'withdrawn' }));
  world.change(productOf({ id: 'many' }));
  const terms = world.rules.currentTerms('many')?.digest ?? '';
  const termed = told('2027-01-02', 'order:A', { kind: 'termed', product: 'many', terms });
  const sale = told(BEGUN, 'order:A', { ...sold('many', { quantity: 2 }), line: '' });
  t.deepEqual(after(world, BEGUN, termed, sale), []);
});

test('Separate Multibuy: of a subscription the units of its first payment count, until it covers more', (t) => {
  const world = begin();
  for (const unit of [0, 1, 2]) issueAlone(world, 'A', unit);
  const resized = (quantity: number): FactBody => ({
    kind: 'resized',
    product: 'many',
    quantity,
    line: '47',
  });
  const flags = (quantity: number, units: number) => {
    const covers = [{ line: '47', product: 'many', quantity: units }];
    after(
      world,
      BEGUN,
      told(BEGUN, 'order:A', { kind: 'linked', subscription: 'S' }),
      told(BEGUN, S, paid('2027-02-01', { charge: 'order:A', part: 'first', covers })),
      told('2027-01-02', S, resized(quantity), `resized ${quantity}`),
    );
    return world.flags.filter((flag) => flag.startsWith('surplus'));
  };
  t.deepEqual(flags(2, 2), ['surplus: 3 units of many in order A were handed out, but 2 were paid for']);
  world.now = at('2027-01-10');
  const more = told('2027-01-10', S, resized(3), 'more');
  t.false(after(world, '2027-01-10', more).some((flag) => flag.startsWith('surplus')));
});

test('Separate Multibuy: another product of the order is no surplus', (t) => {
  const world = begin();
  for (const unit of [0, 1]) issueAlone(world, 'A', unit);
  world.ask({ order: 'A', product: 'app', line: '' });
  const paidFor = told(BEGUN, 'order:A', { kind: 'confirmed', quantity: 2, line: '47', product: 'many' });
  t.deepEqual(after(world, BEGUN, paidFor), ['differs: Order A: app was answered, and many was paid for']);
});
