/** Facts of ledgers before schema 6: repeated in today's form they count once, and refunds take their own charges. */
import test from 'ava';
import type { Fact, FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import { readOldFacts } from '../../../src/domain/facts/old-facts.ts';
import { productOf } from '../../kit/product.ts';
import { paid, repaid, sold, tie, told } from '../../kit/telling.ts';
import { at, PLAIN_MINTER, World } from '../../kit/world.ts';

const DAY = '2027-01-01';
const S = 'subscription:S';
const app = productOf({ id: 'app', term: 'perpetual' });
const pro = productOf({ id: 'pro', term: 'P1M', grace: 'P3D' });

/** A sale in the old form, without its line. */
function soldBefore(product: string, quantity: number, subscription?: string): Fact {
  const body: FactBody = { kind: 'sold', product, quantity, ...(subscription && { subscription }) };
  return told(DAY, 'order:A', body, `sold:order:A:${product}`);
}

const days = (world: World) =>
  world.records.map(({ state, code }) => `${state} ${PLAIN_MINTER.entitlementOf(code).lastValid}`);

test('an order repeated after the step to schema 6 keeps its number of units', (t) => {
  const world = new World([app], at(DAY));
  world.ask({ order: 'A', product: 'app', line: '', quantity: 2 });
  world.tell([soldBefore('app', 2)]);
  world.tell([told('2027-02-01', 'order:A', sold('app', { quantity: 2, price: 20 }), 'sold:1:app')]);
  t.deepEqual(world.licenses, ['A//app/0 active perpetual', 'A//app/1 active perpetual']);
});

test('control: two lines in today’s form add up', (t) => {
  const world = new World([app], at(DAY));
  world.ask({ order: 'A', product: 'app', line: '', quantity: 2 });
  world.tell(
    ['home', 'office'].map((line) =>
      told(DAY, 'order:A', sold('app', { line, quantity: 2 }), `sold:${line}`),
    ),
  );
  t.is(world.records.length, 4);
});

test('a repeated return takes no second unit', (t) => {
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

/** A first month, and a second month whose payment names its charge in the old form. */
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

test('the refund of a charge paid before the step takes its own period', (t) => {
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

test('a refund reported for a charge and for its subscription is a refund of the charge', (t) => {
  const world = twoMonths(AT_FASTSPRING);
  const subjects: readonly Subject[] = ['order:A', S];
  world.tell(subjects.map((subject) => told('2027-02-02', subject, { kind: 'refunded' }, 'return:9:full')));
  t.deepEqual(days(world), ['active 2027-03-04'], 'the first month’s');
});

const keysOf = (facts: readonly Fact[]) => readOldFacts(facts).map(({ key }) => key);
const isAsToday = (fact: Fact) => {
  const facts = [fact];
  return readOldFacts(facts) === facts;
};

test('facts in today’s form are returned unchanged', (t) => {
  t.true(isAsToday(told(DAY, 'order:A', sold('app'))));
  t.true(isAsToday(told(DAY, S, paid('2027-02-01', { charge: 'order:2' }))));
  t.true(isAsToday(told(DAY, 'order:A', { kind: 'refunded' })));
  t.true(isAsToday(told(DAY, S, { kind: 'overdue' })));
  t.false(isAsToday(soldBefore('app', 1)));
  t.false(isAsToday(told(DAY, S, paid('2027-02-01'))));
  t.false(isAsToday(told(DAY, S, { kind: 'refunded' })));
  t.false(isAsToday(told(DAY, 'order:A', { kind: 'returned', product: 'app', quantity: 1 })));
});

test('a sale without a line no longer counts once the same product of the order is sold with a line', (t) => {
  const old = soldBefore('app', 1);
  const counts = (other: Fact) => keysOf([old, other]).includes(old.key);
  t.false(counts(told(DAY, 'order:A', sold('app'))));
  t.true(counts(told(DAY, 'order:B', sold('app'))), 'of another order');
  t.true(counts(told(DAY, 'order:A', sold('pro'))), 'of another product');
  t.true(counts(told(DAY, 'order:A', sold('app', { failed: true }))), 'its fulfillment failed');
  t.true(counts(told(DAY, 'order:A', { kind: 'mapped', line: 'app', product: 'app' })), 'no sale');
});

test('a return no longer counts once its money is reported under its key', (t) => {
  const old = told(DAY, 'order:A', { kind: 'returned', product: 'app', quantity: 1 }, 'return:r1:0');
  t.deepEqual(keysOf([old, told(DAY, 'order:A', repaid(10), 'return:r1')]), ['return:r1']);
  t.deepEqual(keysOf([old, told(DAY, 'order:A', repaid(10), 'return:r')]), ['return:r1:0', 'return:r']);
  const note = told(DAY, 'order:A', { kind: 'noted', note: 'x' }, 'return:r1');
  t.deepEqual(keysOf([old, note]), ['return:r1:0', 'return:r1'], 'no money');
});

test('a refund of a subscription no longer counts once its charge is refunded under the same key; other facts do', (t) => {
  const [refund, charge] = ([S, 'order:2'] as const).map((subject) =>
    told(DAY, subject, { kind: 'refunded' }, 'k'),
  );
  t.deepEqual(readOldFacts([refund!, charge!]), [charge]);
  const overdue = told(DAY, S, { kind: 'overdue' }, 'k');
  const other = told(DAY, 'order:2', { kind: 'disputed' }, 'k');
  t.deepEqual(readOldFacts([overdue, other, soldBefore('app', 1)]).length, 3);
});

/** The charge of a payment with this key, beside these facts. */
function chargeOf(key: string, ...others: readonly Fact[]): Subject | undefined {
  const [body] = readOldFacts([told(DAY, S, paid('2027-02-01'), key), ...others]).map((fact) => fact.body);
  return body?.kind === 'paid' ? body.charge : undefined;
}

test('a payment names its charge in its key: the order of the request or of the charge', (t) => {
  t.is(chargeOf('request:R77'), 'order:R77');
  t.is(chargeOf('a request:R77'), undefined);
  t.is(chargeOf('charge:S:22'), 'order:22');
  t.is(chargeOf('charge:S:22', told(DAY, 'order-id:22', tie(S))), 'order-id:22');
  t.is(chargeOf('charge:S:22', told(DAY, 'order-id:23', tie(S))), 'order:22');
  t.is(chargeOf('charge:T:22'), undefined, 'of another subscription');
  const known = told(DAY, S, paid('2027-02-01', { charge: 'order:9' }), 'request:R77');
  t.deepEqual(readOldFacts([known, soldBefore('app', 1)])[0], known);
});

test('a payment of an alert belongs to the order that the same alert joins or links to the subscription', (t) => {
  const link: FactBody = { kind: 'linked', subscription: 'S' };
  const note = told(DAY, 'order:1', { kind: 'noted', note: 'x' }, 'alert:88:2');
  t.is(chargeOf('alert:88:1', note, told(DAY, 'order:2', tie(S), 'alert:88:0')), 'order:2');
  t.is(chargeOf('alert:88:1', note, told(DAY, 'order:2', link, 'alert:88:0')), 'order:2');
  t.is(chargeOf('alert:88:1', told(DAY, 'order:3', tie(S), 'alert:89:0')), undefined, 'another alert');
  t.is(chargeOf('alert:88:1', note), undefined);
  t.is(chargeOf('an alert:88:1', told(DAY, 'order:2', tie(S), 'alert:88:0')), undefined);
});

test('a refund of a subscription is a refund of the charge paid last before it', (t) => {
  const refund = told('2027-03-01', S, { kind: 'refunded' }, 'refund');
  const payment = (day: string, order: string, of: Subject = S) =>
    told(day, of, paid(null, { charge: `order:${order}` }), `paid ${order}`);
  const subjectOf = (...facts: readonly Fact[]) =>
    readOldFacts([refund, ...facts]).find(({ key }) => key === 'refund')?.subject;
  t.is(subjectOf(payment('2027-02-01', '2'), payment('2027-01-01', '1')), 'order:2');
  t.is(subjectOf(payment('2027-02-01', '2'), payment('2027-03-02', '3')), 'order:2', 'not one after it');
  t.is(subjectOf(payment('2027-03-01', '3')), 'order:3', 'one of the same moment');
  t.is(subjectOf(payment('2027-01-01', '1'), payment('2027-02-01', '2', 'subscription:T')), 'order:1');
  t.is(subjectOf(payment('2027-01-01', '1'), told('2027-02-01', S, paid(null), 'nameless')), 'order:1');
  t.is(subjectOf(), S);
  t.is(subjectOf(told('2027-02-01', S, { kind: 'overdue' })), S);
});
