/** Notes whose flags are over. */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import type { FlagKind } from '../../../src/domain/values/flag.ts';
import { repaid, sold, tie, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, S, subscribed } from '../../kit/watched.ts';
import { at, type World } from '../../kit/world.ts';

const note = (why: FlagKind, more: object = {}): FactBody => ({
  kind: 'noted',
  note: 'look',
  flag: true,
  why,
  ...more,
});
const settledBy = (world: World) => world.found.flags.map((flag) => flag.settledBy);

test('a note that a part of a charge came back is over once all of it is back, whichever is told first', (t) => {
  const sale = told(BEGUN, 'order:A', sold('app'));
  const part = told('2027-01-02', 'order:A', note('partial-refund'));
  const whole = told('2027-01-03', 'order:A', { kind: 'refunded' });
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(world, '2027-01-02', sale, part), ['partial-refund: look']);
  const more = told('2027-01-02', 'order:A', repaid(3));
  t.is(
    after(world, '2027-01-02', more).filter((flag) => flag === 'partial-refund: look').length,
    1,
    'a part',
  );
  t.deepEqual(after(world, '2027-01-03', whole), []);
  t.true(settledBy(world).includes('by itself: all money of the charge came back'));
  const other = begin();
  other.ask({ order: 'A', product: 'app', line: 'app' });
  t.deepEqual(after(other, '2027-01-03', whole, sale, part), []);
});

test('a note of a subscription is about the charge that it names', (t) => {
  const named = note('partial-refund', { charge: 'order-id:2' });
  const facts = [told('2027-01-02', 'order-id:2', tie(S)), told('2027-01-02', S, named)];
  const world = subscribed();
  t.deepEqual(after(world, '2027-01-02', ...facts), ['partial-refund: look']);
  const isOpen = () => world.flags.includes('partial-refund: look');
  after(world, '2027-01-03', told('2027-01-03', 'order-id:3', { kind: 'refunded' }));
  t.true(isOpen(), 'another charge');
  after(world, '2027-01-03', told('2027-01-03', 'order-id:2', { kind: 'refunded' }));
  t.false(isOpen());
});

test('a refused request is over once a later one was answered and all that is stated of its order was handed out', (t) => {
  const refused = told(BEGUN, 'order:A', note('refused'));
  const isOpen = (world: World) => world.flags.includes('refused: look');
  const sale = (line = 'app') => told(BEGUN, 'order:A', sold(line), `sold:${line}`);
  const ask = (world: World, product = 'app') => {
    world.now = at('2027-01-02');
    world.ask({ order: 'A', product, line: product });
  };
  const world = begin();
  after(world, BEGUN, refused);
  t.true(isOpen(world));
  ask(world);
  t.true(isOpen(world), 'no event states what the order is for');
  after(world, '2027-01-02', sale());
  t.false(isOpen(world));
  t.true(settledBy(world).includes('by itself: a later request was answered'));

  const two = begin();
  after(two, BEGUN, refused, sale('app'), sale('pro'));
  ask(two);
  t.true(isOpen(two), 'the other line was not handed out');
  ask(two, 'pro');
  t.false(isOpen(two));

  const before = begin();
  ask(before);
  after(before, '2027-01-03', { ...refused, at: at('2027-01-03') }, sale());
  t.true(isOpen(before), 'answered before');
  const unknown = begin();
  after(unknown, BEGUN, refused, sale('app'), told(BEGUN, 'order:A', sold(null, { line: 'x' }), 'sold:x'));
  ask(unknown);
  t.true(isOpen(unknown), 'a line without a product file');
});

test('a note that comes with a dispute is over once the dispute is decided, or all of its money is back', (t) => {
  const warned = [
    { ...told('2027-01-02', 'order:A', { kind: 'disputed' }), cause: 'warning w' },
    { ...told('2027-01-02', 'order:A', note('unclear')), cause: 'warning w' },
  ];
  const isOpen = (...facts: readonly FactBody[]) => {
    const world = begin();
    const sale = told(BEGUN, 'order:A', sold('app'));
    after(world, '2027-01-05', sale, ...warned, ...facts.map((body) => told('2027-01-04', 'order:A', body)));
    return world.flags.includes('unclear: look');
  };
  t.true(isOpen());
  for (const kind of ['dispute-won', 'dispute-lost', 'charged-back', 'refunded'] as const)
    t.false(isOpen({ kind }), kind);
  const world = begin();
  const won = told('2027-01-01', 'order:A', { kind: 'dispute-won' });
  after(world, '2027-01-05', told(BEGUN, 'order:A', sold('app')), won, ...warned);
  t.true(world.flags.includes('unclear: look'), 'another one was won before');
  const plain = told('2027-01-03', 'order:A', note('unclear'), 'plain');
  after(world, '2027-01-05', plain, told('2027-01-06', 'order:A', { kind: 'dispute-won' }, 'later'));
  t.is(world.flags.filter((flag) => flag === 'unclear: look').length, 1, 'a note of something else stays');
});
