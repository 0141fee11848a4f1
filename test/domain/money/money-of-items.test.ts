/** Money of charges whose returns name items, can be undone, or are disputes of a part. */
import test from 'ava';
import type { ChargedItem } from '../../../src/domain/facts/charged-item.ts';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { readNames } from '../../../src/domain/facts/names.ts';
import type { RepaidLine } from '../../../src/domain/facts/repaid-line.ts';
import { isPartOf, readMoney } from '../../../src/domain/money/money.ts';
import { charged, paid, repaid, told } from '../../kit/telling.ts';
import { at } from '../../kit/world.ts';

/** Facts of order A, one a day. */
const said = (...bodies: readonly FactBody[]): readonly Fact[] =>
  bodies.map((body, place) => told(`2027-01-0${place + 1}`, 'order:A', body));
const moneyOf = (...bodies: readonly FactBody[]) =>
  readMoney(said(...bodies), readNames([], new Set())).get('order:A');

const ITEMS: readonly ChargedItem[] = [
  { item: 'i1', line: 'pro' },
  { item: 'i2', line: 'pro' },
  { item: 'i3', line: 'app' },
  { item: 'i4', line: null },
];
const sale: FactBody = { ...charged(100), items: ITEMS };
const back = (item: string, full = true, more: Partial<RepaidLine> = {}): FactBody =>
  repaid(null, { lines: [{ line: item, amount: 10, quantity: 1, full, ...more }] });

test('a line is returned whole once each of its items is, and the charge once every item is', (t) => {
  const whole = (...bodies: readonly FactBody[]) => {
    const money = moneyOf(sale, ...bodies);
    return [[...(money?.fullLines ?? [])].sort().join(), money?.fullAt !== undefined];
  };
  t.deepEqual(whole(back('i1')), ['', false]);
  t.deepEqual(whole(back('i1'), back('i2')), ['pro', false]);
  t.deepEqual(whole(back('i1'), back('i2', false)), ['', false], 'a part of an item');
  t.deepEqual(whole(back('i3')), ['app', false]);
  t.deepEqual(whole(back('i4')), ['', false], 'an item without a line is no line');
  t.deepEqual(whole(back('i1'), back('i2'), back('i3')), ['app,pro', false]);
  const all = ['i1', 'i2', 'i3', 'i4'].map((item) => back(item));
  t.deepEqual(whole(...all), ['app,pro', true]);
  t.is(moneyOf(sale, ...all)?.fullAt, at('2027-01-05'), 'dated by the last one');
  t.deepEqual(whole(back('other'), back('i3')), ['app', false], 'an item that was not charged');
});

test('a returned item is a return of its line, and never the whole line by itself', (t) => {
  const money = moneyOf(sale, back('i2', true, { subscription: 'S', amount: null }), back('i9'));
  const [own, other] = money?.lineReturns ?? [];
  t.deepEqual(own, {
    line: 'pro',
    amount: 0,
    quantity: 1,
    full: false,
    subscription: 'S',
    at: at('2027-01-02'),
    fact: 'repaid:order:A:2027-01-02',
  });
  t.like(other, { line: 'i9', amount: 10, full: false });
  t.deepEqual(
    money?.parts.map(({ body }) => (body.kind === 'repaid' ? body.lines?.map(({ line }) => line) : [])),
    [['pro'], ['i9']],
  );
  const byLine = moneyOf(charged(100), back('pro'));
  t.true(byLine?.lineReturns[0]?.full, 'the control: a charge without items');
  const plain = repaid(5);
  t.deepEqual(moneyOf(charged(100), plain)?.parts[0]?.body, plain);
  t.deepEqual(moneyOf(charged(100), plain)?.lineReturns, []);
});

test('an amount in another currency than the charge’s returns no line and no item', (t) => {
  const other = { ...back('i3'), currency: 'USD' } as FactBody;
  const money = moneyOf(sale, other);
  t.deepEqual([money?.lineReturns, [...(money?.fullLines ?? [])], money?.lastAt], [[], [], 0]);
  t.is(money?.parts.length, 1, 'it is a part all the same');
});

test('a return that was undone by its name counts no more, unless it is told of a later time', (t) => {
  const undone: FactBody = { kind: 'return-undone', name: 'r1' };
  const part = repaid(100, { name: 'r1' });
  const full: FactBody = { kind: 'refunded', name: 'r1' };
  for (const body of [part, full]) {
    t.not(moneyOf(charged(100), body)?.fullAt, undefined, 'the control');
    t.is(moneyOf(charged(100), body, undone)?.fullAt, undefined, body.kind);
    t.not(moneyOf(charged(100), undone, body)?.fullAt, undefined, `${body.kind}: later`);
    t.not(moneyOf(charged(100), { ...body, name: 'r2' }, undone)?.fullAt, undefined, 'another return');
    const { name: _, ...nameless } = body;
    t.not(moneyOf(charged(100), nameless as FactBody, undone)?.fullAt, undefined, 'without a name');
    const facts = [charged(100), body, undone].map((each) => told('2027-01-01', 'order:A', each));
    t.is(readMoney(facts, readNames([], new Set())).get('order:A')?.fullAt, undefined, 'at the same time');
  }
  t.deepEqual(moneyOf(charged(100), part, undone)?.parts, []);
  const twice = [undone, repaid(100, { name: 'r1' }), undone].map((body, place) =>
    told(`2027-01-0${place + 1}`, 'order:A', body),
  );
  for (const facts of [twice, twice.toReversed()]) {
    const money = readMoney(
      [told('2027-01-01', 'order:A', charged(100)), ...facts],
      readNames([], new Set()),
    );
    t.is(money.get('order:A')?.fullAt, undefined, 'the last undoing counts');
  }
});

test('a dispute of less than its charge, or in another currency, is of a part; one without an amount is not', (t) => {
  const money = { total: 100, currency: 'EUR' };
  const disputed = (amount?: number, currency?: string, of: Parameters<typeof isPartOf>[1] = money) =>
    (['charged-back', 'dispute-lost'] as const).map((kind) =>
      isPartOf({ kind, ...(amount !== undefined && { amount }), ...(currency && { currency }) }, of),
    );
  t.deepEqual(disputed(99, 'EUR'), [true, true]);
  t.deepEqual(disputed(99), [true, true], 'without a currency');
  t.deepEqual(disputed(99, 'USD', { total: 100, currency: null }), [true, true]);
  t.deepEqual(disputed(100, 'EUR'), [false, false]);
  t.deepEqual(disputed(99.996, 'EUR'), [false, false], 'but for the rounding');
  t.deepEqual(disputed(99.995, 'EUR'), [false, false]);
  t.deepEqual(disputed(100, 'USD'), [true, true], 'another currency');
  t.deepEqual(disputed(100, 'USD', { total: 100, currency: null }), [false, false]);
  t.deepEqual(disputed(undefined, 'EUR'), [false, false]);
  t.deepEqual(disputed(99, 'EUR', { total: undefined, currency: null }), [false, false]);
  t.false(isPartOf({ kind: 'dispute-lost', amount: 99, currency: 'EUR' }, undefined));
  t.false(isPartOf(paid(null), money));
  t.false(isPartOf({ kind: 'disputed' }, money));
});

test('a lost dispute of a part returns nothing, and a won one of it says nothing', (t) => {
  const lost: FactBody = { kind: 'dispute-lost', amount: 1, currency: 'EUR' };
  t.like(moneyOf(charged(100), lost), { lost: false, fullAt: undefined });
  t.like(moneyOf(charged(100), { kind: 'dispute-lost', amount: 100, currency: 'EUR' }), {
    lost: true,
    fullAt: at('2027-01-02'),
  });
  t.like(moneyOf(charged(100), { kind: 'dispute-lost' }, lost), { lost: true, fullAt: at('2027-01-02') });
});
