import test from 'ava';
import { entitle } from '../../../src/domain/life/entitle.ts';
import { productOf } from '../../kit/product.ts';

const SOLD = '2026-11-21';

test('a dated license is valid to the day of its term plus grace, counted from the day of sale', (t) => {
  const { issued, lastValid } = entitle(productOf({ term: 'P1Y', grace: 'P14D' }), 1, SOLD);
  t.is(issued, SOLD);
  t.is(lastValid, '2027-12-05');
  t.is(entitle(productOf({ term: 'P1Y', grace: 'P0D' }), 1, SOLD).lastValid, '2027-11-21');
});

test('grace is added to the end of the term, after the month end is applied', (t) => {
  t.is(entitle(productOf({ term: 'P1M', grace: 'P1M' }), 1, '2026-01-31').lastValid, '2026-03-28');
});

test('a perpetual license has no last day, with or without grace', (t) => {
  t.is(entitle(productOf({ term: 'perpetual', grace: 'P14D' }), 1, SOLD).lastValid, null);
});

test('updates end with their own period, without grace, or never', (t) => {
  t.is(entitle(productOf({ updates: 'P1Y' }), 1, SOLD).updatesUntil, '2027-11-21');
  t.is(entitle(productOf({ updates: 'unlimited' }), 1, SOLD).updatesUntil, null);
});

test('no day is beyond the largest day in a code', (t) => {
  const { lastValid, updatesUntil } = entitle(productOf({ term: 'P200Y', updates: 'P300Y' }), 1, SOLD);
  t.deepEqual([lastValid, updatesUntil], ['2149-06-06', '2149-06-06']);
});

for (const [quantity, seats, units, expected, why] of [
  ['codes', 3, 5, 3, 'a code each has the seats of one unit'],
  ['seats', 3, 5, 15, 'one code for all has the seats of all'],
  ['seats', 1, 1000, 1000, 'as many units as an order can have'],
  ['seats', 100, 1000, 65_535, 'never more than two bytes hold'],
  ['codes', 65_535, 2, 65_535, 'the most seats of a unit'],
  ['seats', 0, 7, 0, 'without limit stays without limit'],
] as const) {
  test(`${units} units of ${seats} seats as ${quantity} entitle to ${expected} seats: ${why}`, (t) => {
    t.is(entitle(productOf({ quantity, seats }), units, SOLD).seats, expected);
  });
}

test('a feature’s bit is its position among all features, not among the granted features', (t) => {
  const features = ['a', 'b', 'c', 'd'];
  const bits = (...grants: string[]) => entitle(productOf({ features, grants }), 1, SOLD).features;
  t.is(bits(), 0);
  t.is(bits('a'), 0b0001);
  t.is(bits('d', 'b'), 0b1010);
  t.is(bits(...features), 0b1111);
});

test('24 features fill the 24 bits', (t) => {
  const features = Array.from({ length: 24 }, (_, i) => `f${i}`);
  t.is(entitle(productOf({ features, grants: features }), 1, SOLD).features, 0xff_ff_ff);
  t.is(entitle(productOf({ features, grants: ['f23'] }), 1, SOLD).features, 1 << 23);
});

test('a trial is marked in the entitlement', (t) => {
  t.true(entitle(productOf({ trial: true }), 1, SOLD).trial);
  t.false(entitle(productOf({ trial: false }), 1, SOLD).trial);
});

test('a sale’s feature that the product does not have is dropped', (t) => {
  const product = productOf({ features: ['export', 'sync'], grants: ['export'] });
  t.is(entitle(product, 1, SOLD, { features: ['sync', 'unheard-of'] }).features, 0b10);
  t.is(entitle(product, 1, SOLD, { features: [] }).features, 0);
  t.is(entitle(product, 1, SOLD).features, 0b01, 'where none is named, those that it grants');
});

test('a trial ends the first code earlier than the term, and never later', (t) => {
  const product = productOf({ term: 'P1M', grace: 'P3D' });
  t.is(entitle(product, 1, SOLD, { trialEnd: '2026-12-05' }).lastValid, '2026-12-08');
  t.is(entitle(product, 1, SOLD, { trialEnd: '2027-03-01' }).lastValid, '2026-12-24');
  t.is(entitle(product, 1, SOLD).lastValid, '2026-12-24');
});
