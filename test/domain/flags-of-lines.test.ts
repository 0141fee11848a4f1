/** Flags about lines: what was handed to nobody, what no file names, and codes that differ from what was sold. */
import test from 'ava';
import type { Fact } from '../../src/domain/fact.ts';
import { licenseSubject } from '../../src/domain/license-subject.ts';
import { sold, tie, told } from './telling.ts';
import { after, BEGUN, begin, PRODUCTS, rebill, subscribed } from './watched.ts';
import { at } from './world.ts';

test('fault 28: a license that an event brought about is flagged after an hour, once a line, until it is handed out', (t) => {
  const world = begin();
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { quantity: 2 }))), []);
  t.deepEqual(
    world.records.map(({ due }) => due),
    [at(BEGUN, 13), at(BEGUN, 13)],
  );
  world.wait('2027-01-02');
  t.deepEqual(world.flags, ['undelivered: 2 licenses of app in order A were handed to nobody']);
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  t.deepEqual(world.flags, []);
});

test('what was handed to nobody is not flagged once it is revoked or ended', (t) => {
  const world = begin();
  after(world, BEGUN, told(BEGUN, 'order:A', sold('app')));
  world.wait('2027-01-02');
  t.deepEqual(after(world, '2027-01-03', told('2027-01-03', 'order:A', { kind: 'refunded' })), []);
});

test('fault 28: a path that no file names makes one flag, not one an order', (t) => {
  const world = begin();
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', { ...sold(null), line: 'edu' }),
    told(BEGUN, 'order:B', { ...sold(null), line: 'edu' }),
  );
  t.deepEqual(world.flagKinds, ['unknown-product']);
  t.deepEqual(
    world.story.owed.map(({ order, missing, product }) => [order, missing, product]),
    [
      ['A', 1, null],
      ['B', 1, null],
    ],
  );
  t.is(world.story.flags[0]?.product, 'edu');
});

test('fault 20: codes that differ from what was sold, in units or features, are flagged', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(world, BEGUN, told(BEGUN, 'order:A', sold('app', { quantity: 2, features: ['sync'] }))), [
    'differs: Order A, app: 1 units were answered and 2 sold; the features that were answered are not those that were sold',
  ]);
  const fits = begin();
  fits.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(fits, BEGUN, told(BEGUN, 'order:A', sold('app', { features: ['sync', 'export'] }))), []);
  const seats = begin();
  seats.ask({ order: 'A', product: 'team', line: 'team', quantity: 2 });
  t.is(after(seats, BEGUN, told(BEGUN, 'order:A', sold('team', { quantity: 3 }))).length, 1);
});

test('fault 22: an order with licenses of its own that turns out to be a charge is flagged, and nothing is revoked', (t) => {
  const world = subscribed();
  world.ask({ order: 'B', product: 'pro', line: 'pro' });
  t.true(
    after(
      world,
      '2027-02-01',
      ...rebill('2027-02-01', '2027-03-01', '2'),
      told('2027-02-01', 'order-id:2', tie('order:B'), 'names of B'),
    ).includes(
      'surplus: Order B is a charge of subscription S and got licenses of its own: nothing was revoked',
    ),
  );
  t.true(world.records.every(({ state }) => state === 'active'));
  const other = subscribed();
  other.ask({ order: 'B', product: 'app', line: 'app' });
  after(
    other,
    '2027-02-01',
    ...rebill('2027-02-01', '2027-03-01', '2'),
    told('2027-02-01', 'order-id:2', tie('order:B'), 'names of B'),
  );
  t.false(other.flagKinds.includes('surplus'), 'another product is no second license');
});

test('Separate Multibuy: more units than were paid for are flagged until as many codes are stored, and then one is revoked', (t) => {
  const world = begin({ marketplace: 'paddle-classic', mode: 'live' });
  const order = {
    marketplace: 'paddle-classic',
    mode: 'live',
    order: 'A',
    product: 'many',
    line: '',
    quantity: 1,
    soldAt: at(BEGUN),
    customer: { name: undefined, email: undefined },
  } as const;
  for (const units of [0, 1, 2])
    world.issue({ order, product: PRODUCTS[3]!, units, facts: [], at: at(BEGUN), cause: 'a test' });
  const mine = (fact: Fact): Fact => ({ ...fact, marketplace: 'paddle-classic' });
  const idOf = (place: number) => licenseSubject(world.records[place]!.id).slice('license:'.length);
  const stored = (day: string, ...licenses: string[]) =>
    mine(told(day, 'order:A', { kind: 'stored', licenses }));
  const reason = 'surplus: 3 units of many in order A are out and 2 were paid for';
  t.deepEqual(
    after(
      world,
      BEGUN,
      mine(told(BEGUN, 'order:A', { kind: 'confirmed', quantity: 2, line: '47', product: 'many' })),
    ),
    [reason],
  );
  t.deepEqual(
    after(world, BEGUN, stored('2027-01-02', idOf(0)), stored('2027-01-03', idOf(0))),
    [reason],
    'the same code twice is one',
  );
  t.true(world.records.every(({ state }) => state === 'active'));
  t.deepEqual(after(world, BEGUN, stored('2027-01-04', idOf(2))), []);
  t.deepEqual(
    world.records.map(({ state }) => state),
    ['active', 'revoked', 'active'],
  );
});
