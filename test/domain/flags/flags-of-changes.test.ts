/** Flags about returned charges of changes that take nothing. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { productOf } from '../../kit/product.ts';
import { covers, dated, paid, sold, told } from '../../kit/telling.ts';
import { after, BEGUN, begin, openFlags, rebill, S, subscribed } from '../../kit/watched.ts';
import { at, World } from '../../kit/world.ts';
import * as sub from '../subscribed.ts';

const DAY = '2027-01-10';
const back = (body: FactBody = { kind: 'refunded' }) => told('2027-01-11', 'order-id:5', body);
const change = (more = {}) => rebill(DAY, '2027-02-01', '5', { part: 'proration', ...more });
const flags = (world: World, ...facts: readonly Fact[]) => {
  after(world, '2027-01-12', ...facts);
  return openFlags(world).filter((flag) => flag.startsWith('change-returned'));
};
const FLAG = 'change-returned:order-id:5 A pro';

test('a returned charge of a change that names no line takes nothing, and is flagged', (t) => {
  const world = subscribed();
  t.deepEqual(flags(world, ...change(), back()), [`${FLAG} ${DAY}`]);
  t.true(
    world.flags.includes(
      'partial-refund: The charge of a change of subscription S was returned: its licenses are as the subscription states them',
    ),
  );
  t.deepEqual(world.licenses, ['A/pro/pro/0 active 2027-02-04']);
});

test('it is flagged only if the whole charge was returned, and no other rule speaks of it', (t) => {
  t.deepEqual(flags(subscribed(), ...change()), [], 'not returned');
  t.deepEqual(
    flags(subscribed(), ...change(), back({ kind: 'repaid', amount: 4, currency: 'EUR' })),
    [],
    'a part',
  );
  t.deepEqual(
    flags(subscribed(), ...change({ covers: covers('pro', 2) }), back()),
    [],
    'its lines are undone',
  );
  t.deepEqual(flags(subscribed(), ...change({ part: 'extra' }), back()), [], 'no change');
  t.deepEqual(flags(subscribed(), ...rebill(DAY, '2027-02-01', '5'), back()), [], 'it has a period');
  const other = told(DAY, 'subscription:T', {
    kind: 'paid',
    until: null,
    sequence: null,
    part: 'proration',
    charge: 'order-id:5',
  });
  const lost = back({ kind: 'dispute-lost' });
  t.deepEqual(flags(subscribed(), other, lost), [], 'of a subscription without a license');
  const addOn = [
    told(DAY, 'order:B', sold('basic', { subscription: 'S', companion: true })),
    told(DAY, S, paid(null, { part: 'proration', charge: 'order:B', total: 10, currency: 'EUR' })),
    told('2027-01-11', 'order:B', { kind: 'refunded' }),
  ];
  t.deepEqual(flags(subscribed(), ...addOn), [], 'it paid for the first period of an add-on');
  const unnamed = told(DAY, S, paid(null, { part: 'proration' }));
  t.deepEqual(flags(subscribed(), unnamed, lost), [], 'a charge without a name');
  const unknown = told(DAY, S, paid(null, { part: 'proration', charge: 'order-id:9' }));
  t.deepEqual(flags(subscribed(), unknown, lost), [], 'a charge of which nothing is told');
});

test('with `refund: keep` only a lost dispute of it is flagged', (t) => {
  const world = () => {
    const one = new World([productOf({ id: 'pro', term: 'P1M', refund: 'keep' })], at(BEGUN));
    one.ask({ order: 'A', product: 'pro', line: 'pro' });
    after(
      one,
      BEGUN,
      told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
      told(BEGUN, S, dated('2027-02-01')),
    );
    return one;
  };
  t.deepEqual(flags(world(), ...change(), back()), []);
  t.deepEqual(flags(world(), ...change(), back({ kind: 'dispute-lost' })), [`${FLAG} ${DAY}`]);
});

test('it is flagged under the first order, with the product of a license that somebody has or that is covered', (t) => {
  const imported = begin();
  after(imported, BEGUN, ...rebill(BEGUN, '2027-02-01', '1', { covers: covers('pro') }));
  t.deepEqual(flags(imported, ...change(), back()), [`change-returned:order-id:5 subscription:S pro ${DAY}`]);
  const swap = told('2027-01-05', S, { kind: 'resized', product: 'basic', quantity: 1, line: 'basic' });
  t.deepEqual(flags(subscribed(), swap, ...change(), back()), [`${FLAG} ${DAY}`], 'it was handed out');
  const unheld = begin();
  after(
    unheld,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  );
  t.deepEqual(flags(unheld, swap, ...change(), back()), [`change-returned:order-id:5 A basic ${DAY}`]);
});

test('it says that its units are unpaid only as long as they are', (t) => {
  const resized = (quantity: number, product = 'pro'): FactBody => {
    return { kind: 'resized', product, quantity, line: product };
  };
  const text = (world: World) => {
    const [flag = ''] = world.flags.filter((each) => each.startsWith('partial-refund'));
    return flag.replace(/.* was returned: /, '');
  };
  const unpaid =
    'the units that it paid for count as unpaid until a further period is paid, though the subscription states them';
  const stated = 'its licenses are as the subscription states them';
  const world = subscribed();
  after(world, BEGUN, told(BEGUN, S, resized(1), 'one'));
  after(
    world,
    '2027-01-12',
    told(DAY, S, resized(2), 'two'),
    ...change({ total: 10, currency: 'EUR' }),
    back(),
  );
  t.deepEqual([world.licenses.filter((each) => /revoked/.test(each)).length, text(world)], [1, unpaid]);
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '6'));
  t.deepEqual([world.licenses.filter((each) => /active/.test(each)).length, text(world)], [2, stated]);

  const left = subscribed();
  after(left, BEGUN, told(BEGUN, S, resized(1), 'one'));
  after(
    left,
    '2027-01-12',
    told(DAY, S, resized(2), 'two'),
    ...change({ total: 10, currency: 'EUR' }),
    back(),
  );
  after(left, '2027-01-14', told('2027-01-14', S, resized(1), 'less'));
  t.is(text(left), stated, 'the subscription states them no more');

  const seats = begin();
  seats.ask({ order: 'A', product: 'team', line: 'team', quantity: 3 });
  after(
    seats,
    BEGUN,
    told(BEGUN, 'order:A', sold('team', { quantity: 3, subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
    told(BEGUN, S, resized(3, 'team'), 'three'),
  );
  const more = [told(DAY, S, resized(5, 'team'), 'five'), ...change({ total: 10, currency: 'EUR' }), back()];
  after(seats, '2027-01-12', ...more);
  t.deepEqual([seats.records[0]?.state, text(seats)], ['active', stated], 'a code that carries all seats');
});

test('a plan that stays by a date alone, beside the one before it, is flagged once the charge it was asked for with is returned', (t) => {
  const KEPT =
    'surplus: All charges with which basic of subscription S was requested were returned. Its license stays to a date that was stated without a payment, beside the license of pro: see which of the two is paid for';
  const announced = (product: string): FactBody => ({
    kind: 'announced',
    product,
    quantity: 1,
    line: product,
  });
  const changed = (isReturned: boolean) => {
    const world = sub.subscribed();
    world.tell([told(BEGUN, S, announced('pro')), told(BEGUN, S, dated('2027-02-01'))]);
    world.tell([told('2027-01-20', S, announced('basic')), told('2027-01-20', S, dated('2027-02-01'))]);
    sub.askAgain(world, '2027-01-30', 'B', 'basic');
    sub.pay(world, '2027-01-30', '', 'B', { until: null, covers: covers('basic', 1) });
    if (isReturned) world.tell([told('2027-01-31', 'order:B', { kind: 'refunded' })]);
    return world;
  };
  const kept = ({ flags }: World) => flags.filter((flag) => flag.includes('charges with which'));
  t.deepEqual(kept(changed(false)), []);
  const world = changed(true);
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 active 2027-02-04',
    'subscription:S/basic/basic/0 active 2027-02-04',
  ]);
  t.deepEqual(kept(world), [KEPT]);
  sub.pay(world, '2027-02-01', '2027-03-01', 'C');
  t.true(
    sub.live(world).includes('subscription:S/basic/basic/0 active 2027-03-04'),
    'a charge by its id alone',
  );
  t.deepEqual(kept(world), [], 'it may pay for it');
  const ended = changed(true);
  ended.tell([told('2027-01-31', licenseSubject(ended.records[0]!.id), { kind: 'withdrawn' })]);
  t.deepEqual(kept(ended), [], 'the one before it was revoked');
});
