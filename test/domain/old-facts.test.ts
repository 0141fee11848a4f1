/** Facts of ledgers before schema 6: told again in today's words they count once, and their refunds take what they paid for. */
import test from 'ava';
import type { Fact, FactBody, Subject } from '../../src/domain/fact.ts';
import { productOf } from '../kit/product.ts';
import { paid, repaid, sold, tie, told } from '../kit/telling.ts';
import { at, PLAIN_MINTER, World } from '../kit/world.ts';

const DAY = '2027-01-01';
const S = 'subscription:S';
const app = productOf({ id: 'app', term: 'perpetual' });
const pro = productOf({ id: 'pro', term: 'P1M', grace: 'P3D' });

/** A sale as it was told: without its line. */
function soldBefore(product: string, quantity: number, subscription?: string): Fact {
  const body: FactBody = { kind: 'sold', product, quantity, ...(subscription && { subscription }) };
  return told(DAY, 'order:A', body, `sold:order:A:${product}`);
}

const days = (world: World) =>
  world.records.map(({ state, code }) => `${state} ${PLAIN_MINTER.entitlementOf(code).lastValid}`);

test('an order that is told again after the step to schema 6 has as many units as before', (t) => {
  const world = new World([app], at(DAY));
  world.ask({ order: 'A', product: 'app', line: '', quantity: 2 });
  world.tell([soldBefore('app', 2)]);
  world.tell([told('2027-02-01', 'order:A', sold('app', { quantity: 2, price: 20 }), 'sold:1:app')]);
  t.deepEqual(world.licenses, ['A//app/0 active perpetual', 'A//app/1 active perpetual']);
});

test('control: two lines that are told in today’s words add up', (t) => {
  const world = new World([app], at(DAY));
  world.ask({ order: 'A', product: 'app', line: '', quantity: 2 });
  world.tell(
    ['home', 'office'].map((line) =>
      told(DAY, 'order:A', sold('app', { line, quantity: 2 }), `sold:${line}`),
    ),
  );
  t.is(world.records.length, 4);
});

test('a return that is told again takes no second unit', (t) => {
  const world = new World([app], at(DAY));
  world.ask({ order: 'A', product: 'app', line: '', quantity: 2 });
  world.tell([soldBefore('app', 2)]);
  world.tell([told(DAY, 'order:A', { kind: 'returned', product: 'app', quantity: 1 }, 'return:r1:0')]);
  t.deepEqual(days(world), ['active null', 'revoked null']);
  const line = { line: 'app', amount: 10, quantity: 1, full: false };
  world.tell([
    told(DAY, 'order:A', sold('app', { quantity: 2, price: 20 }), 'sold:1:app'),
    told(DAY, 'order:A', repaid(10, { total: 20, lines: [line] }), 'return:r1'),
  ]);
  t.deepEqual(days(world), ['active null', 'revoked null']);
});

/** A first month, and a second whose payment names its charge as a marketplace's facts did then. */
function twoMonths(second: readonly Fact[]): World {
  const world = new World([pro], at(DAY));
  world.ask({ order: 'A', product: 'pro', line: '' });
  world.tell([soldBefore('pro', 1, 'S')]);
  world.tell([told(DAY, S, { kind: 'dated', until: '2027-02-01', sequence: null })]);
  world.now = at('2027-02-02');
  world.tell(second);
  return world;
}

const AT_FASTSPRING = [
  told('2027-02-01', 'order-id:2', tie(S), 'rebill:S:order-id:2'),
  told('2027-02-01', S, paid('2027-03-01'), 'charge:S:2'),
];
const AT_PADDLE = [
  told('2027-02-01', 'order:2', tie(S), 'alert:8:0'),
  told('2027-02-01', S, paid('2027-03-01'), 'alert:8:1'),
];

test('the refund of a charge that was paid before the step takes its own period', (t) => {
  const stories: readonly (readonly [readonly Fact[], Subject])[] = [
    [AT_FASTSPRING, 'order-id:2'],
    [AT_PADDLE, 'order:2'],
    [AT_PADDLE, S],
  ];
  for (const [second, subject] of stories) {
    const world = twoMonths(second);
    t.deepEqual(days(world), ['active 2027-03-04'], subject);
    world.tell([told('2027-02-02', subject, { kind: 'refunded' }, 'return:9:full')]);
    t.deepEqual(days(world), ['active 2027-02-04'], subject);
  }
});

test('a refund that was told of a charge and of its subscription is of the charge', (t) => {
  const world = twoMonths(AT_FASTSPRING);
  const subjects: readonly Subject[] = ['order:A', S];
  world.tell(subjects.map((subject) => told('2027-02-02', subject, { kind: 'refunded' }, 'return:9:full')));
  t.deepEqual(days(world), ['active 2027-03-04'], 'the first month’s');
});
