/** Returns of charges whose own event did not come: they name the subscription and its order all the same. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { at, World } from '../../kit/world.ts';
import { day, factsOf, order, sold, subscription } from './reading.ts';

const PLAN = sold('plan', [], { term: 'P1M', grace: 'P14D' });
const tell = factsOf([PLAN]);
const item = { product: 'plan', quantity: 1, subtotal: 10, subscription: 's1' };

const told = (until: string, more: object = {}) =>
  subscription({
    ...{ id: 's1', subscription: 's1', product: 'plan', quantity: 1, initialOrderReference: 'R1' },
    ...{ nextChargeDate: day(until), next: day(until), ...more },
  });

const SALE = tell('order.completed', order([item], { total: 10 }), 'sale', day('2026-11-01'));
const BEGUN = tell('subscription.activated', told('2026-12-01'), 'begun', day('2026-11-01') + 1000);
const UPDATED = tell('subscription.updated', told('2027-01-01'), 'updated', day('2026-12-01'));
const CHARGE = tell(
  'subscription.charge.completed',
  {
    order: { id: 'o2', order: 'o2', reference: 'R2B', total: 10, currency: 'EUR', items: [item] },
    ...{ total: 10, currency: 'EUR', timestamp: day('2026-12-01'), subscription: told('2027-01-01') },
  },
  'charge',
  day('2026-12-01'),
);

function back(amount: number, id = 'o2', reference = 'R2B', more: object = {}): readonly Fact[] {
  const original = { id, order: id, reference, total: 10, currency: 'EUR', subscriptions: ['s1'] };
  const refundType = amount === 10 ? 'Full Refund' : 'Partial Refund';
  const items = [{ ...item, subtotal: amount, refundType }];
  const data = { return: `t-${id}`, totalReturn: amount, currency: 'EUR', type: 'RETURN', original, items };
  return tell('return.created', { ...data, ...more }, `back ${id}`, day('2026-12-02'));
}

function world(...events: readonly (readonly Fact[])[]): World {
  const made = new World([PLAN], at('2026-11-01'));
  for (const facts of [SALE, BEGUN]) made.tell(facts);
  made.wait('2026-12-02');
  for (const facts of events) made.tell(facts);
  return made;
}

/** The request of the rebill, as it is answered before the charge is told. */
const ASK: Fact = {
  ...{ marketplace: 'fastspring', mode: 'live', subject: 'subscription:s1', key: 'asked R2B' },
  ...{ at: at('2026-12-01'), cause: 'license request R2B' },
  body: { kind: 'asked', order: 'R2B', line: 'plan', product: 'plan', quantity: 1 },
};

const doubts = (made: World) => {
  made.wait('2026-12-03');
  return made.flags.filter((flag) => flag.startsWith('unclear') || flag.startsWith('partial-refund'));
};
const UNHEARD =
  'unclear: Order R2B of subscription s1: 10.00 EUR of 10.00 EUR was returned, and no event reports the charge, so see until when its licenses are paid';

test('a return of a charge that was only asked for takes the period that the request assumed, and is flagged', (t) => {
  for (const events of [
    [[ASK], back(10)],
    [back(10), [ASK]],
  ]) {
    const made = world(...events);
    t.deepEqual(made.licenses, ['R1/plan/plan/0 active 2026-12-15']);
    t.deepEqual(doubts(made), [UNHEARD]);
  }
  t.deepEqual(world([ASK]).licenses, ['R1/plan/plan/0 active 2027-01-15'], 'control: without the return');
});

test('a return of a charge that nothing tells but a date is flagged with its order, subscription and money', (t) => {
  for (const events of [
    [UPDATED, back(10)],
    [back(10), UPDATED],
  ])
    t.deepEqual(doubts(world(...events)), [UNHEARD]);
  t.deepEqual(doubts(world(UPDATED, back(4))), [UNHEARD.replace('10.00 EUR of', '4.00 EUR of')]);
});

test('the flag settles once the charge is told, and the end is the same in any order', (t) => {
  const late = world(UPDATED, back(10));
  t.is(doubts(late).length, 1);
  late.tell(CHARGE);
  t.deepEqual(doubts(late), []);
  const early = world(CHARGE, UPDATED, back(10));
  t.deepEqual(doubts(early), []);
  t.deepEqual(late.licenses, early.licenses);
  t.deepEqual(late.licenses, ['R1/plan/plan/0 active 2026-12-15']);
});

test('control: a return of the first order is no return of a further charge, before and after its sale', (t) => {
  const before = new World([PLAN], at('2026-12-02'));
  for (const facts of [back(10, 'o1', 'R1'), BEGUN, SALE]) before.tell(facts);
  const after = world(back(10, 'o1', 'R1'));
  t.deepEqual(after.licenses, ['R1/plan/plan/0 revoked 2026-12-15']);
  t.deepEqual(
    before.licenses.map((license) => license.slice(0, -10)),
    ['R1/plan/plan/0 revoked '],
  );
  t.deepEqual([...doubts(before), ...doubts(after)], []);
});

test('control: a return of a subscription that nothing else tells of concerns nothing', (t) => {
  const made = new World([PLAN], at('2026-12-02'));
  t.is(made.tell(back(10)), 'unmatched');
  t.deepEqual(doubts(made), []);
});
