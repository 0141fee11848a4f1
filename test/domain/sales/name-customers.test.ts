/** Who becomes the customer of licenses, and who is kept beside. */
import test from 'ava';
import type { LedgerLicense } from '../../../src/domain/changes.ts';
import { decideEvent } from '../../../src/domain/decide.ts';
import { Draft } from '../../../src/domain/draft.ts';
import type { Fact, FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import { nameCustomers } from '../../../src/domain/sales/name-customers.ts';
import type { Customer } from '../../../src/domain/values/order.ts';
import { readView } from '../../../src/domain/view.ts';
import { productOf } from '../../kit/product.ts';
import { covers, paid, sold, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';

const ADA: Customer = { name: 'Ada', email: 'ada@example.com' };
const BOB: Customer = { name: 'Bob', email: 'bob@example.com' };
const NOBODY: Customer = { name: undefined, email: undefined };

/** An order of two units whose licenses have these customers. */
function named(people: readonly Customer[], ...held: readonly Pick<LedgerLicense, 'customer' | 'holder'>[]) {
  const world = new World([productOf({ id: 'app' })], at('2027-01-01'));
  if (held.length > 0) world.ask({ order: 'A', product: 'app', quantity: held.length, customer: NOBODY });
  const { found } = world;
  const licenses = found.licenses.map((license, place) => ({ ...license, ...held[place] }));
  const draft = new Draft({ ...found, licenses });
  const told = people.map((customer) => ({ subject: 'order:A' as const, customer }));
  const others = nameCustomers(draft, told, readView([], draft.licenses));
  return { others, named: draft.changes.touches.map(({ customer }) => customer) };
}

const unknown = { customer: null, holder: undefined };

test('all units of an order get the first stated customer, as one person', (t) => {
  const { named: names, others } = named([ADA, BOB], unknown, unknown);
  t.deepEqual(names, [ADA, ADA]);
  t.is(names[0], names[1], 'one row');
  t.deepEqual(others, [{ order: 'A', customers: [BOB] }]);
});

test('units added later get the known customer, also an erased one', (t) => {
  for (const holder of [ADA, undefined]) {
    t.deepEqual(named([ADA], { customer: 7, holder }, unknown).named, [7]);
  }
});

test('the customer in another spelling is the same person', (t) => {
  const known = { customer: 7, holder: ADA };
  t.deepEqual(named([{ ...ADA, email: ' ADA@example.com' }], known), { others: [], named: [] });
  t.deepEqual(named([BOB], known).others, [{ order: 'A', customers: [BOB] }], 'the control');
});

test('an empty customer is none, and an order without licenses has no customer', (t) => {
  t.deepEqual(named([NOBODY], unknown), { others: [], named: [] });
  t.deepEqual(named([ADA]), { others: [], named: [] });
});

test('a name or an address is enough for a customer, and only an address is kept beside', (t) => {
  for (const customer of [
    { name: 'Ada', email: undefined },
    { name: undefined, email: 'ada@example.com' },
  ])
    t.deepEqual(named([customer], unknown).named, [customer]);
  t.deepEqual(named([ADA, { name: 'Eve', email: undefined }], unknown).others, []);
  t.deepEqual(named([ADA, BOB]), { others: [], named: [] }, 'an order without licenses');
});

const S = 'subscription:S';
const PRO = productOf({ id: 'pro', term: 'P1M', grace: 'P3D' });
/** A subscription known from its first paid charge, and an order beside it. */
function imported(): World {
  const world = new World([PRO], at('2027-01-01'));
  world.tell([
    told('2027-01-01', S, paid('2027-02-01', { covers: covers('pro') })),
    told('2027-01-01', 'subscription:T', paid('2027-02-01', { covers: covers('pro') })),
    told('2027-01-01', 'order:Z', sold('pro')),
  ]);
  return world;
}
/** The licenses that an event names a customer of. */
function namedBy(world: World, facts: readonly Fact[], subject: Subject) {
  const people = [{ subject, customer: ADA }];
  const { changes } = decideEvent(world.found, { facts, codes: [], people }, world.rules, world.now);
  const numbers = changes.touches.filter(({ customer }) => customer === ADA).map(({ number }) => number);
  return world.records.filter(({ number }) => numbers.includes(number)).map(({ order }) => order);
}

test('the customer of an order or subscription becomes the customer of its licenses only', (t) => {
  const line = told('2026-12-31', 'order:A', sold('pro', { subscription: 'S' }), 'sale');
  t.deepEqual(namedBy(imported(), [line], 'order:Z'), ['Z']);
  t.deepEqual(namedBy(imported(), [line], 'order:X'), [], 'an order of which nothing is known');
  t.deepEqual(namedBy(imported(), [], S), [S]);
  const own = imported();
  own.tell([told('2026-12-31', 'order:A', sold('pro', { subscription: 'T' }), 'sale')]);
  t.deepEqual(namedBy(own, [], 'order:A'), ['A'], 'its subscription has a license of its own');
});

test('the customer of an order becomes that of the licenses that a charge of its subscription issued before', (t) => {
  const world = imported();
  const asked: FactBody = { kind: 'asked', order: 'B', line: 'pro', product: 'pro', quantity: 1 };
  world.ask(
    { order: 'B', product: 'pro', line: 'pro', customer: NOBODY },
    { subscription: 'S', facts: [told('2027-01-01', S, asked)] },
  );
  const line = told('2026-12-31', 'order:A', sold('pro', { subscription: 'S' }), 'sale');
  t.deepEqual(namedBy(world, [line], 'order:A'), [S], 'its code was mailed, so it stays there');
  const confirmed = [
    told('2026-12-31', 'order:A', { kind: 'linked', subscription: 'S' }),
    told('2026-12-31', 'order:A', { kind: 'confirmed', quantity: 1, line: '47', product: 'pro' }),
  ];
  t.deepEqual(namedBy(imported(), confirmed, 'order:A'), [S], 'no request of the order has come');
});
