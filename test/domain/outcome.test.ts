/** The corners of what a life comes to: seats, returns, units too many. */
import test from 'ava';
import { BEGINNING, type Life, type Terms } from '../../src/domain/life.ts';
import { hasSpareUnits, outcomeOfLife } from '../../src/domain/outcome.ts';
import type { Product } from '../../src/domain/product.ts';
import { ENTITLEMENT } from '../storage/support.ts';
import { productOf } from './support.ts';

function termsOf(product: Partial<Product>, seats = ENTITLEMENT.seats, wanted: Partial<Terms> = {}): Terms {
  const issued = { ...ENTITLEMENT, seats };
  return { product: productOf(product), unit: 0, units: 1, licenseId: 'the license', issued, ...wanted };
}

function outcome(life: Partial<Life>, terms: Terms) {
  const { state, entitlement } = outcomeOfLife({ ...BEGINNING, ...life }, terms);
  return [state, entitlement.seats];
}

/** One license for three units of 5 seats. */
const SEATS = termsOf({ quantity: 'seats', seats: 5 }, 15);
const sale = { quantity: 3, features: undefined };

test('a license of seats stands until all of its units were returned', (t) => {
  t.deepEqual(outcome({ returned: 1 }, SEATS), ['active', 10]);
  t.deepEqual(outcome({ returned: 2 }, SEATS), ['active', 5]);
  t.deepEqual(outcome({ returned: 3 }, SEATS), ['revoked', 5]);
});

test('a license of unlimited seats of which nothing was returned stands', (t) => {
  t.deepEqual(outcome({}, termsOf({ quantity: 'seats', seats: 0 }, 0)), ['active', 0]);
});

test('a license of seats ends when its subscription is for none, and keeps its seats as they were', (t) => {
  t.deepEqual(outcome({ size: 1, sale }, SEATS), ['active', 5]);
  t.deepEqual(outcome({ size: 0, sale }, SEATS), ['ended', 15]);
});

test('of units with a code each those end for which the subscription has no room', (t) => {
  const states = [0, 1, 2].map((unit) => outcome({ size: 2 }, termsOf({}, 1, { unit, units: 3 }))[0]);
  t.deepEqual(states, ['active', 'active', 'ended']);
});

test('seats stay as issued where units are codes, or where the product has them unlimited now', (t) => {
  t.deepEqual(outcome({ sale }, termsOf({ quantity: 'codes', seats: 5 }, 2)), ['active', 2]);
  t.deepEqual(outcome({ sale }, termsOf({ quantity: 'codes', seats: 0 }, 2)), ['active', 2]);
  t.deepEqual(outcome({ sale }, termsOf({ quantity: 'seats', seats: 0 }, 2)), ['active', 2]);
});

test('a product that falls back keeps the last day of a license until its subscription ends', (t) => {
  const { entitlement } = outcomeOfLife(BEGINNING, termsOf({ ended: 'fallback' }));
  t.deepEqual(entitlement, ENTITLEMENT);
});

test('Separate Multibuy: no code is one too many before it is told how many were paid', (t) => {
  t.deepEqual(outcome({}, termsOf({ multibuy: 'separate' })), ['active', 1]);
});

test('units are spare while more are out than were paid and it is open which of them count', (t) => {
  const isSpare = (units: number, confirmed: number | null, stored: number, product: Partial<Product>) =>
    hasSpareUnits(
      { ...BEGINNING, confirmed, stored: Array.from({ length: stored }, (_, i) => String(i)) },
      termsOf(product, 1, { units }),
    );
  const separate = { multibuy: 'separate' } as const;
  t.true(isSpare(3, 2, 1, separate));
  t.false(isSpare(2, 2, 1, separate), 'as many as were paid');
  t.false(isSpare(3, 2, 2, separate), 'known which');
  t.false(isSpare(3, null, 0, separate), 'not told how many');
  t.false(isSpare(3, 2, 1, { multibuy: 'single' }), 'all by one request');
});
