/** A subscription begins with one charge, though Paddle may mark both a trial's start and its first payment as initial (4). */
import test from 'ava';
import type { Fact, Subject } from '../../src/domain/fact.ts';
import { readFirstCharges } from '../../src/domain/first-charges.ts';
import { productOf } from '../kit/product.ts';
import { covers, paid, repaid, sold, told } from '../kit/telling.ts';
import { at, World } from '../kit/world.ts';

const PADDLE = { marketplace: 'paddle-classic', mode: 'live' } as const;
const S = 'subscription:S';
const asTold = (order: Subject) => order;
const monthly = productOf({ id: 'pro', term: 'P1M', grace: 'P7D' });

function first(day: string, order: string, until: string, more: object): readonly Fact[] {
  return [
    told(day, `order:${order}`, { kind: 'linked', subscription: 'S' }, `tie:${order}`),
    told(
      day,
      S,
      paid(until, { charge: `order:${order}`, part: 'first', covers: covers('pro'), ...more }),
      `paid:${order}`,
    ),
  ];
}

const trial = first('2027-01-01', 'A', '2027-01-15', { free: true, total: 0, currency: 'EUR' });
const payment = first('2027-01-15', 'B', '2027-02-15', { total: 10, currency: 'EUR' });

function sale(): World {
  const world = new World([monthly], at('2027-01-01'), PADDLE);
  world.ask({ order: 'A', product: 'pro' });
  return world;
}

const LICENSE = 'A//pro/0 active 2027-02-22';

test('a first payment after a trial pays for the trial’s license and is no new sale, in any order of arrival', (t) => {
  for (const told of [
    [trial, payment],
    [payment, trial],
  ]) {
    const world = sale();
    world.now = at('2027-01-16');
    for (const facts of told) world.tell(facts);
    world.wait('2027-01-20');
    t.deepEqual(world.licenses, [LICENSE]);
    t.deepEqual(world.flags, []);
  }
});

test('control: the order of a trial’s start without a license is flagged', (t) => {
  const world = new World([monthly], at('2027-01-01'), PADDLE);
  world.tell(trial);
  world.wait('2027-01-03');
  t.deepEqual(world.flagKinds, ['undelivered']);
});

test('a request under the order of the first payment is answered with the trial’s license', (t) => {
  const world = sale();
  world.tell(trial);
  world.now = at('2027-01-15', 13);
  world.tell(payment);
  t.is(world.ask({ order: 'B', product: 'pro' }).outcome, 'repeated');
  t.deepEqual(world.licenses, [LICENSE]);
});

test('the first payment is a charge of its own: a partial refund is flagged, and a full refund leaves the trial', (t) => {
  const world = sale();
  world.tell([...trial, ...payment]);
  world.now = at('2027-01-20');
  world.tell([told('2027-01-20', 'order:B', repaid(4))]);
  t.deepEqual(world.licenses, [LICENSE]);
  t.deepEqual(world.flagKinds, ['partial-refund']);
  world.tell([told('2027-01-20', 'order:B', repaid(6), 'the rest')]);
  t.deepEqual(world.licenses, ['A//pro/0 active 2027-01-22']);
  t.deepEqual(world.flagKinds, []);
});

test('a repeated order, and two subscriptions, stay unchanged', (t) => {
  const again = [...trial, ...first('2027-01-15', 'A', '2027-02-15', { total: 10 })];
  t.is(readFirstCharges(again, new Set(), asTold), again);
  const other = payment.map((fact) =>
    fact.body.kind === 'paid'
      ? { ...fact, subject: 'subscription:T' as const }
      : { ...fact, body: { ...fact.body, subscription: 'T' } as Fact['body'] },
  );
  const two = [...trial, ...other];
  t.is(readFirstCharges(two, new Set(), asTold), two);
});

test('of two first charges the charge with a license is the sale', (t) => {
  const read = readFirstCharges([...trial, ...payment], new Set(['B']), asTold);
  t.deepEqual(
    read.map(({ subject, body }) => [subject, body.kind, 'part' in body ? body.part : undefined]),
    [
      ['order:A', 'alias', undefined],
      [S, 'paid', undefined],
      ['order:B', 'linked', undefined],
      [S, 'paid', 'first'],
    ],
  );
});

test('a first charge that two messages call by two names of its order is one', (t) => {
  const again = [...trial, ...first('2027-01-15', 'B', '2027-02-15', { total: 10 })];
  t.is(
    readFirstCharges(again, new Set(), () => 'order:A'),
    again,
  );
});

test('of two first charges the one whose order was sold is the sale, before it has a license and after', (t) => {
  const sale = told('2027-01-15', 'order:B', sold('pro', { subscription: 'S' }));
  for (const licensed of [[], ['B']]) {
    const read = readFirstCharges([...trial, ...payment, sale], new Set(licensed), asTold);
    t.deepEqual(
      read.map(({ body }) => body.kind),
      ['alias', 'paid', 'linked', 'paid', 'sold'],
    );
  }
  const failed = told('2027-01-15', 'order:B', sold('pro', { subscription: 'S', failed: true }));
  const read = readFirstCharges([...trial, ...payment, failed], new Set(['A']), asTold);
  t.is(read[2]?.body.kind, 'alias', 'B brought no license about');
});
