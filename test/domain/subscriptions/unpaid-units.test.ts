/** Units whose own proration went back, beside further changes of the same subscription. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { productOf } from '../../kit/product.ts';
import { covers, dated, paid, sold, tie, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';
import { after, announced } from './covering.ts';

const S = 'subscription:S';
const codes = productOf({ id: 'pro', term: 'P1M', grace: 'P7D' });
const seats = productOf({ id: 'pro', term: 'P1M', grace: 'P7D', quantity: 'seats', seats: 5 });

/** One event each: the sale of one unit, edits with their prorations, and returns. */
const SALE = [
  told('2027-01-01', 'order-id:1', tie('order:A')),
  told('2027-01-01', 'order:A', sold('pro', { price: 10, subscription: 'S' })),
  told('2027-01-01', S, dated('2027-02-01')),
];
const edit = (day: string, quantity: number) =>
  told(day, S, { kind: 'announced', product: 'pro', line: 'pro', quantity });

function proration(day: string, number: number, quantity: number, total = 20): readonly Fact[] {
  const charge = `order-id:${number}` as const;
  const more = {
    charge,
    total,
    currency: 'EUR',
    part: 'proration',
    covers: covers('pro', quantity),
  } as const;
  const fact = told(day, S, paid('2027-02-01', more), `paid ${number}`);
  return [told(day, charge, tie(S), `tie ${number}`), { ...fact, at: fact.at + 1000 }];
}
const change = (day: string, number: number, quantity: number, total = 20) => [
  edit(day, quantity),
  ...proration(day, number, quantity, total),
];
const back = (day: string, number: number) => [told(day, `order-id:${number}`, { kind: 'refunded' })];

/** The sale was asked for; then the events come. */
function play(events: readonly (readonly Fact[])[], product = codes): World {
  const world = new World([product], at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell(SALE);
  world.now = at('2027-01-20');
  for (const event of events) world.tell(event);
  return world;
}

function permuted<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length < 2) return [list];
  return list.flatMap((one, place) => permuted(list.toSpliced(place, 1)).map((rest) => [one, ...rest]));
}

const live = (world: World) => world.licenses.filter((text) => text.includes(' active ')).length;
const flags = (world: World) => world.flags.filter((flag) => flag.startsWith('partial-refund'));

const THREE = change('2027-01-05', 2, 3);
const FOUR = change('2027-01-07', 3, 4);
const BACK = back('2027-01-06', 2);

test('a further change pays for its own units alone while the proration before it is returned, in every order of arrival', (t) => {
  t.is(live(play([THREE, FOUR])), 4, 'the control');
  for (const events of permuted([THREE, BACK, FOUR])) t.is(live(play(events)), 2);
  t.is(live(play([THREE, FOUR, back('2027-01-08', 2)])), 2, 'returned after the further change');
  t.is(live(play([THREE, FOUR, back('2027-01-08', 3)])), 3, 'the further change is returned');
  t.is(live(play([THREE, BACK, FOUR, back('2027-01-08', 3)])), 1);
  t.is(live(play([THREE, BACK, FOUR, change('2027-01-08', 4, 6)])), 4);
});

test('units that are charged again are paid, and an edit to fewer units takes the unpaid ones first', (t) => {
  const fewer = change('2027-01-07', 3, 2, 0);
  t.is(live(play([THREE, BACK, fewer])), 1);
  t.is(live(play([THREE, BACK, fewer, change('2027-01-08', 4, 4)])), 3);
  t.is(live(play([THREE, BACK, change('2027-01-07', 3, 1, 0), change('2027-01-08', 4, 4)])), 4);
  const again = proration('2027-01-07', 3, 3);
  t.is(live(play([THREE, BACK, again])), 3, 'without an edit of its own');
  t.is(live(play([THREE, BACK, again, back('2027-01-08', 3)])), 1);
  const twice = proration('2027-01-07', 3, 4).map((fact) => ({ ...fact, key: `${fact.key} beside` }));
  t.is(live(play([THREE, BACK, FOUR, twice])), 2, 'one charge that is told twice');
});

test('the unpaid units are flagged until a charge of all units pays for them', (t) => {
  t.deepEqual(flags(play([THREE, BACK])), [], 'the subscription states no further units');
  const world = play([THREE, BACK, FOUR]);
  t.deepEqual(flags(world), [
    'partial-refund: The charge of a change of subscription S was returned: the units that it paid for count as unpaid until a further period is paid, though the subscription states them',
  ]);
  world.now = at('2027-02-01');
  const rebill = { charge: 'order-id:5', total: 40, currency: 'EUR', covers: covers('pro', 4) } as const;
  world.tell([
    told('2027-02-01', 'order-id:5', tie(S), 'tie 5'),
    told('2027-02-01', S, paid('2027-03-01', rebill), 'paid 5'),
  ]);
  t.is(live(world), 4);
  t.deepEqual(flags(world), []);
});

test('one code for all units has the seats of those that are paid for', (t) => {
  const seatsOf = (world: World) => world.records.map(({ code }) => JSON.parse(code).entitlement.seats);
  t.deepEqual(seatsOf(play([THREE, FOUR], seats)), [20], 'the control');
  t.deepEqual(seatsOf(play([THREE, BACK, FOUR], seats)), [10]);
});

test('an edit that no event told counts from the units that were told before', (t) => {
  t.is(live(play([proration('2027-01-05', 2, 3), BACK, proration('2027-01-07', 3, 4)])), 2);
});

test('a proration of 0 counts as its edit, also where it names the units before it', (t) => {
  const to = (total: number) =>
    after(
      paid('2027-02-01', { covers: covers('pro', 2) }),
      announced('pro', 1),
      paid('2027-02-01', { part: 'proration', total, covers: covers('pro', 3) }),
    );
  t.is(to(5), 'pro:pro*3');
  t.is(to(0), 'pro:pro*1');
});

test('a charge that is told by its id alone pays for returned units again from the day of the next charge on', (t) => {
  const paidOn = (day: string) => {
    const world = play([THREE, FOUR, BACK]);
    world.now = at(day);
    const charge = 'order-id:5';
    world.tell([
      told(day, charge, tie(S), 'tie 5'),
      told(day, S, paid(null, { charge, total: 40, currency: 'EUR' }), 'paid 5'),
    ]);
    return live(world);
  };
  t.is(live(play([THREE, FOUR, BACK])), 2, 'the control');
  t.is(paidOn('2027-02-01'), 4);
  t.is(paidOn('2027-01-22'), 2, 'within the period');
});
