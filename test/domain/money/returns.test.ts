/** Returns of a subscription's charges by units, parts and lines: each takes what its charge paid for and no more. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { RepaidLine } from '../../../src/domain/facts/repaid-line.ts';
import type { Product } from '../../../src/domain/values/product.ts';
import { productOf } from '../../kit/product.ts';
import { charged, covers, dated, paid, repaid, sold, tie, told } from '../../kit/telling.ts';
import { at, PLAIN_MINTER, World } from '../../kit/world.ts';

const BEGUN = '2027-01-01';
const S = 'subscription:S';
const yearly = productOf({ id: 'pro', term: 'P1Y', grace: 'P14D' });
const seats = productOf({ id: 'pro', term: 'P1Y', grace: 'P14D', quantity: 'seats' });
const forever = productOf({ id: 'pro', term: 'perpetual', updates: 'P1Y' });

/** A sale of five units of pro, 10 EUR each, with the next charge after a year. */
function subscribed(product: Product, quantity = 5): World {
  const world = new World([product], at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity });
  world.tell([
    told(BEGUN, 'order-id:1', tie('order:A')),
    told(BEGUN, 'order:A', sold('pro', { quantity, price: 10 * quantity, subscription: 'S' })),
    told(BEGUN, 'order:A', charged(10 * quantity)),
    told(BEGUN, S, dated('2028-01-01')),
  ]);
  return world;
}

function go(world: World, day: string, ...facts: readonly Fact[]): void {
  world.now = at(day);
  world.tell(facts);
}

/** The second year; `quantity` undefined: the charge does not say for how many. */
function secondYear(world: World, quantity?: number): void {
  const day = '2028-01-01';
  const what = quantity === undefined ? {} : { covers: covers('pro', quantity) };
  go(
    world,
    day,
    told(day, 'order-id:2', tie(S)),
    told(day, S, paid('2029-01-01', { charge: 'order-id:2', total: 50, currency: 'EUR', ...what })),
  );
}

function giveBack(world: World, day: string, units: number): void {
  const line: RepaidLine = { line: 'pro', amount: 10 * units, quantity: units, full: false };
  go(world, day, told(day, 'order-id:1', repaid(10 * units, { lines: [line] })));
}

const toldBack = (day: string, line: RepaidLine) =>
  told(day, 'order-id:1', repaid(line.amount ?? 0, { lines: [line] }));
const states = (world: World) => world.records.map(({ state }) => state);
const seatsOf = (world: World) =>
  world.records.map(({ code }) => PLAIN_MINTER.entitlementOf(code).seats).join();

test('a return counts the packs of a line: each takes all units that it holds, and a part of its price none', (t) => {
  const packs = (amount: number, pieces: number) => {
    const world = new World([forever], at(BEGUN));
    world.ask({ order: 'A', product: 'pro', line: 'pro', quantity: 6 });
    const line: RepaidLine = { line: 'pro', amount, quantity: pieces, full: false };
    world.tell([
      told(BEGUN, 'order-id:1', tie('order:A')),
      told(BEGUN, 'order:A', { ...sold('pro', { quantity: 6, price: 60 }), per: 3 }),
      told(BEGUN, 'order:A', charged(60)),
      told(BEGUN, 'order-id:1', repaid(amount, { lines: [line] })),
    ]);
    return states(world).filter((state) => state === 'active').length;
  };
  t.is(packs(30, 1), 3);
  t.is(packs(20, 1), 6, 'the price of two units of three');
  t.is(packs(60, 2), 0);
});

test('units of the first charge returned after a later period is paid take nothing of that period and are flagged', (t) => {
  for (const quantity of [5, undefined]) {
    const world = subscribed(yearly);
    secondYear(world, quantity);
    giveBack(world, '2028-01-10', 2);
    t.deepEqual(states(world), ['active', 'active', 'active', 'active', 'active'], `covers ${quantity}`);
    t.deepEqual(world.flagKinds, ['partial-refund'], `covers ${quantity}`);
  }
});

test('control: before a later period is paid the return takes its units without a flag', (t) => {
  const world = subscribed(yearly);
  giveBack(world, '2027-06-01', 2);
  t.deepEqual(states(world), ['active', 'active', 'active', 'revoked', 'revoked']);
  t.deepEqual(world.flagKinds, []);
});

test('a partial refund that takes no further unit is flagged, also for a line with a returned unit', (t) => {
  for (const quantity of [0, 1]) {
    const parts: readonly RepaidLine[] = [
      { line: 'pro', amount: 10, quantity: 1, full: false },
      { line: 'pro', amount: 5, quantity, full: false },
    ];
    for (const told of [parts, parts.toReversed()]) {
      const world = subscribed(forever, 2);
      for (const [place, line] of told.entries()) {
        const day = `2027-01-0${place + 2}`;
        go(world, day, { ...toldBack(day, line), key: `return ${place}` });
      }
      t.deepEqual(states(world), ['active', 'revoked']);
      t.deepEqual(world.flagKinds, ['partial-refund']);
      t.true(world.flags.some((flag) => flag.includes(': 5.00 EUR')));
    }
  }
});

test('fault 25: units returned before a stated quantity are not counted again with later returns', (t) => {
  const world = subscribed(seats);
  giveBack(world, '2027-06-01', 2);
  t.is(seatsOf(world), '3');
  secondYear(world, 3);
  giveBack(world, '2028-01-10', 1);
  t.is(seatsOf(world), '3');
});

test('units of a perpetual license are returned for good, also after further maintenance payments', (t) => {
  const world = subscribed(forever, 2);
  secondYear(world);
  giveBack(world, '2028-01-10', 1);
  t.deepEqual(states(world), ['active', 'revoked']);
});

test('a full return of a line also takes licenses without a line, from a ledger before schema 6', (t) => {
  const world = new World([forever, productOf({ id: 'tool', term: 'perpetual' })], at(BEGUN));
  for (const product of ['pro', 'tool']) world.ask({ order: 'A', product, line: '' });
  world.tell([
    told(BEGUN, 'order:A', sold('pro', { price: 20 }), 'sold pro'),
    told(BEGUN, 'order:A', sold('tool', { price: 30 }), 'sold tool'),
    told(BEGUN, 'order:A', charged(50)),
  ]);
  const line: RepaidLine = { line: 'pro', amount: 20, quantity: 1, full: true };
  go(world, '2027-01-03', told('2027-01-03', 'order:A', repaid(20, { lines: [line] })));
  t.deepEqual(states(world), ['revoked', 'active']);
});

test('a full return of a line without a known sale is flagged', (t) => {
  const world = new World([forever], at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: '' });
  const line: RepaidLine = { line: 'pro', amount: 20, quantity: 1, full: true };
  go(world, '2027-01-03', told('2027-01-03', 'order:A', repaid(20, { total: 50, lines: [line] })));
  t.true(world.flagKinds.includes('partial-refund'));
});

test('returns after an operator lifted a suspension add up with earlier returns', (t) => {
  const world = new World([forever], at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([told(BEGUN, 'order:A', sold('pro', { price: 20 })), told(BEGUN, 'order:A', charged(20))]);
  const license = licenseSubject(world.records[0]?.id ?? new Uint8Array());
  go(world, '2027-01-02', told('2027-01-02', license, { kind: 'stopped' }));
  go(world, '2027-01-03', told('2027-01-03', 'order:A', repaid(10)));
  go(world, '2027-01-04', told('2027-01-04', license, { kind: 'reinstated' }));
  t.deepEqual(states(world), ['active']);
  go(world, '2027-01-05', told('2027-01-05', 'order:A', repaid(10)));
  t.deepEqual(states(world), ['revoked']);
});

test('control: a return that an operator undid stays undone, also after a last partial refund', (t) => {
  const world = new World([forever], at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([told(BEGUN, 'order:A', sold('pro', { price: 20 })), told(BEGUN, 'order:A', charged(20))]);
  const license = licenseSubject(world.records[0]?.id ?? new Uint8Array());
  go(world, '2027-01-02', told('2027-01-02', 'order:A', { kind: 'refunded' }));
  t.deepEqual(states(world), ['revoked']);
  go(world, '2027-01-04', told('2027-01-04', license, { kind: 'reinstated' }));
  go(world, '2027-01-05', told('2027-01-05', 'order:A', repaid(4, { tax: true })));
  t.deepEqual(states(world), ['active']);
});

test('with "refund: keep" a refund of a proration undoes nothing, and a lost dispute does', (t) => {
  const world = subscribed(productOf({ id: 'pro', term: 'P1Y', grace: 'P14D', refund: 'keep' }), 2);
  const day = '2027-02-01';
  const more = { charge: 'order-id:2', part: 'proration', covers: covers('pro', 3) } as const;
  go(world, day, told(day, 'order-id:2', tie(S)), told(day, S, paid('2028-01-01', { total: 10, ...more })));
  go(world, '2027-02-02', told('2027-02-02', 'order-id:2', { kind: 'refunded' }));
  t.deepEqual(states(world), ['active', 'active', 'active']);
  go(world, '2027-02-03', told('2027-02-03', 'order-id:2', { kind: 'dispute-lost' }));
  t.deepEqual(states(world), ['active', 'active', 'revoked']);
});

test('a payment after a reissue is for the successor: the old license raises no flag', (t) => {
  const world = subscribed(yearly, 1);
  const { id } = world.records[0] ?? { id: new Uint8Array() };
  world.reissue(id, told('2027-06-01', licenseSubject(id), { kind: 'withdrawn' }));
  secondYear(world);
  t.deepEqual(states(world), ['revoked', 'active']);
  t.false(world.flagKinds.includes('revoked-but-paid'));
});

test('fault 12: if an order charges one path for two subscriptions, a returned item takes its own subscription’s period', (t) => {
  const world = subscribed(yearly, 1);
  const day = '2028-01-01';
  const charge = { charge: 'order-id:2', total: 20, currency: 'EUR' } as const;
  const T = 'subscription:T';
  world.ask({ order: 'B', product: 'pro', line: 'pro' });
  world.tell([told(BEGUN, 'order:B', sold('pro', { subscription: 'T', price: 10 }))]);
  go(world, day, told(day, 'order-id:2', tie(S), 'S'), told(day, 'order-id:2', tie(T), 'T'));
  for (const who of [S, T] as const) go(world, day, told(day, who, paid('2029-01-01', charge)));
  const line: RepaidLine = { line: 'pro', amount: 10, quantity: 1, full: true, subscription: 'T' };
  go(world, '2028-01-05', told('2028-01-05', 'order-id:2', repaid(10, { lines: [line] })));
  const days = world.records.map(({ code }) => PLAIN_MINTER.entitlementOf(code).lastValid);
  t.deepEqual(days, ['2029-01-15', '2028-01-15']);
  t.deepEqual(
    world.flagKinds.filter((kind) => kind === 'partial-refund'),
    [],
  );
});

test('a change that no charge named is flagged if any license of its subscription has a date', (t) => {
  for (const isFirst of [true, false]) {
    const world = new World([yearly], at(BEGUN));
    const order = [
      told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
      told(BEGUN, S, dated('2028-01-01')),
    ];
    const what = { charge: 'order-id:2', total: 10, part: 'proration', covers: covers('pro', 2) } as const;
    const charge = [
      told('2027-01-02', 'order-id:2', tie(S)),
      told('2027-01-02', S, paid('2028-01-01', what)),
    ];
    const change = [told('2027-01-03', S, { kind: 'announced', product: 'pro', quantity: 4, line: 'pro' })];
    const back = [told('2027-01-04', 'order-id:2', { kind: 'refunded' })];
    const all = [order, charge, change, back];
    for (const facts of isFirst ? all : [charge, change, back, order]) world.tell(facts);
    world.wait('2028-01-20');
    t.true(world.flagKinds.includes('unconfirmed-change'), isFirst ? 'order first' : 'charge first');
  }
});
