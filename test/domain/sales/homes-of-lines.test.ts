/** The home and the first unit of a line, from lines, licenses and names alone. */
import test from 'ava';
import type { LedgerLicense } from '../../../src/domain/changes.ts';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { readNames } from '../../../src/domain/facts/names.ts';
import { firstOrderOf, isSuperseded, withHomes } from '../../../src/domain/sales/homes.ts';
import type { SaleLine } from '../../../src/domain/sales/sale-lines.ts';
import { recordOf } from '../../kit/records.ts';
import { tie, told } from '../../kit/telling.ts';
import { at } from '../../kit/world.ts';
import { S } from '../subscribed.ts';

/** A line that an event states, of the subscription S. */
function lineOf(order: string, product: string | null, day: string, more: Partial<SaleLine> = {}): SaleLine {
  const path = product ?? 'else';
  return {
    ...{ order, line: path, path, product, quantity: 1, units: 1, price: undefined, features: undefined },
    ...{ subscription: 'S', companion: false, trial: false, isIssuedByEvent: true, failed: false },
    ...{ at: at(day), cause: 'a test', home: order, firstUnit: 0, ...more },
  };
}

const FIRST = lineOf('A', 'pro', '2027-01-01');
const addOn = (order: string, day: string, more: Partial<SaleLine> = {}) => lineOf(order, 'basic', day, more);
const license = (order: string, product: string, more: Partial<LedgerLicense> = {}) =>
  recordOf({ order, product, line: product, ...more });

const tellingOf = (facts: readonly Fact[]) => ({ names: readNames(facts, new Set()), facts });

/** Of each line its home and first unit. */
function homesOf(
  lines: readonly SaleLine[],
  licenses: readonly LedgerLicense[] = [],
  facts: readonly Fact[] = [],
): readonly string[] {
  return withHomes(lines, licenses, tellingOf(facts)).map(({ home, firstUnit }) => `${home}/${firstUnit}`);
}

const MOVED = [FIRST, addOn('X', '2027-01-10')];

test('an add-on has its subscription as its home, and the line of the first order that order', (t) => {
  t.deepEqual(homesOf(MOVED), ['A/0', 'subscription:S/0']);
  t.deepEqual(homesOf([...MOVED, addOn('Y', '2027-01-11', { subscription: null })]), [
    'A/0',
    'subscription:S/0',
    'Y/0',
  ]);
});

test('the units of an add-on bought twice are numbered by the times of the orders, not by their arrival', (t) => {
  const later = addOn('X', '2027-01-12', { units: 2 });
  const earlier = addOn('Y', '2027-01-10', { units: 3 });
  t.deepEqual(homesOf([FIRST, later, earlier]), ['A/0', 'subscription:S/3', 'subscription:S/0']);
  t.deepEqual(homesOf([FIRST, earlier, later]), ['A/0', 'subscription:S/0', 'subscription:S/3']);
});

test('the units of an add-on bought twice at one time are numbered by the names of the orders', (t) => {
  const [x, y] = [addOn('X', '2027-01-10', { units: 2 }), addOn('Y', '2027-01-10', { units: 3 })];
  t.deepEqual(homesOf([FIRST, y, x]), ['A/0', 'subscription:S/2', 'subscription:S/0']);
  t.deepEqual(homesOf([FIRST, x, y]), ['A/0', 'subscription:S/0', 'subscription:S/2']);
});

test('only units of the same subscription, line and product are numbered on', (t) => {
  const earlier = addOn('X', '2027-01-10', { line: 'extra' });
  const others = [
    addOn('Y', '2027-01-11', { line: 'extra', subscription: 'T' }),
    addOn('Y', '2027-01-11', { line: 'more' }),
    lineOf('Y', 'team', '2027-01-11', { line: 'extra' }),
  ];
  const second = lineOf('B', 'pro', '2027-01-01', { subscription: 'T' });
  for (const other of others)
    t.is(homesOf([FIRST, second, earlier, other]).at(-1), `subscription:${other.subscription}/0`);
  t.is(homesOf([FIRST, earlier, addOn('Y', '2027-01-11', { line: 'extra' })]).at(-1), 'subscription:S/1');
});

test('a line stays with its order without a subscription, product, name or event that issues it', (t) => {
  const staying: readonly Partial<SaleLine>[] = [
    { subscription: null },
    { product: null },
    { line: '' },
    { isIssuedByEvent: false },
  ];
  for (const more of staying) {
    const first = { ...FIRST, ...('subscription' in more && more) };
    t.deepEqual(homesOf([first, addOn('X', '2027-01-10', more)]), ['A/0', 'X/0'], JSON.stringify(more));
  }
});

test('two lines of one path without a product file stay with their order and begin at its first unit', (t) => {
  const twins = ['S', 'T'].map((subscription) => lineOf('A', null, '2027-01-01', { subscription }));
  t.deepEqual(homesOf(twins), ['A/0', 'A/0']);
});

test('the order of a further charge is no new sale: its lines stay with it', (t) => {
  t.deepEqual(homesOf(MOVED, [], [told('2027-01-10', 'order:X', tie(S))]), ['A/0', 'X/0']);
});

test('only a license that was handed out for the same line and product stays in the order of an add-on', (t) => {
  const held = (more: Partial<LedgerLicense>) => homesOf(MOVED, [license('X', 'basic', more)])[1];
  t.is(held({ handed: 0 }), 'X/0');
  t.is(held({ handed: null }), 'subscription:S/0');
  t.is(held({ handed: 0, line: 'more' }), 'subscription:S/0');
  t.is(held({ handed: 0, product: 'team' }), 'subscription:S/0');
});

test('a license mailed for the subscription before its order has one stays the license of the line', (t) => {
  const own = license('A', 'pro');
  const mailed = license('subscription:S', 'pro', { handed: 0 });
  t.deepEqual(homesOf([FIRST], [mailed]), ['subscription:S/0']);
  t.deepEqual(homesOf([FIRST], [mailed, own]), ['subscription:S/0']);
  t.deepEqual(homesOf([FIRST], [own, mailed]), ['A/0']);
  t.deepEqual(homesOf([FIRST], [{ ...mailed, handed: null }, own]), ['A/0']);
  t.deepEqual(homesOf([FIRST], [license('subscription:S', 'basic', { handed: 0 })]), ['A/0']);
});

test('further units of the first product are no add-on, but what the first order sold for another subscription is', (t) => {
  t.deepEqual(homesOf([FIRST, lineOf('X', 'pro', '2027-01-10')]), ['A/0', 'X/0']);
  const elsewhere = lineOf('A', 'basic', '2027-01-01', { subscription: 'T' });
  t.deepEqual(homesOf([elsewhere, ...MOVED]), ['A/0', 'A/0', 'subscription:S/0']);
});

test('a companion stays with the first order, and with its own while no first order is known', (t) => {
  const companion = (order: string) => addOn(order, '2027-01-01', { companion: true });
  t.deepEqual(homesOf([FIRST, companion('A')]), ['A/0', 'A/0']);
  t.deepEqual(homesOf([companion('X')]), ['X/0']);
  t.deepEqual(homesOf([companion('A'), ...MOVED]), ['A/0', 'A/0', 'subscription:S/0']);
});

const TWINS = ['T', 'S'].map((subscription) => lineOf('A', 'pro', '2027-01-01', { subscription }));

test('of two subscriptions of one path in one order, the order is the home of the one that got its license first', (t) => {
  const of = (subscription: string | null) => license('A', 'pro', { subscription });
  const [ofT, ofS] = [
    ['A/0', 'subscription:S/0'],
    ['subscription:T/0', 'A/0'],
  ] as const;
  t.deepEqual(homesOf(TWINS, [of('T'), of('S')]), ofT);
  t.deepEqual(homesOf(TWINS, [of('S'), of('T')]), ofS);
  t.deepEqual(homesOf(TWINS, [of('REF-1'), of(null), of('T')]), ofT);
});

test('of two subscriptions of one path without licenses, the order is the home of the first by name', (t) => {
  t.deepEqual(homesOf(TWINS), ['subscription:T/0', 'A/0']);
  t.deepEqual(homesOf([...TWINS].reverse()), ['A/0', 'subscription:T/0']);
});

test('two subscriptions of one path and of two products in one order both have that order as their home', (t) => {
  const other = lineOf('A', 'team', '2027-01-01', { line: 'pro', subscription: 'T' });
  t.deepEqual(homesOf([FIRST, other]), ['A/0', 'A/0']);
});

const linked = (order: string, day: string): Fact =>
  told(day, `order:${order}`, { kind: 'linked', subscription: 'S' }, `linked ${order}`);
const firstOf = (following: readonly SaleLine[], ...facts: readonly Fact[]) =>
  firstOrderOf('S', following, tellingOf(facts));

test('the first order is the earliest that follows the subscription, and of equal times the first by name', (t) => {
  const [a, x] = [FIRST, addOn('X', '2027-01-10')];
  t.is(firstOf([]), undefined);
  t.is(firstOf([x, a]), 'A');
  const [b, c] = ['B', 'C'].map((order) => addOn(order, '2027-01-05'));
  if (b === undefined || c === undefined) return t.fail();
  t.is(firstOf([c, b]), 'B');
  t.is(firstOf([b, c]), 'B');
  t.is(firstOf([a, x], told('2027-01-01', 'order:A', tie(S))), 'X', 'a further charge is none');
  t.is(firstOf([{ ...a, companion: true }, x]), 'X', 'a companion is none');
});

test('an order that an event named is the first as long as no line of it is known', (t) => {
  const x = addOn('X', '2027-01-03');
  t.is(firstOf([x], linked('A', '2027-01-09')), 'A');
  t.is(firstOf([{ ...x, at: 0 }], linked('A', '2027-01-09')), 'A', 'however early the other line is');
  t.is(firstOf([x, lineOf('A', 'pro', '2027-01-05')], linked('A', '2027-01-09')), 'X', 'its line is known');
});

test('a line that only a late request states is as early as the event that named its order', (t) => {
  const lines = [lineOf('A', 'pro', '2027-01-10'), addOn('X', '2027-01-05')];
  t.is(firstOf(lines), 'X');
  t.is(firstOf(lines, linked('A', '2027-01-01')), 'A');
  t.is(firstOf(lines, linked('A', '2027-01-07')), 'X');
});

test('a link of a further charge, of an order without a reference or of another subscription names no first order', (t) => {
  const charge = [linked('B', '2027-01-01'), told('2027-01-01', 'order:B', tie(S))];
  t.is(firstOf([], ...charge), undefined);
  t.is(firstOf([FIRST], ...charge), 'A');
  const nameless = told('2027-01-01', 'order-id:7', { kind: 'linked', subscription: 'S' });
  t.is(firstOf([FIRST], nameless), 'A');
  const other = told('2027-01-01', 'order:B', { kind: 'linked', subscription: 'T' });
  t.is(firstOf([FIRST], other), 'A');
});

test('a license is superseded if all lines of its order moved away and its code was never handed out', (t) => {
  const moved = withHomes(MOVED, [], tellingOf([]));
  t.true(isSuperseded(license('X', 'basic'), moved));
  t.false(isSuperseded(license('X', 'basic', { handed: 0 }), moved));
  t.false(isSuperseded(license('A', 'pro'), moved));
  t.false(isSuperseded(license('X', 'team'), moved), 'no line is its own');
  const twins = withHomes(TWINS, [], tellingOf([]));
  t.false(isSuperseded(license('A', 'pro'), twins), 'one of two lines stayed');
});
