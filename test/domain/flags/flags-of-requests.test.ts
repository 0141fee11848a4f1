/** Flags about requests that no event has confirmed. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { covers, paid, sold, tie, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, openFlags, rebill, S, subscribed } from '../../kit/watched.ts';
import { at, MARKET } from '../../kit/world.ts';

test('fault 45: a license with a request but no event is flagged a day later if events are expected', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  world.tell([told(BEGUN, 'order:A', { kind: 'noted', note: 'x' })]);
  t.is(world.records[0]?.due, at('2027-01-02'));
  world.wait('2027-01-02');
  t.deepEqual(world.flags, [
    'unconfirmed-order: Order A: its license request was answered, but no event confirms the order',
  ]);
  t.deepEqual(after(world, '2027-01-03', told(BEGUN, 'order:A', sold('app', { quantity: 2 }))), []);
});

test('an order with an event, or that is a charge, is confirmed', (t) => {
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

test('fault 77: a requested charge that no event reports within a day is flagged', (t) => {
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
    'assumed-unconfirmed: Order R of subscription S: a license was asked for, but no event reports the charge',
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
    near.now = at('2027-02-12');
    near.tell([told(day, S, paid('2027-03-01'))]);
    near.wait('2027-02-15');
    t.is(
      near.flagKinds.filter((kind) => kind === 'assumed-unconfirmed').length,
      count,
      `a nameless charge of ${day}`,
    );
  }
});

test('of an order with a request but no event one license awaits the event: its first unit', (t) => {
  const world = begin();
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  world.tell([told(BEGUN, 'order:A', { kind: 'noted', note: 'x' })]);
  t.deepEqual(
    world.records.map(({ due }) => due),
    [at('2027-01-02'), null],
  );
  const { id } = world.records[0]!;
  world.reissue(id, told(BEGUN, licenseSubject(id), { kind: 'withdrawn' }));
  world.tell([told(BEGUN, 'order:A', { kind: 'noted', note: 'y' }, 'settled again')]);
  t.is(world.records[2]?.due, null, 'a reissue waits for nothing');
  world.wait('2027-01-02');
  t.deepEqual(openFlags(world), ['unconfirmed:A A app null']);
});

test('a request for a charge of the license’s subscription needs no event of its own', (t) => {
  for (const [of, flags] of [
    ['S', 0],
    ['T', 1],
  ] as const) {
    const world = begin();
    world.ask({ order: 'B', product: 'pro', line: 'pro' });
    const link: FactBody = { kind: 'linked', subscription: 'S', product: 'pro', line: 'pro' };
    after(world, BEGUN, told(BEGUN, 'order:B', link), told(BEGUN, 'order:B', tie(`subscription:${of}`)));
    world.wait('2027-01-03');
    t.is(world.flagKinds.filter((kind) => kind === 'unconfirmed-order').length, flags, of);
  }
});

test('a license issued by a subscription awaits no order event', (t) => {
  const world = begin();
  after(world, BEGUN, ...rebill(BEGUN, '2027-02-01', '1', { covers: covers('pro') }));
  world.ask({ order: S, product: 'pro', line: 'pro' });
  t.not(world.records[0]?.answer, null);
  world.wait('2027-01-03');
  t.deepEqual(world.flags, []);
});

const asked = (subscription: 'S' | 'T', order = 'R', day = '2027-02-01'): Fact =>
  told(
    day,
    `subscription:${subscription}`,
    { kind: 'asked', order, line: 'pro', product: 'pro', quantity: 1 },
    'k',
  );

test('a requested charge is named by its order and product; a sale of that order confirms it', (t) => {
  const world = subscribed();
  after(world, '2027-02-01', asked('S'));
  world.wait('2027-02-02');
  t.deepEqual(openFlags(world), ['asked:k R pro null']);
  t.deepEqual(after(world, '2027-02-03', told('2027-02-03', 'order:R', { kind: 'voided' })), []);
});

test('a charge of another order does not confirm a requested charge far from it', (t) => {
  const world = subscribed();
  after(world, '2027-02-20', asked('S', 'R', '2027-02-20'));
  after(world, '2027-02-20', ...rebill('2027-02-01', '2027-03-01', '2'));
  world.wait('2027-02-22');
  t.is(world.flagKinds.filter((kind) => kind === 'assumed-unconfirmed').length, 1);
});

test('a requested charge of a subscription without a license needs no event', (t) => {
  const world = subscribed();
  after(world, '2027-02-01', asked('T'));
  world.wait('2027-02-10');
  t.deepEqual(world.flags, []);
});

test('a requested charge of a test subscription awaits its event; the first order does not', (t) => {
  const world = begin({ ...MARKET, mode: 'test' });
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  const inTest = (fact: Fact): Fact => ({ ...fact, mode: 'test' });
  const link: FactBody = { kind: 'linked', subscription: 'S', product: 'pro', line: 'pro' };
  after(world, '2027-02-01', inTest(told(BEGUN, 'order:A', link)), inTest(asked('S')));
  world.wait('2027-02-03');
  t.deepEqual(world.flagKinds, ['assumed-unconfirmed']);
});

test('a charge that names the order confirms it, however late', (t) => {
  for (const [charge, flags] of [
    ['order:R', 0],
    ['order:Q', 1],
  ] as const) {
    const world = subscribed();
    after(world, '2027-02-01', asked('S'));
    after(world, '2027-02-20', told('2027-02-20', S, paid('2027-03-01', { charge })));
    t.is(world.flagKinds.filter((kind) => kind === 'assumed-unconfirmed').length, flags, charge);
  }
});
