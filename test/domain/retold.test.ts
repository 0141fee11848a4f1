/** One sale reported under another name, another product file, or only by a charge: no second license, and a flag. */
import test from 'ava';
import { productOf } from '../kit/product.ts';
import { covers, paid, sold, tie, told } from '../kit/telling.ts';
import { at, World } from '../kit/world.ts';

const DAY = '2027-01-01';
const S = 'subscription:S';
const app = productOf({ id: 'app', term: 'perpetual' });
const pro = productOf({ id: 'pro', term: 'P1Y', grace: 'P14D' });

test('fault 18: a request by reference and a request by internal id of one order get the same license', (t) => {
  const world = new World([app], at(DAY));
  const first = world.ask({ order: 'I-1', product: 'app', line: 'app' });
  world.tell([told(DAY, 'order-id:I-1', tie('order:R')), told(DAY, 'order-id:I-1', sold('app'))]);
  const second = world.ask({ order: 'R', product: 'app', line: 'app' });
  t.is(world.records.length, 1);
  t.true('held' in first && 'held' in second && second.outcome === 'repeated');
  t.deepEqual(
    'held' in second && second.held.licenses.map(({ code }) => code),
    'held' in first && first.held.licenses.map(({ code }) => code),
  );
  t.is(world.ask({ order: 'R', product: 'app', line: 'app', quantity: 2 }).outcome, 'conflict');
});

test('control: a request for another order gets its own license', (t) => {
  const world = new World([app], at(DAY));
  world.ask({ order: 'I-1', product: 'app', line: 'app' });
  world.tell([told(DAY, 'order-id:I-1', sold('app'))]);
  t.is(world.ask({ order: 'R', product: 'app', line: 'app' }).outcome, 'issued');
  t.is(world.records.length, 2);
});

test('a sale repeated after another file lists its path issues no second license', (t) => {
  const other = productOf({ id: 'aaa', term: 'perpetual' });
  const world = new World([app], at(DAY));
  world.ask({ order: 'A', product: 'app', line: 'app' });
  world.tell([told(DAY, 'order:A', sold('app'), 'sold')]);
  world.change(other);
  world.tell([told(DAY, 'order:A', sold('aaa', { line: 'app' }), 'sold')]);
  world.tell([told('2027-01-02', 'order:A', sold('aaa', { line: 'app' }), 'sold by another message')]);
  t.deepEqual([...new Set(world.records.map(({ product }) => product))], ['app']);
});

test('fault 28: a paid charge of an unknown subscription is flagged by its path and delivered later', (t) => {
  const world = new World([pro], at(DAY));
  const what = [{ line: 'lumen', product: null, quantity: 2 }];
  const charge = paid('2028-01-01', { charge: 'order-id:2', covers: what });
  world.tell([told(DAY, 'order-id:2', tie(S)), told(DAY, S, charge)]);
  t.deepEqual(world.flagKinds, ['unknown-product']);
  t.like(world.found.owed[0], { order: S, line: 'lumen', product: null, missing: 2 });
  world.decide(told('2027-01-02', S, { kind: 'mapped', line: 'lumen', product: 'pro' }));
  t.deepEqual(world.licenses, [
    'subscription:S/lumen/pro/0 active 2028-01-15',
    'subscription:S/lumen/pro/1 active 2028-01-15',
  ]);
  t.is(world.found.owed[0]?.missing, 0);
});

test('fault 28: the same holds for Paddle, where a payment repeats the plan', (t) => {
  const world = new World([pro], at(DAY), { marketplace: 'paddle-classic', mode: 'live' });
  const own = { marketplace: 'paddle-classic' } as const;
  const resized = { kind: 'resized', product: null, quantity: 1, line: '9999' } as const;
  world.tell([
    { ...told(DAY, 'order:9-1', tie(S)), ...own },
    { ...told(DAY, S, paid('2028-01-01', { charge: 'order:9-1' })), ...own },
    { ...told(DAY, S, resized), ...own },
  ]);
  t.deepEqual(world.flagKinds, ['unknown-product']);
  world.decide({ ...told('2027-01-02', S, { kind: 'mapped', line: '9999', product: 'pro' }), ...own });
  t.deepEqual(world.licenses, ['subscription:S//pro/0 active 2028-01-15']);
});

test('control: an unpaid change, or a charge of a product with a file, raises no such flag', (t) => {
  const world = new World([pro], at(DAY));
  world.tell([told(DAY, S, { kind: 'announced', product: null, quantity: 1, line: 'lumen' })]);
  world.tell([told(DAY, 'subscription:T', paid('2028-01-01', { covers: covers('pro') }))]);
  t.deepEqual(world.flagKinds, []);
});

test('fault 38: units added to a subscription get the terms of its sale, also after the file is edited', (t) => {
  for (const [before, after] of [
    ['codes', 'seats'],
    ['seats', 'codes'],
  ] as const) {
    const world = new World([{ ...pro, quantity: before }], at(DAY));
    world.ask({ order: 'A', product: 'pro', line: 'pro', quantity: 3 });
    world.tell([told(DAY, 'order:A', sold('pro', { quantity: 3, subscription: 'S' }))]);
    world.change({ ...pro, quantity: after });
    const charge = paid('2028-01-01', { charge: 'order-id:2', covers: covers('pro', 4) });
    world.tell([told('2027-01-02', 'order-id:2', tie(S)), told('2027-01-02', S, charge)]);
    t.is(world.records.length, before === 'codes' ? 4 : 1, before);
    t.is(new Set(world.records.map(({ terms }) => terms)).size, 1, before);
  }
});
