/** Answers to requests that name a subscription: its first order, a further charge, or another subscription of the order. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { dated, repaid, sold, tie, told, charged as total } from '../../kit/telling.ts';
import { at, type World } from '../../kit/world.ts';
import { ask, askAgain, BEGUN, begin, rebill, S, sale, tell } from '../subscribed.ts';

/** An event that names the order as the beginning of a subscription. */
const link = (order: string, subscription = 'S'): readonly Fact[] => [
  told(
    BEGUN,
    `order:${order}`,
    { kind: 'linked', subscription, product: 'pro', line: 'pro' },
    `link ${order}`,
  ),
];
const namesOf = (world: World) => world.licenses.map((license) => license.split(' ')[0]);
/** A license that the charge B issued before anything of the first order came. */
const charged = (...events: readonly (readonly Fact[])[]) => tell(begin(), rebill(1), ...events);

test('a request for a charge of a subscription is answered with the license that its event issued', (t) => {
  const world = charged();
  t.is(askAgain(world, '2027-02-02', 'C'), 'repeated pro/0 2027-03-04');
  t.deepEqual(namesOf(world), ['subscription:S/pro/pro/0']);
  t.false(
    world.found.facts.some(({ body }) => body.kind === 'linked'),
    'a charge is no first order',
  );
});

test('a first order that an event names gets its own license, unless the code of a charge was mailed before', (t) => {
  const unmailed = charged(link('A'));
  t.is(askAgain(unmailed, '2027-02-02', 'A').split(' ')[0], 'issued');
  const mailed = charged();
  askAgain(mailed, '2027-02-02', 'B');
  mailed.tell(link('A'));
  t.is(askAgain(mailed, '2027-02-02', 'A'), 'repeated pro/0 2027-03-04');
  t.deepEqual(namesOf(mailed), ['subscription:S/pro/pro/0']);
});

test('an order is the first of the subscription that an event names with it, and no other order is', (t) => {
  for (const other of [
    link('X'),
    link('A', 'T'),
    [told(BEGUN, 'order:A', { kind: 'noted', note: 'x' } as const)],
  ]) {
    const world = charged(other);
    t.is(askAgain(world, '2027-02-02', 'A'), 'repeated pro/0 2027-03-04');
    t.deepEqual(namesOf(world), ['subscription:S/pro/pro/0']);
  }
});

test('two products of a first order are both licenses of that order', (t) => {
  const world = begin();
  askAgain(world, BEGUN, 'A', 'pro');
  t.is(askAgain(world, BEGUN, 'A', 'basic'), 'issued basic/0 2027-02-04');
  t.deepEqual(namesOf(world), ['A/pro/pro/0', 'A/basic/basic/0']);
});

test('an order that was answered before its subscription was known gets the same answer', (t) => {
  const world = begin();
  ask(world, 'A', 'pro');
  tell(world, rebill(1));
  t.is(askAgain(world, '2027-02-02', 'A'), 'repeated pro/0 2027-02-04');
  t.deepEqual(namesOf(world), ['A/pro/pro/0', 'subscription:S/pro/pro/0']);
});

test('fault 18: a request with a subscription under another name of its order gets the same license', (t) => {
  const world = begin();
  askAgain(world, BEGUN, 'I-1');
  world.tell([told(BEGUN, 'order-id:I-1', tie('order:R'))]);
  tell(world, [told(BEGUN, 'order:R', sold('pro', { subscription: 'S' }))], rebill(1));
  t.deepEqual(world.licenses, ['I-1/pro/pro/0 active 2027-03-04']);
  t.is(askAgain(world, '2027-02-02', 'R'), 'repeated pro/0 2027-02-04', 'and the same answer');
});

/** A request of the order A for a subscription, which it says to begin. */
function askFor(world: World, subscription: string): string {
  const linked: FactBody = { kind: 'linked', subscription, product: 'pro', line: 'pro' };
  return ask(world, 'A', 'pro', 1, {
    subscription,
    facts: [told(BEGUN, 'order:A', linked, `asked ${subscription}`)],
  });
}

test('one path with two subscriptions in one order is two licenses, each answered for its own subscription', (t) => {
  const world = begin();
  world.tell([told(BEGUN, 'order:Z', { kind: 'linked', subscription: 'Z' })]);
  t.is(askFor(world, 'S').split(' ')[0], 'issued');
  world.tell([told(BEGUN, 'order:Z', sold(null, { subscription: 'Z' }))]);
  t.is(askFor(world, 'T').split(' ')[0], 'issued');
  t.deepEqual(namesOf(world), ['A/pro/pro/0', 'subscription:T/pro/pro/0']);
  for (const subscription of ['S', 'T']) t.is(askFor(world, subscription).split(' ')[0], 'repeated');
  t.is(world.records.length, 2);
});

test('a subscription that an event names for the order is that of its license, unless more is told of it', (t) => {
  const named = (...more: readonly Fact[]) => {
    const world = begin();
    askFor(world, 'REF-1');
    world.tell([...link('A'), ...more]);
    const outcome = askFor(world, 'S').split(' ')[0];
    return [outcome, world.records.length];
  };
  t.deepEqual(named(), ['repeated', 1]);
  t.deepEqual(named(told(BEGUN, 'subscription:T', dated('2027-02-01'))), ['repeated', 1], 'of another one');
  const date = told(BEGUN, S, dated('2027-02-01'));
  t.deepEqual(named(date), ['issued', 2]);
  t.deepEqual(named(date, ...sale(1)), ['repeated', 1], 'its sale says that it is the same');
});

test('a license that was mailed without its line gets the same answer, though the line became an add-on of a subscription', (t) => {
  const world = begin();
  world.ask({ order: 'X', product: 'basic', line: '' });
  tell(world, sale(1), [told('2027-01-10', 'order:X', sold('basic', { subscription: 'S' }), 'sold X')]);
  world.tell(rebill(1));
  t.is(ask(world, 'X', 'basic'), 'repeated /0 2027-02-04');
  t.is(askAgain(world, '2027-02-02', 'X', 'basic'), 'repeated /0 2027-02-04');
});

test('a first request is answered with the days that were told before it, and so is its repeat', (t) => {
  const asked = (...bodies: readonly FactBody[]) => {
    const world = begin();
    world.tell([
      told(BEGUN, 'order:A', { kind: 'linked', subscription: 'S' }),
      ...bodies.map((body, place) => told(BEGUN, S, body, `told ${place}`)),
    ]);
    const [first, again] = [ask(world, 'A', 'pro', 2), ask(world, 'A', 'pro', 2)];
    t.is(again, first.replace('issued', 'repeated'));
    t.true(
      world.records.every(({ handed, revision }) => handed === revision),
      'nothing is unmailed',
    );
    return first;
  };
  const first = {
    kind: 'paid',
    until: '2027-01-15',
    sequence: null,
    part: 'first',
    charge: 'order:A',
  } as const;
  t.is(asked({ ...first, free: true }), 'issued pro/0 2027-01-18, pro/1 2027-01-18', 'a trial');
  t.is(asked(dated('2027-03-01')), 'issued pro/0 2027-03-04, pro/1 2027-03-04');
  const canceled: FactBody = { kind: 'canceled', last: '2027-01-20' };
  t.is(asked(dated('2027-03-01'), canceled), 'issued pro/0 2027-01-20, pro/1 2027-01-20');
  t.is(asked(dated('2027-02-01')), 'issued pro/0 2027-02-04, pro/1 2027-02-04', 'as its term');
});

for (const isTold of [true, false])
  test(`a first request of a license that has ended, ${isTold ? 'issued by its event' : 'not known yet'}, is refused and flagged once its code is not valid, and answered if the end is lifted`, (t) => {
    const world = begin();
    const sale = isTold
      ? sold('pro', { subscription: 'S' })
      : ({ kind: 'linked', subscription: 'S' } as const);
    world.tell([told(BEGUN, 'order:A', sale), told(BEGUN, S, dated('2027-02-01'))]);
    world.tell([told('2027-01-10', S, { kind: 'deactivated', on: '2027-01-10' })]);
    world.now = at('2027-01-11');
    t.is(ask(world, 'A', 'pro'), '{"outcome":"ended"}');
    t.like(world.records, [{ state: 'ended', answer: null, handed: null }]);
    t.is(ask(world, 'A', 'pro'), '{"outcome":"ended"}');
    t.deepEqual(world.flags, [
      'revoked-but-paid: Order A asks for its license of pro, which has ended: it was answered with an error',
    ]);
    world.tell([told('2027-01-12', licenseSubject(world.records[0]!.id), { kind: 'reinstated' })]);
    t.is(ask(world, 'A', 'pro'), 'repeated pro/0 2027-02-04');
    t.deepEqual(world.flags, []);
  });

for (const [outcome, held] of [
  ['ended', { kind: 'deactivated', on: '2027-01-06' }],
  ['suspended', { kind: 'overdue' }],
] as const)
  test(`a first request of two units, one returned and one ${outcome}, is refused, and answered with the other once it is active`, (t) => {
    const world = begin();
    const lines = [{ line: 'pro', amount: 10, quantity: 1, full: false }];
    world.tell([
      told(BEGUN, 'order:A', sold('pro', { quantity: 2, price: 20, subscription: 'S' })),
      told(BEGUN, 'order:A', total(20)),
      told(BEGUN, S, dated('2027-02-01')),
      told('2027-01-05', 'order:A', repaid(10, { lines })),
      told('2027-01-06', S, held),
    ]);
    world.now = at('2027-01-08');
    const asked = () => world.ask({ order: 'A', product: 'pro', line: 'pro', quantity: 2 }).outcome;
    t.is(asked(), outcome);
    const live = world.records.find(({ state }) => state !== 'revoked');
    world.tell([told('2027-01-09', licenseSubject(live!.id), { kind: 'reinstated' })]);
    world.now = at('2027-01-10');
    t.is(asked(), 'repeated');
    t.deepEqual(world.records.map(({ state, answer }) => `${state} ${answer !== null}`).sort(), [
      'active true',
      'revoked true',
    ]);
  });

test('a first request of a license that has ended is answered while its code is valid', (t) => {
  const asked = (product: string, ...bodies: readonly FactBody[]) => {
    const world = begin();
    world.tell([
      told(BEGUN, 'order:A', sold(product, { subscription: 'S' })),
      told(BEGUN, S, dated('2027-02-01')),
    ]);
    world.tell(bodies.map((body) => told('2027-01-10', S, body)));
    world.now = at('2027-01-11');
    return [ask(world, 'A', product), world.records[0]?.state];
  };
  const edited = { kind: 'resized', product: 'basic', quantity: 1, line: 'basic' } as const;
  t.deepEqual(asked('pro', edited), ['repeated pro/0 2027-02-04', 'ended'], 'of a plan that was changed');
  const ends: FactBody = { kind: 'deactivated', on: '2027-01-11' };
  t.deepEqual(asked('pro', ends), ['repeated pro/0 2027-01-11', 'ended'], 'on its last day');
});
