/** Lost events whose content a later event states too. */
import test from 'ava';
import type { FactBody } from '../../src/domain/facts/fact.ts';
import { productOf } from '../kit/product.ts';
import { covers, dated, paid, sold, tie, told } from '../kit/telling.ts';
import { at, World } from '../kit/world.ts';

const S = 'subscription:S';
const monthly = productOf({ id: 'pro', term: 'P1M', grace: 'P7D' });

/** Sold for January; the charge of February is overdue. */
function overdue(): World {
  const world = new World([monthly], at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([
    told('2027-01-01', 'order:A', sold('pro', { subscription: 'S' })),
    told('2027-01-01', S, dated('2027-02-01')),
  ]);
  world.now = at('2027-02-02');
  world.tell([told('2027-02-02', S, { kind: 'overdue' })]);
  return world;
}

function after(body: FactBody): readonly string[] {
  const world = overdue();
  world.now = at('2027-02-04');
  world.tell([told('2027-02-04', S, body)]);
  return world.licenses;
}

test('active with a new next charge date lifts overdue, even if the charge event was lost', (t) => {
  t.deepEqual(after(dated('2027-03-01', { active: true })), ['A/pro/pro/0 active 2027-03-08']);
});

test('control: the old date, a date without the state, or an earlier state does not', (t) => {
  t.deepEqual(after(dated('2027-02-01', { active: true })), ['A/pro/pro/0 suspended 2027-02-08']);
  t.regex(after(dated('2027-03-01')).join(), /suspended/);
  const world = overdue();
  world.tell([told('2027-02-01', S, dated('2027-03-01', { active: true }))]);
  t.regex(world.licenses.join(), /suspended/);
});

/** Two units, and an edit to five. */
function edited(): World {
  const world = new World([monthly], at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity: 2 });
  world.tell([
    told('2027-01-01', 'order:A', sold('pro', { quantity: 2, subscription: 'S' })),
    told('2027-01-01', S, dated('2027-02-01')),
    told('2027-01-10', S, { kind: 'announced', product: 'pro', line: 'pro', quantity: 5 }),
  ]);
  return world;
}

function charge(world: World, part: 'proration' | 'rebill', quantity: number): void {
  world.now = at('2027-01-11');
  world.tell([
    told('2027-01-11', 'order-id:2', tie(S)),
    told(
      '2027-01-11',
      S,
      paid('2027-02-01', { charge: 'order-id:2', part, covers: covers('pro', quantity) }),
    ),
  ]);
}

test('a proration that names its charged units confirms the change without a flag', (t) => {
  for (const quantity of [3, 5]) {
    const world = edited();
    charge(world, 'proration', quantity);
    t.is(world.licenses.filter((text) => text.includes('active')).length, 5, `names ${quantity}`);
    t.false(world.flagKinds.includes('unconfirmed-change'), `names ${quantity}`);
  }
});

test('control: a rebill that names other units, and a proration of another line, leave the change unconfirmed', (t) => {
  const world = edited();
  charge(world, 'rebill', 3);
  t.true(world.flagKinds.includes('unconfirmed-change'));
  const other = edited();
  other.now = at('2027-01-11');
  other.tell([
    told(
      '2027-01-11',
      S,
      paid('2027-02-01', { part: 'proration', covers: [{ line: 'extra', product: null, quantity: 3 }] }),
    ),
  ]);
  // The next charge may still name it.
  t.false(other.flagKinds.includes('unconfirmed-change'));
  other.wait('2027-02-05');
  t.true(other.flagKinds.includes('unconfirmed-change'));
});

test('once a path is mapped to a product, the flag of the subscription that changed to it settles by itself', (t) => {
  const ultra = productOf({ id: 'ultra', term: 'P1M', grace: 'P7D' });
  const world = new World([monthly, ultra], at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([
    told('2027-01-01', 'order:A', sold('pro', { subscription: 'S' })),
    told('2027-01-10', S, { kind: 'resized', product: null, line: 'ultra-1', quantity: 1 }),
  ]);
  t.deepEqual(world.flagKinds, ['unmapped']);
  world.now = at('2027-01-11');
  world.decide(told('2027-01-11', S, { kind: 'mapped', line: 'ultra-1', product: 'ultra' }));
  t.false(world.flagKinds.includes('unmapped'));
  t.deepEqual(
    world.records.map(({ product, state }) => [product, state]),
    [
      ['pro', 'ended'],
      ['ultra', 'active'],
    ],
  );
});

test('a product mapped to a path of an order applies to the charges of its subscription', (t) => {
  const world = new World([monthly], at('2027-01-01'));
  world.tell([
    told('2027-01-01', 'order:A', sold(null, { line: 'pro-x', subscription: 'S' })),
    told('2027-01-01', S, dated('2027-02-01')),
    told('2027-02-01', 'order-id:2', tie(S)),
    told(
      '2027-02-01',
      S,
      paid('2027-03-01', { charge: 'order-id:2', covers: [{ line: 'pro-x', product: null, quantity: 1 }] }),
    ),
  ]);
  t.true(world.flagKinds.includes('unmapped'), 'the control');
  world.now = at('2027-02-02');
  world.decide(told('2027-02-02', 'order:A', { kind: 'mapped', line: 'pro-x', product: 'pro' }));
  t.false(world.flagKinds.includes('unmapped'));
  t.deepEqual(
    world.records.map(({ order, state }) => [order, state]),
    [['A', 'active']],
  );
});
