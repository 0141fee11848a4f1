/** The identity of a license does not depend on the order of arrival of its order, charges and request. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import fc from '../../kit/fast-check.ts';
import { covers, dated, paid, sold, tie, told } from '../../kit/telling.ts';
import { at, type World } from '../../kit/world.ts';
import { ask, askAgain, BEGUN, begin, live, rebill, S, sale, subscribed, tell } from '../subscribed.ts';

const link: readonly Fact[] = [
  told(BEGUN, 'order:A', { kind: 'linked', subscription: 'S', product: 'pro', line: 'pro' }, 'linked A'),
];
const addOn = (order: string, day: string): readonly Fact[] => [
  told(day, `order:${order}`, sold('basic', { subscription: 'S' }), `sold ${order}`),
];

test('a rebill event before its order issues the licenses of that order', (t) => {
  for (const quantity of [1, 2, 3]) {
    const inOrder = tell(begin(), sale(), rebill(quantity));
    t.deepEqual(live(tell(begin(), rebill(quantity), sale())), live(inOrder), `${quantity} units`);
    t.is(live(inOrder).length, quantity);
  }
});

test('a first order requested after its rebill gets its own licenses, if an event names it', (t) => {
  const inOrder = subscribed('pro', 2);
  tell(inOrder, rebill());
  const late = tell(begin(), rebill(), link);
  t.is(askAgain(late, '2027-02-02', 'A', 'pro', 2).split(' ')[0], 'issued');
  tell(late, sale(), [told(BEGUN, S, dated('2027-02-01'))]);
  t.deepEqual(live(late), live(inOrder));
});

test('an order after its rebill is answered for its units, with or without the subscription in the request', (t) => {
  for (const isNamed of [true, false]) {
    const world = tell(begin(), rebill(), sale());
    const answer = isNamed ? askAgain(world, '2027-02-02', 'A', 'pro', 2) : ask(world, 'A', 'pro', 2);
    t.is(answer, 'repeated pro/0 2027-03-04, pro/1 2027-03-04');
    t.deepEqual(live(world), ['A/pro/pro/0 active 2027-03-04', 'A/pro/pro/1 active 2027-03-04']);
  }
});

test('licenses mailed for a rebill before its order is known stay, and the order’s request gets the same', (t) => {
  for (const isNamed of [true, false]) {
    const world = tell(begin(), rebill());
    askAgain(world, '2027-02-02', 'B', 'pro', 2);
    tell(world, sale());
    const mailed = [
      'subscription:S/pro/pro/0 active 2027-03-04',
      'subscription:S/pro/pro/1 active 2027-03-04',
    ];
    t.deepEqual(live(world), mailed);
    const answer = isNamed ? askAgain(world, '2027-02-02', 'A', 'pro', 2) : ask(world, 'A', 'pro', 2);
    t.is(answer, 'repeated pro/0 2027-03-04, pro/1 2027-03-04');
    t.deepEqual(live(world), mailed);
  }
});

test('an add-on is the same license whether its request or its order comes first', (t) => {
  const asked = subscribed();
  askAgain(asked, '2027-01-10', 'X', 'basic');
  asked.tell(addOn('X', '2027-01-10'));
  const told2 = subscribed();
  told2.tell(addOn('X', '2027-01-10'));
  t.is(askAgain(told2, '2027-01-10', 'X', 'basic').split(' ')[0], 'repeated');
  t.deepEqual(live(told2), live(asked));
  t.deepEqual(live(asked), [
    'A/pro/pro/0 active 2027-02-04',
    'subscription:S/basic/basic/0 active 2027-02-04',
  ]);
});

test('an add-on with a known order is answered for it, also if the request names no subscription', (t) => {
  const world = subscribed();
  world.tell([...addOn('X', '2027-01-10'), ...addOn('Y', '2027-01-11')]);
  t.is(ask(world, 'Y', 'basic'), 'repeated basic/1 2027-02-04');
  t.is(ask(world, 'X', 'basic'), 'repeated basic/0 2027-02-04');
  t.is(askAgain(world, '2027-01-12', 'Y', 'basic'), 'repeated basic/1 2027-02-04');
  t.is(world.records.length, 3);
});

test('an add-on bought twice has two licenses, and the refund of one order takes its own', (t) => {
  const world = subscribed();
  world.tell([...addOn('X', '2027-01-10'), ...addOn('Y', '2027-01-11')]);
  world.tell([told('2027-01-20', 'order:Y', { kind: 'refunded' })]);
  t.deepEqual(world.licenses.slice(1), [
    'subscription:S/basic/basic/0 active 2027-02-04',
    'subscription:S/basic/basic/1 revoked 2027-02-04',
  ]);
});

test('an add-on known before its subscription moves to the subscription, unless its code was handed out', (t) => {
  const unheld = tell(begin(), addOn('X', '2027-01-10'), sale(1));
  t.deepEqual(live(unheld), live(tell(begin(), sale(1), addOn('X', '2027-01-10'))));
  const held = begin();
  held.now = at('2027-01-10');
  held.tell(addOn('X', '2027-01-10'));
  ask(held, 'X', 'basic');
  tell(held, sale(1));
  t.deepEqual(
    live(held).map((license) => license.split(' ')[0]),
    ['A/pro/pro/0', 'X/basic/basic/0'],
  );
});

test('an order that an event named as the first is the first, though an add-on is known before it', (t) => {
  const world = tell(begin(), link, addOn('X', '2027-01-10'));
  t.is(askAgain(world, '2027-02-02', 'A').split(' ')[0], 'issued');
  t.is(askAgain(world, '2027-02-02', 'X', 'basic').split(' ')[0], 'repeated');
  const ids = ['A/pro/pro/0', 'subscription:S/basic/basic/0'];
  const isAs = () => live(world).map((license) => license.split(' ')[0]);
  t.deepEqual(isAs(), ids);
  tell(world, sale(1));
  t.deepEqual(isAs(), ids);
});

test('any order of a sale, its charges and its add-ons ends with the same licenses', (t) => {
  const events = [sale(), link, rebill(3), addOn('X', '2027-01-10'), [told(BEGUN, S, dated('2027-02-01'))]];
  const whole = live(tell(begin(), ...events));
  t.is(whole.length, 4);
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
      t.deepEqual(live(tell(begin(), ...shuffled)), whole);
    }),
    { numRuns: 120 },
  );
});

const TWINS = (): readonly Fact[] =>
  ['S', 'T'].map((subscription, place) =>
    told(BEGUN, 'order:A', sold('pro', { quantity: place + 1, subscription }), `sold ${subscription}`),
  );

/** A request of the order A for a subscription. */
function askFor(world: World, subscription: string, quantity: number): string {
  const linked: FactBody = { kind: 'linked', subscription, product: 'pro', line: 'pro' };
  const asked: FactBody = { kind: 'asked', order: 'A', line: 'pro', product: 'pro', quantity };
  const facts = [
    told(BEGUN, 'order:A', linked, `linked:order:A:pro:${subscription}`),
    told(BEGUN, `subscription:${subscription}`, asked, 'asked:A:pro'),
  ];
  return ask(world, 'A', 'pro', quantity, { subscription, facts });
}

test('two subscriptions of one path in one order have their own licenses, in any order of requests', (t) => {
  for (const first of ['S', 'T', 'the event']) {
    const world = begin();
    if (first === 'the event') world.tell(TWINS());
    const order = first === 'T' ? (['T', 'S'] as const) : (['S', 'T'] as const);
    const unitsIn = (answer: string) => answer.match(/pro\/\d/g)?.length;
    for (const subscription of order) {
      const units = subscription === 'S' ? 1 : 2;
      t.is(unitsIn(askFor(world, subscription, units)), units, `${subscription}, ${first} first`);
    }
    world.tell(TWINS());
    t.is(live(world).length, 3, first);
    t.is(new Set(world.records.map(({ id }) => id.toString())).size, 3);
    for (const subscription of order) {
      const units = subscription === 'S' ? 1 : 2;
      const repeat = askFor(world, subscription, units);
      t.is(unitsIn(repeat), units, `${repeat} for ${subscription}, ${first} first`);
    }
    t.is(world.records.length, 3);
  }
});

test('of two subscriptions of one path in one order, facts of one do not affect the other', (t) => {
  const world = begin();
  world.tell([
    ...TWINS(),
    told(BEGUN, S, dated('2027-02-01'), 'dated S'),
    told(BEGUN, 'subscription:T', dated('2027-02-01'), 'dated T'),
  ]);
  world.tell([told('2027-01-10', 'subscription:T', { kind: 'overdue' })]);
  world.tell([
    told('2027-02-01', 'order:B', tie(S), 'tie B'),
    told('2027-02-01', S, paid('2027-03-01', { charge: 'order:B', covers: covers('pro') })),
  ]);
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 active 2027-03-04',
    'subscription:T/pro/pro/0 suspended 2027-02-04',
    'subscription:T/pro/pro/1 suspended 2027-02-04',
  ]);
});

test('a request with another subscription name than the events is a repeat and no second sale', (t) => {
  const before = begin();
  askFor(before, 'REF-1', 1);
  before.tell(sale(1));
  askFor(before, 'REF-1', 1);
  const behind = begin();
  behind.tell(sale(1));
  askFor(behind, 'REF-1', 1);
  t.deepEqual([before.records.length, behind.records.length], [1, 1]);
});
