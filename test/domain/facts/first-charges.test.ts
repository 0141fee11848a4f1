/** A subscription begins with one charge, though Paddle may mark both a trial's start and its first payment as initial (4). */
import test from 'ava';
import type { Fact, Subject } from '../../../src/domain/facts/fact.ts';
import { readFirstCharges } from '../../../src/domain/facts/first-charges.ts';
import { productOf } from '../../kit/product.ts';
import { covers, dated, paid, repaid, sold, told } from '../../kit/telling.ts';
import { at, World } from '../../kit/world.ts';

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
  const failedFirst = told('2027-01-01', 'order:A', sold('pro', { subscription: 'S', failed: true }));
  t.is(readFirstCharges([failedFirst, ...trial, ...payment, sale], new Set(), asTold)[1]?.body.kind, 'alias');
  const failed = told('2027-01-15', 'order:B', sold('pro', { subscription: 'S', failed: true }));
  const read = readFirstCharges([...trial, ...payment, failed], new Set(['A']), asTold);
  t.is(read[2]?.body.kind, 'alias', 'B brought no license about');
});

const kindsOf = (facts: readonly Fact[], licensed: readonly string[] = []) =>
  readFirstCharges(facts, new Set(licensed), asTold).map(({ body }) => body.kind);

test('of two first charges without a sale the earlier is the first, in any order of arrival', (t) => {
  const alias = ['linked', 'paid', 'alias', 'paid'];
  t.deepEqual(kindsOf([...trial, ...payment]), alias);
  t.deepEqual(kindsOf([...payment, ...trial]), ['alias', 'paid', 'linked', 'paid']);
});

test('a subscription that was moved from another marketplace began there: its first charge here is a further one', (t) => {
  const moved = told('2027-01-15', S, { kind: 'moved', from: 'fastspring', subscription: 'F' });
  t.deepEqual(kindsOf([moved, ...payment], ['B']), ['moved', 'alias', 'paid']);
  const other = told('2027-01-15', 'subscription:T', {
    kind: 'moved',
    from: 'fastspring',
    subscription: 'F',
  });
  t.deepEqual(kindsOf([other, ...payment], ['B']), ['moved', 'linked', 'paid']);
});

test('a checkout that names the subscription of an earlier one is a charge of it, and its line is flagged', (t) => {
  const tie = (line: string, subscription: string) =>
    told('2027-01-15', 'order:B', { kind: 'linked', subscription, line }, `tie ${line}`);
  const lines = [
    told('2027-01-15', 'order-id:5', sold('pro', { line: 'x' }), 'sold x'),
    told('2027-01-15', 'order-id:5', sold('app', { line: 'y', subscription: 'S' }), 'sold y'),
    told('2027-01-15', 'order-id:5', sold('team', { line: 'z' }), 'sold z'),
  ];
  const [, paidForB] = payment;
  const facts = [...trial, tie('x', 'S'), tie('z', 'T'), paidForB!, ...lines];
  const nameOf = (order: Subject) => (order === 'order-id:5' ? 'order:B' : order);
  const read = readFirstCharges(facts, new Set(['A']), nameOf);
  t.deepEqual(
    read.slice(2).map(({ key, subject, body }) => [subject, key, body]),
    [
      ['order:B', 'tie x', { kind: 'alias', of: S }],
      ['order:B', 'tie z', { kind: 'linked', subscription: 'T', line: 'z' }],
      [
        S,
        'paid:B',
        paid('2027-02-15', { charge: 'order:B', covers: covers('pro'), total: 10, currency: 'EUR' }),
      ],
      ['order-id:5', 'sold x', sold('pro', { line: 'x', subscription: 'S' })],
      [
        'order-id:5',
        'again:S:order-id:5',
        {
          kind: 'noted',
          note: 'order-id:5 was sold as the beginning of subscription S, which began before: it counts as a charge, and has no licenses of its own',
          flag: true,
          why: 'unclear',
        },
      ],
      ['order-id:5', 'sold y', sold('app', { line: 'y', subscription: 'S' })],
      ['order-id:5', 'sold z', sold('team', { line: 'z' })],
    ],
  );
  const ofOrder = lines.map((fact) => ({ ...fact, subject: 'order:B' as const }));
  const again = readFirstCharges([...facts.slice(0, -3), ...ofOrder], new Set(['A']), nameOf);
  t.deepEqual(
    again
      .filter(({ key }) => key.startsWith('again'))
      .map(({ key, body }) => [key, 'note' in body && body.note]),
    [
      [
        'again:S:B',
        'B was sold as the beginning of subscription S, which began before: it counts as a charge, and has no licenses of its own',
      ],
    ],
  );
});

test('a further first charge shortens nothing that charges of the subscription had paid for by then', (t) => {
  const isLeast = (until: string | null, ...before: readonly Fact[]) => {
    const [tied, second] = payment;
    const facts = [
      ...trial,
      tied!,
      { ...second!, body: { ...second!.body, until } as Fact['body'] },
      ...before,
    ];
    const last = readFirstCharges(facts, new Set(['A']), asTold).find(({ key }) => key === 'paid:B');
    return last?.body.kind === 'paid' ? last.body.atLeast : 'no charge';
  };
  const yearly = (day: string, subject: Subject = S) => told(day, subject, paid('2028-01-01'));
  t.is(isLeast('2027-01-15'), undefined, 'as long as the trial');
  t.is(isLeast('2027-01-14'), true, 'shorter than the trial');
  t.is(isLeast(null), true);
  t.is(isLeast('2027-02-15', yearly('2027-01-10')), true);
  t.is(isLeast('2027-02-15', yearly('2027-01-15')), true, 'told at the same time');
  t.is(isLeast('2027-02-15', yearly('2027-01-16')), undefined, 'paid later');
  t.is(isLeast('2027-02-15', yearly('2027-01-10', 'subscription:T')), undefined, 'another subscription');
  t.is(isLeast('2027-02-15', told('2027-01-10', S, dated('2028-01-01'))), undefined, 'a date is no charge');
  t.is(isLeast('2027-02-15', told('2027-01-10', S, paid(null))), undefined);
});
