/** Flags about requests that no event has confirmed. */
import test from 'ava';
import type { FactBody } from '../../src/domain/fact.ts';
import { paid, sold, told } from './telling.ts';
import { after, BEGUN, begin, S, subscribed } from './watched.ts';
import { at, MARKET } from './world.ts';

test('fault 45: a license that came by request alone is flagged a day later where events are expected', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  world.tell([told(BEGUN, 'order:A', { kind: 'noted', note: 'x' })]);
  t.is(world.records[0]?.due, at('2027-01-02'));
  world.wait('2027-01-02');
  t.deepEqual(world.flags, [
    'unconfirmed-order: Order A was asked for and answered, and its event has not come',
  ]);
  t.deepEqual(after(world, '2027-01-03', told(BEGUN, 'order:A', sold('app', { quantity: 2 }))), []);
});

test('an order whose event came, or that is a charge, is confirmed', (t) => {
  for (const body of [
    sold('app'),
    { kind: 'confirmed', quantity: 1 } as const,
    { kind: 'voided' } as const,
  ]) {
    const world = begin();
    world.ask({ order: 'A', product: 'app', line: 'app' });
    after(world, BEGUN, told(BEGUN, 'order:A', body));
    world.wait('2027-01-03');
    t.deepEqual(world.flags, [], body.kind);
  }
  for (const market of [
    { ...MARKET, mode: 'test' } as const,
    { marketplace: 'manual', mode: 'live' } as const,
  ]) {
    const world = begin(market);
    world.ask({ order: 'A', product: 'app', line: 'app' });
    world.wait('2027-01-03');
    t.deepEqual(world.flags, [], 'no event is expected');
  }
});

test('fault 77: a charge that a request foretold and that is not told within a day is flagged', (t) => {
  const asked = () => {
    const world = subscribed();
    world.now = at('2027-02-01');
    const body: FactBody = { kind: 'asked', order: 'R', line: 'pro', product: 'pro', quantity: 1 };
    world.ask(
      { order: 'R', product: 'pro', line: 'pro' },
      { subscription: 'S', facts: [told('2027-02-01', S, body)] },
    );
    return world;
  };
  const world = asked();
  t.is(world.records[0]?.due, at('2027-02-02'));
  world.wait('2027-02-02');
  t.deepEqual(world.flags, [
    'assumed-unconfirmed: Order R of subscription S was asked for and answered, and its charge was not told',
  ]);
  t.deepEqual(
    after(world, '2027-02-03', told('2027-02-01', S, paid('2027-03-01', { charge: 'order:R' }))),
    [],
    'by its name',
  );
  for (const [day, count] of [
    ['2027-02-11', 0],
    ['2027-01-22', 0],
    ['2027-02-12', 1],
    ['2027-01-21', 1],
  ] as const) {
    const near = asked();
    near.tell([told(day, S, paid('2027-03-01'))]);
    near.wait('2027-02-15');
    t.is(
      near.flagKinds.filter((kind) => kind === 'assumed-unconfirmed').length,
      count,
      `a nameless charge of ${day}`,
    );
  }
});
