/** Returns beside changes: a return takes what its charge gave, and no more. */
import test from 'ava';
import type { Fact, FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { Product } from '../../../src/domain/values/product.ts';
import { productOf } from '../../kit/product.ts';
import { charged, covers, dated, paid, sold, tie, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';

const S = 'subscription:S';
const monthly = productOf({ id: 'pro', term: 'P1M', grace: 'P7D' });
const fallback = productOf({ id: 'pro', term: 'P1M', grace: 'P7D', updates: 'P1M', ended: 'fallback' });
const basic = productOf({ id: 'basic', term: 'P1M', grace: 'P7D' });
const forever = productOf({ id: 'pro', term: 'perpetual', updates: 'P1M' });

/** Two units, sold for January. */
function sale(product: Product = monthly, quantity = 2): World {
  const world = new World([product, basic], at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity });
  world.tell([
    told('2027-01-01', 'order-id:1', tie('order:A')),
    told('2027-01-01', 'order:A', sold('pro', { quantity, price: 10 * quantity, subscription: 'S' })),
    told('2027-01-01', 'order:A', charged(10 * quantity)),
    told('2027-01-01', S, dated('2027-02-01')),
  ]);
  return world;
}

function go(world: World, day: string, ...facts: readonly Fact[]): World {
  world.now = at(day);
  world.tell(facts);
  return world;
}

type Paid = Extract<FactBody, { kind: 'paid' }>;

function charge(world: World, day: string, number: number, until: string | null, more: Partial<Paid>): World {
  const name = `order-id:${number}` as const;
  return go(
    world,
    day,
    told(day, name, tie(S), `tie ${number}`),
    told(day, S, paid(until, { charge: name, total: 20, currency: 'EUR', ...more }), `paid ${number}`),
  );
}

const refund = (world: World, day: string, number: number) =>
  go(world, day, told(day, `order-id:${number}`, { kind: 'refunded' }));

const announce = (world: World, day: string, line: string, quantity: number) =>
  go(world, day, told(day, S, { kind: 'announced', product: line, line, quantity }));

const renew = (world: World, day: string) => {
  const [license] = world.records;
  if (license === undefined) throw new TypeError('no license');
  return go(world, day, told(day, licenseSubject(license.id), { kind: 'set-until', until: '2027-06-30' }));
};

/** February is paid for two units, and a proration for a third one. */
function prorated(): World {
  const world = sale();
  charge(world, '2027-02-01', 2, '2027-03-01', { covers: covers('pro', 2) });
  announce(world, '2027-02-09', 'pro', 3);
  return charge(world, '2027-02-10', 3, '2027-03-01', { part: 'proration', covers: covers('pro', 3) });
}

test('a refund of a period with a proration takes the period’s own units; the proration’s unit stays', (t) => {
  const world = refund(prorated(), '2027-02-15', 2);
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 active 2027-02-08',
    'A/pro/pro/1 active 2027-02-08',
    'subscription:S/pro/pro/0 active 2027-03-08',
  ]);
  refund(world, '2027-02-16', 3);
  t.deepEqual(world.licenses.at(-1), 'subscription:S/pro/pro/0 revoked 2027-03-08');
});

test('a refund of the proration takes what it bought; the period stays', (t) => {
  t.deepEqual(refund(prorated(), '2027-02-15', 3).licenses, [
    'A/pro/pro/0 active 2027-03-08',
    'A/pro/pro/1 active 2027-03-08',
    'subscription:S/pro/pro/0 revoked 2027-03-08',
  ]);
});

test('a refund of an add-on’s charge leaves the plan’s days to the charge that the seller put off', (t) => {
  const world = go(sale(), '2027-01-10', told('2027-01-10', S, dated('2027-02-20'), 'put off'));
  const own = { line: 'pro', product: 'pro', quantity: 2 };
  charge(world, '2027-01-10', 2, '2027-02-20', { part: 'proration', covers: covers('basic'), own });
  const plan = ['A/pro/pro/0 active 2027-02-27', 'A/pro/pro/1 active 2027-02-27'];
  t.deepEqual(world.licenses, [...plan, 'subscription:S/basic/basic/0 active 2027-02-27'], 'the control');
  t.deepEqual(refund(world, '2027-01-12', 2).licenses.slice(0, 2), plan);
  t.regex(world.licenses.at(-1) ?? '', /revoked/);
});

test('the refund of a change to a yearly plan leaves a unit that is added after it paid to its year', (t) => {
  const world = sale(monthly, 1);
  const change = (day: string, number: number, quantity: number) => {
    const own = { line: 'yearly', product: 'pro', quantity };
    go(world, day, told(day, S, { kind: 'announced', ...own }), told(day, S, dated('2028-01-10')));
    return charge(world, day, number, '2028-01-10', { part: 'proration', covers: [own], own });
  };
  t.deepEqual(change('2027-01-10', 2, 1).licenses, ['A/pro/pro/0 active 2028-01-17'], 'the control');
  refund(world, '2027-01-11', 2);
  t.deepEqual(change('2027-01-12', 3, 2).licenses, [
    'A/pro/pro/0 active 2027-02-08',
    'subscription:S/yearly/pro/0 active 2028-01-17',
  ]);
});

/** A plan is sold for January, then changed at no cost; `before`: what comes between. */
function changedFree(...before: readonly ((world: World) => World)[]): World {
  const world = sale(monthly, 1);
  for (const step of before) step(world);
  announce(world, '2027-01-12', 'basic', 1);
  return charge(world, '2027-01-12', 3, '2027-02-01', {
    part: 'proration',
    total: 0,
    covers: covers('basic'),
  });
}

test('a change that costs nothing is paid by the charges of its period: it goes with the last of them', (t) => {
  const of = (product: string, { licenses }: World) =>
    licenses.filter((text) => text.includes(`/${product}/`));
  const live = ['subscription:S/basic/basic/0 active 2027-02-08'];
  const gone = /^subscription:S\/basic\/basic\/0 revoked/;
  t.deepEqual(of('basic', changedFree()), live, 'the control');
  t.regex(of('basic', refund(changedFree(), '2027-01-15', 1)).join(), gone);
  t.notRegex(changedFree((world) => refund(world, '2027-01-10', 1)).licenses.join(), /active/);
  // Its license was asked for before its charge was told.
  const request = (world: World) => {
    const linked = { kind: 'linked', subscription: 'S', product: 'basic', line: 'basic' } as const;
    const asked = { kind: 'asked', order: 'C', product: 'basic', line: 'basic', quantity: 1 } as const;
    const facts = [told('2027-01-12', 'order:C', linked), told('2027-01-12', S, asked)];
    world.now = at('2027-01-12');
    world.ask({ order: 'C', product: 'basic', line: 'basic' }, { subscription: 'S', facts });
    return go(world, '2027-01-12', told('2027-01-12', 'order-id:3', tie('order:C'), 'tie C'));
  };
  t.deepEqual(of('basic', changedFree(request)), live);
  t.regex(of('basic', refund(changedFree(request), '2027-01-15', 1)).join(), gone);
  // A unit was paid for within the period.
  const more = (world: World) => {
    announce(world, '2027-01-05', 'pro', 2);
    return charge(world, '2027-01-05', 2, '2027-02-01', { part: 'proration', covers: covers('pro', 2) });
  };
  const half = refund(changedFree(more), '2027-01-15', 1);
  t.deepEqual(of('basic', half), live);
  t.regex(of('basic', refund(half, '2027-01-16', 2)).join(), gone);
  // The next charge pays for the plan.
  const next = refund(changedFree(), '2027-01-15', 1);
  charge(next, '2027-02-01', 4, '2027-03-01', { covers: covers('basic') });
  t.deepEqual(of('basic', next), ['subscription:S/basic/basic/0 active 2027-03-08']);
  const later = charge(changedFree(), '2027-02-01', 4, '2027-03-01', { covers: covers('basic') });
  t.deepEqual(of('basic', refund(later, '2027-02-15', 4)), live);
});

test('a change that costs nothing stays with a period that a request alone told, if an earlier one is refunded', (t) => {
  const world = sale(monthly, 1);
  const asked = { kind: 'asked', order: 'R', product: 'pro', line: 'pro', quantity: 1 } as const;
  const linked = { kind: 'linked', subscription: 'S', product: 'pro', line: 'pro' } as const;
  world.now = at('2027-02-01');
  const facts = [told('2027-02-01', 'order:R', linked), told('2027-02-01', S, asked)];
  world.ask({ order: 'R', product: 'pro', line: 'pro' }, { subscription: 'S', facts });
  announce(world, '2027-02-05', 'basic', 1);
  charge(world, '2027-02-05', 3, '2027-03-01', { part: 'proration', total: 0, covers: covers('basic') });
  t.regex(refund(world, '2027-02-06', 1).licenses.join(), /basic\/0 active 2027-03-08/);
});

test('a change that costs nothing stays with a period that a date alone told, if an earlier one is refunded', (t) => {
  const world = go(sale(monthly, 1), '2027-02-01', told('2027-02-01', S, dated('2027-03-01')));
  announce(world, '2027-02-05', 'basic', 1);
  charge(world, '2027-02-05', 3, '2027-03-01', { part: 'proration', total: 0, covers: covers('basic') });
  t.regex(refund(world, '2027-02-06', 1).licenses.join(), /basic\/0 active 2027-03-08/);
});

test('a refund of a later period takes all units back to the time paid before', (t) => {
  const world = charge(prorated(), '2027-03-01', 4, '2027-04-01', { covers: covers('pro', 3) });
  t.true(world.licenses.every((text) => text.endsWith('active 2027-04-08')));
  t.true(refund(world, '2027-03-05', 4).licenses.every((text) => text.endsWith('active 2027-03-08')));
});

test('a refund of a rebill that names an edit takes the period and the edit', (t) => {
  const more = announce(sale(), '2027-01-20', 'pro', 3);
  charge(more, '2027-02-01', 2, '2027-03-01', { covers: covers('pro', 3) });
  t.deepEqual(refund(more, '2027-02-15', 2).licenses, [
    'A/pro/pro/0 active 2027-02-08',
    'A/pro/pro/1 active 2027-02-08',
    'subscription:S/pro/pro/0 revoked 2027-03-08',
  ]);
  const other = announce(sale(), '2027-01-20', 'basic', 1);
  charge(other, '2027-02-01', 2, '2027-03-01', { covers: covers('basic', 1) });
  t.regex(other.licenses[0] ?? '', /ended/, 'the control');
  t.deepEqual(refund(other, '2027-02-15', 2).licenses, [
    'A/pro/pro/0 active 2027-02-08',
    'A/pro/pro/1 active 2027-02-08',
    'subscription:S/basic/basic/0 revoked 2027-03-08',
  ]);
});

test('a refund of a fallback plan’s newest period leaves the versions before it; a refund of all periods revokes', (t) => {
  const world = charge(sale(fallback, 1), '2027-02-01', 2, '2027-03-01', { covers: covers('pro', 1) });
  t.deepEqual(refund(world, '2027-02-15', 2).licenses, ['A/pro/pro/0 ended perpetual updates 2027-02-01']);
  t.regex(refund(world, '2027-02-16', 1).licenses.join(), /revoked/);
});

test('a change away from a fallback plan leaves a perpetual license, unless its charges are returned', (t) => {
  const world = sale(fallback, 1);
  go(
    world,
    '2027-01-20',
    told('2027-01-20', S, { kind: 'resized', product: 'basic', line: 'basic', quantity: 1 }),
  );
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 ended perpetual updates 2027-02-01',
    'subscription:S//basic/0 active 2027-02-08',
  ]);
  t.regex(refund(world, '2027-01-21', 1).licenses[0] ?? '', /revoked/);
});

test('the refund of a perpetual sale revokes, even with paid maintenance; the refund of maintenance never does', (t) => {
  const paidOn = () => charge(sale(forever, 1), '2027-02-01', 2, '2027-03-01', { covers: covers('pro', 1) });
  t.deepEqual(paidOn().licenses, ['A/pro/pro/0 active perpetual updates 2027-03-15']);
  t.deepEqual(refund(paidOn(), '2027-02-15', 2).licenses, [
    'A/pro/pro/0 active perpetual updates 2027-02-15',
  ]);
  t.regex(refund(paidOn(), '2027-02-15', 1).licenses.join(), /revoked/);
});

test('fault 33: a dispute of maintenance holds back its updates until it is won, lost or paid; one of the sale suspends', (t) => {
  const from = (order: Subject, ...kinds: readonly ('charged-back' | 'dispute-won' | 'dispute-lost')[]) => {
    const world = charge(sale(forever, 1), '2027-02-01', 2, '2027-03-01', { covers: covers('pro', 1) });
    for (const [place, kind] of kinds.entries())
      go(world, `2027-02-1${place}`, told(`2027-02-1${place}`, order, { kind }));
    return world;
  };
  const [paid, back] = ['2027-03-15', '2027-02-15'].map((day) => [
    `A/pro/pro/0 active perpetual updates ${day}`,
  ]);
  t.deepEqual(from('order-id:2', 'charged-back').licenses, back);
  t.deepEqual(from('order-id:2', 'charged-back', 'dispute-won').licenses, paid);
  t.deepEqual(from('order-id:2', 'charged-back', 'dispute-lost').licenses, back);
  const next = charge(from('order-id:2', 'charged-back'), '2027-03-01', 3, '2027-04-01', {
    covers: covers('pro', 1),
  });
  t.deepEqual(next.licenses, ['A/pro/pro/0 active perpetual updates 2027-04-15']);
  t.regex(from('order:A', 'charged-back').licenses.join(), /suspended/);
  t.regex(from('order:A', 'charged-back', 'dispute-lost').licenses.join(), /revoked/);
});

test('days set by an operator survive a refund, reported before or after; a refund of all charges revokes', (t) => {
  const world = () => charge(sale(monthly, 1), '2027-02-01', 2, '2027-03-01', { covers: covers('pro', 1) });
  const [before, after] = [world(), world()];
  refund(renew(before, '2027-02-10'), '2027-02-11', 2);
  renew(refund(after, '2027-02-10', 2), '2027-02-11');
  for (const each of [before, after]) {
    t.deepEqual(each.licenses, ['A/pro/pro/0 active 2027-06-30']);
    t.regex(refund(each, '2027-02-12', 1).licenses.join(), /revoked/);
  }
});

test('a managed charge before the period’s end pays a term from its own day, and its refund restores the earlier day', (t) => {
  const world = new World([monthly], at('2027-01-01'));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([
    told('2027-01-01', 'order-id:1', tie('order:A')),
    told('2027-01-01', 'order:A', sold('pro', { price: 10, subscription: 'S' })),
    told('2027-01-01', 'order:A', charged(10)),
  ]);
  charge(world, '2027-01-20', 2, null, { covers: covers('pro', 1) });
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2027-02-27']);
  t.deepEqual(refund(world, '2027-01-21', 2).licenses, ['A/pro/pro/0 active 2027-02-08']);
});
