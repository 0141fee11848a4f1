import test from 'ava';
import type { LedgerLicense } from '../../../src/domain/changes.ts';
import type { Fact, FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import { readNames } from '../../../src/domain/facts/names.ts';
import type { RepaidLine } from '../../../src/domain/facts/repaid-line.ts';
import type { ChargedLine } from '../../../src/domain/money/charged-lines.ts';
import { readMoney } from '../../../src/domain/money/money.ts';
import { isLineReturned, unitsReturned } from '../../../src/domain/money/returned-lines.ts';
import { recordOf } from '../../kit/records.ts';
import { charged, paid, repaid, tie, told } from '../../kit/telling.ts';

/** Facts of one charge, one a day. */
const days = ['2027-01-01', '2027-01-02', '2027-01-03', '2027-01-04', '2027-01-05'] as const;
const of = (bodies: readonly FactBody[], subject: Subject = 'order:A') =>
  bodies.map((body, place) => told(days[place] ?? '', subject, body));
const moneyOf = (facts: readonly Fact[], subject: Subject = 'order:A') =>
  readMoney(facts, readNames(facts, new Set())).get(subject);
const isAll = (...bodies: readonly FactBody[]) =>
  [bodies, [...bodies].reverse()].map((list) => moneyOf(of(list))?.fullAt !== undefined);

test('fault 1: a partial refund is not a full refund', (t) => {
  t.deepEqual(isAll(charged(39), repaid(5)), [false, false]);
  t.deepEqual(isAll(charged(195), repaid(19.5)), [false, false]);
});

test('fault 1, 27: partial refunds of one charge that add up to the payment are a full refund', (t) => {
  t.deepEqual(isAll(charged(39), repaid(5), repaid(34)), [true, true]);
  t.deepEqual(isAll(charged(39), repaid(5), repaid(33.99)), [false, false]);
  t.deepEqual(isAll(charged(20), repaid(10), repaid(10)), [true, true]);
  t.deepEqual(isAll(charged(0.3), repaid(0.1), repaid(0.2)), [true, true]);
});

test('fault 1: returned tax adds to the sum and is never a full refund by itself', (t) => {
  t.deepEqual(isAll(charged(46), repaid(7, { tax: true }), repaid(39)), [true, true]);
  t.deepEqual(isAll(charged(7), repaid(7, { tax: true })), [false, false]);
});

test('fault 1: an amount in another currency than the charge decides nothing', (t) => {
  t.deepEqual(isAll(charged(39), repaid(39, { currency: 'USD' })), [false, false]);
  t.deepEqual(isAll(charged(39), repaid(39, { currency: null })), [true, true]);
  t.deepEqual(isAll({ kind: 'charged', total: 39, currency: null }, repaid(39, { currency: 'USD' })), [
    true,
    true,
  ]);
});

test('an unstated amount, or a charge of zero, is never a full refund', (t) => {
  t.deepEqual(isAll(charged(39), repaid(null)), [false, false]);
  t.deepEqual(isAll(charged(0), repaid(0)), [false, false]);
  t.deepEqual(isAll(repaid(39)), [false, false]);
});

test('a return may state the total of its charge; a payment’s total overrides it', (t) => {
  t.deepEqual(isAll(repaid(39, { total: 39 })), [true, true]);
  t.deepEqual(isAll(repaid(5, { total: 39 }), repaid(34)), [true, true]);
  t.deepEqual(isAll(charged(50), repaid(39, { total: 39 })), [false, false]);
  t.deepEqual(isAll(repaid(5, { total: 39 }), repaid(5, { total: 10 })), [false, false]);
});

test('of two totals of one charge the larger is the whole charge, in any order', (t) => {
  const confirmed: FactBody = { kind: 'confirmed', quantity: 1, total: 46, currency: 'EUR' };
  t.deepEqual(isAll(charged(39), confirmed, repaid(39)), [false, false]);
  t.deepEqual(isAll(charged(39), confirmed, repaid(46)), [true, true]);
  const known = charged(39);
  const unknown: FactBody = { ...charged(39), currency: null };
  for (const list of [
    [known, unknown],
    [unknown, known],
  ]) {
    t.is(moneyOf(of(list))?.currency, 'EUR');
    t.deepEqual(isAll(...list, repaid(39, { currency: 'USD' })), [false, false]);
  }
  t.is(moneyOf(of([{ ...charged(50), currency: null }, charged(39)]))?.currency, null);
});

test('fault 12: money belongs to the charge that the payment names', (t) => {
  const facts = [
    told('2027-01-01', 'order:A', charged(39)),
    told('2027-01-01', 'order-id:1', tie('order:A')),
    told(
      '2028-01-01',
      'subscription:S',
      paid('2029-01-01', { charge: 'order-id:2', total: 45, currency: 'EUR' }),
    ),
    told('2028-01-02', 'subscription:S', paid('2030-01-01')),
    told('2028-01-02', 'order-id:2', repaid(45)),
    told('2028-01-03', 'order-id:1', repaid(39)),
    told('2028-01-03', 'subscription:S', { kind: 'confirmed', quantity: 1 }),
  ];
  const money = readMoney(facts, readNames(facts, new Set()));
  t.deepEqual(
    [...money].map(([name, { total, fullAt }]) => [name, total, fullAt]),
    [
      ['order:A', 39, Date.UTC(2028, 0, 3, 12)],
      ['order-id:2', 45, Date.UTC(2028, 0, 2, 12)],
    ],
  );
});

test('a full refund and a lost dispute return the whole charge, from the first of them on', (t) => {
  t.deepEqual(isAll({ kind: 'refunded' }), [true, true]);
  t.deepEqual(isAll({ kind: 'dispute-lost' }), [true, true]);
  const money = moneyOf(
    of([repaid(39), { kind: 'refunded' }, { kind: 'refunded' }, { kind: 'dispute-lost' }]),
  );
  t.is(money?.fullAt, Date.UTC(2027, 0, 2, 12));
  t.true(money?.lost);
  t.false(moneyOf(of([{ kind: 'refunded' }]))?.lost);
  const parts = moneyOf(of([charged(39), repaid(39), { kind: 'refunded' }]));
  t.is(parts?.fullAt, Date.UTC(2027, 0, 2, 12));
});

test('a dispute won after it was lost undoes the return', (t) => {
  t.is(moneyOf(of([{ kind: 'dispute-lost' }, { kind: 'dispute-won' }]))?.fullAt, undefined);
  t.true(moneyOf(of([{ kind: 'dispute-won' }, { kind: 'dispute-lost' }]))?.lost);
  const refunded = moneyOf(of([{ kind: 'refunded' }, { kind: 'dispute-lost' }, { kind: 'dispute-won' }]));
  t.deepEqual([refunded?.fullAt, refunded?.lost], [Date.UTC(2027, 0, 1, 12), false]);
});

test('the last partial refund dates the full refund', (t) => {
  const money = moneyOf(of([charged(39), repaid(30), repaid(9), repaid(1, { currency: 'USD' })]));
  t.is(money?.fullAt, Date.UTC(2027, 0, 3, 12));
  t.is(money?.lastAt, Date.UTC(2027, 0, 3, 12));
  t.is(money?.parts.length, 3);
});

const line = (amount: number | null, quantity: number, full = false) => ({
  lines: [{ line: 'pro', amount, quantity, full }],
});

test('fault 3: a line is returned if a return says so or the amounts cover its price', (t) => {
  const whole = (bodies: readonly FactBody[], price?: number) =>
    isLineReturned(moneyOf(of([charged(100), ...bodies])), { line: 'pro', quantity: 20, price });
  t.true(whole([repaid(null, line(null, 0, true))]));
  t.false(whole([repaid(20, line(20, 20))], undefined));
  t.false(whole([repaid(5, line(5, 1))], 20));
  t.true(whole([repaid(20, line(20, 1))], 20));
  t.true(whole([repaid(5, line(5, 0)), repaid(15, line(15, 0))], 20));
  t.false(whole([repaid(5, line(5, 0)), repaid(14.99, line(14.99, 0))], 20));
  t.false(whole([repaid(0, line(0, 0))], 0));
  t.false(whole([repaid(20, { lines: [{ line: 'app', amount: 20, quantity: 1, full: true }] })], 20));
  t.true(whole([repaid(100)], 20));
  t.false(isLineReturned(undefined, { line: 'pro', quantity: 1, price: 20 }));
});

test('fault 3: a unit is returned only if the amount covers its price', (t) => {
  const units = (bodies: readonly FactBody[], quantity: number, price: number | undefined) =>
    unitsReturned(moneyOf(of([charged(100), ...bodies])), { line: 'pro', quantity, price });
  t.is(units([repaid(5, line(5, 1))], 1, 20), 0);
  t.is(units([repaid(20, line(20, 1))], 1, 20), 1);
  t.is(units([repaid(20, line(20, 1))], 3, 60), 1);
  t.is(units([repaid(39.99, line(39.99, 2))], 3, 60), 1);
  t.is(units([repaid(40, line(40, 2))], 3, 60), 2);
  t.is(units([repaid(40, line(40, 1))], 3, 60), 1, 'as many as stated');
  t.is(units([repaid(40, line(40, 0))], 3, 60), 0, 'by amount');
  t.is(units([repaid(20, line(20, 1)), repaid(20, line(20, 1))], 3, 60), 2);
  t.is(units([repaid(60, line(60, 0))], 3, 60), 3, 'all of the line');
  t.is(units([repaid(20, line(20, 1))], 3, undefined), 0);
  t.is(units([repaid(20, line(20, 1))], 3, 0), 0);
  t.is(units([repaid(null, line(null, 1))], 3, 60), 0);
  t.is(units([repaid(33.34, line(33.34, 1))], 3, 100), 1, 'a third of a price');
  t.is(unitsReturned(undefined, { line: 'pro', quantity: 3, price: 60 }), 0);
});

test('a unit came back by its price in whole coins of the currency', (t) => {
  const units = (currency: string, amounts: readonly number[], price: number) =>
    unitsReturned(
      moneyOf(
        of([
          { kind: 'charged', total: 125, currency },
          ...amounts.map((amount) => repaid(amount, { ...line(amount, 1), currency })),
        ]),
      ),
      { line: 'pro', quantity: 3, price },
    );
  t.is(units('EUR', [33.33, 33.33, 33.33], 100), 3, 'a cent is left of 100');
  t.is(units('EUR', [33.33, 33.33], 100), 2);
  t.is(units('EUR', [33.33, 33.32], 100), 1);
  t.is(units('JPY', [33], 100), 1);
  t.is(units('JPY', [32], 100), 0);
  t.is(units('KWD', [33.333], 100), 1);
  t.is(units('KWD', [33.32], 100), 0);
  t.is(units('EUR', [0], 0.01), 0, 'less than a coin');
});

test('a line that went back whole, of fewer units than were charged, is those units', (t) => {
  const back = (returns: readonly RepaidLine[], sale: Partial<ChargedLine> = {}) => {
    const money = moneyOf(of([charged(150), ...returns.map((each) => repaid(1, { lines: [each] }))]));
    const whole = { line: 'pro', quantity: 3, price: 120, ...sale };
    return [isLineReturned(money, whole), unitsReturned(money, whole)];
  };
  const full = (quantity: number, amount: number | null): RepaidLine => ({
    line: 'pro',
    amount,
    quantity,
    full: true,
  });
  t.deepEqual(back([full(1, 40)]), [false, 1]);
  t.deepEqual(back([full(1, 40), full(1, 40)]), [false, 2]);
  t.deepEqual(back([full(1, 40), full(2, 80)]), [true, 3], 'unit by unit');
  t.deepEqual(back([full(1, 120)]), [true, 3], 'the amount is that of all');
  t.deepEqual(back([full(3, null)]), [true, 3]);
  t.deepEqual(back([full(0, 40)]), [true, 3], 'no units are stated');
  t.deepEqual(back([full(1, 40)], { price: undefined }), [false, 0], 'the price of a unit is not known');
  t.deepEqual(back([full(1, 40)], { quantity: undefined }), [true, 0], 'the units are not known');
});

test('a return that does not say of which subscription takes a line of several only as a whole', (t) => {
  const shared = { quantity: 2, price: 80 };
  const isBack = (subscription: string | undefined, quantity: number, amount: number) => {
    const each = { line: 'pro', amount, quantity, full: true, ...(subscription && { subscription }) };
    const money = moneyOf(of([charged(150), repaid(1, { lines: [each] })]));
    return ['S', 'T'].map((id) => {
      const sale = { line: 'pro', quantity: 1, price: 40, subscription: id, shared };
      return `${isLineReturned(money, sale)} ${unitsReturned(money, sale)}`;
    });
  };
  t.deepEqual(isBack('S', 1, 40), ['true 1', 'false 0']);
  t.deepEqual(isBack(undefined, 1, 40), ['false 0', 'false 0']);
  t.deepEqual(isBack(undefined, 2, 80), ['true 1', 'true 1']);
});

test('the amount in a request is the order’s total, if no other fact states one', (t) => {
  const total = (licenses: readonly LedgerLicense[], ...bodies: FactBody[]) => {
    const facts = of(bodies);
    const money = readMoney(facts, readNames(facts, new Set()), licenses).get('order:A');
    return [money?.total, money?.currency, money?.fullAt !== undefined];
  };
  const asked = [recordOf({ charged: { total: 39, currency: 'EUR' } })];
  t.deepEqual(total(asked, repaid(5)), [39, 'EUR', false]);
  t.deepEqual(total(asked, repaid(39)), [39, 'EUR', true]);
  t.deepEqual(total(asked, charged(46), repaid(39)), [46, 'EUR', false]);
  t.deepEqual(total([recordOf()], repaid(39)), [undefined, null, false]);
});

test('only a paid charge with a name and a total states its total', (t) => {
  const told1 = (more: object) =>
    readMoney([told('2027-01-01', 'subscription:S', paid(null, more))], readNames([], new Set()));
  t.is(told1({ charge: 'order:B', total: 9, currency: 'EUR' }).get('order:B')?.total, 9);
  t.is(told1({ charge: 'order:B', total: 9 }).get('order:B')?.currency, null);
  t.is(told1({ charge: 'order:B' }).size, 0);
  t.is(told1({ total: 9, currency: 'EUR' }).size, 0);
  t.is(told1({ charge: 'order:B', total: 9, currency: 'EUR' }).get('order:B')?.currency, 'EUR');
});

test('of several returns that state their charge’s total, the largest total counts', (t) => {
  t.is(moneyOf(of([repaid(5, { total: 10 }), repaid(5, { total: 39 })]))?.total, 39);
  t.is(moneyOf(of([charged(20), repaid(5, { total: 39 })]))?.total, 20);
  t.false(moneyOf(of([repaid(5)]))?.lost);
});

test('a charge without facts was not lost', (t) => {
  t.false(moneyOf(of([charged(9)]))?.lost);
  t.false(moneyOf([told('1970-01-01', 'order:A', { kind: 'dispute-won' })])?.lost);
});
