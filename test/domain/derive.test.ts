/** Licenses derived from facts: the rules, with the numbers of the faults that broke them. */
import test from 'ava';
import type { Fact, FactBody, Subject } from '../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../src/domain/facts/license-subject.ts';
import type { Product } from '../../src/domain/values/product.ts';
import { productOf } from '../kit/product.ts';
import { charged, covers, dated, outcomes, paid, repaid, sold, tie, told } from '../kit/telling.ts';
import { at, PLAIN_MINTER, World } from '../kit/world.ts';

const BEGUN = '2027-01-01';
const S = 'subscription:S';
const yearly = productOf({ id: 'pro', term: 'P1Y', grace: 'P14D' });
const monthly = (more: Partial<Product> = {}) => productOf({ id: 'pro', term: 'P1M', grace: 'P3D', ...more });
const forever = productOf({ id: 'app', term: 'perpetual' });

/** A sale of pro whose subscription S is charged next on a day. */
function subscribed(products: readonly Product[], until: string | null, quantity = 1): World {
  const world = new World(products, at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity });
  world.tell([
    told(BEGUN, 'order-id:1', tie('order:A')),
    told(BEGUN, 'order:A', sold('pro', { quantity, price: 10 * quantity, subscription: 'S' })),
    told(BEGUN, 'order:A', charged(10 * quantity)),
    ...(until === null ? [] : [told(BEGUN, S, dated(until))]),
  ]);
  return world;
}

/** A rebill, with an order of its own. */
const rebill = (day: string, until: string, id: string, more = {}): readonly Fact[] => [
  told(day, `order-id:${id}`, tie(S)),
  told(day, S, paid(until, { charge: `order-id:${id}`, total: 10, currency: 'EUR', ...more }), `paid ${id}`),
];

/** The state of the first license on this day. */
function after(
  world: World,
  day: string,
  ...facts: readonly (Fact | readonly [Subject, FactBody])[]
): string {
  world.now = Math.max(world.now, at(day));
  world.tell(facts.map((fact) => ('body' in fact ? fact : told(day, fact[0], fact[1]))));
  return stateOf(world);
}
function stateOf(world: World, place = 0): string {
  const license = world.records[place];
  if (license === undefined) return 'none';
  return `${license.state} to ${PLAIN_MINTER.entitlementOf(license.code).lastValid}`;
}
const on = (world: World, day: string) => {
  world.wait(day);
  return stateOf(world);
};

test('a plain requested order gets one license a unit', (t) => {
  const world = new World([forever], at(BEGUN));
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  t.deepEqual(world.licenses, ['A/app/app/0 active perpetual', 'A/app/app/1 active perpetual']);
});

test('the event of a requested order changes nothing', (t) => {
  const world = new World([forever], at(BEGUN));
  world.ask({ order: 'A', product: 'app', line: 'app' });
  world.tell([told(BEGUN, 'order:A', sold('app'))]);
  t.deepEqual(world.licenses, ['A/app/app/0 active perpetual']);
  t.deepEqual(world.flags, []);
});

test('fault 1: a partial refund revokes nothing; parts that add up to the paid amount revoke', (t) => {
  const world = new World([forever], at(BEGUN));
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 5 });
  world.tell([told(BEGUN, 'order:A', { kind: 'confirmed', quantity: 5, total: 195, currency: 'EUR' })]);
  world.tell([told('2027-01-02', 'order:A', repaid(19.5))]);
  t.deepEqual(
    world.records.map(({ state }) => state),
    ['active', 'active', 'active', 'active', 'active'],
  );
  world.tell([told('2027-01-03', 'order:A', repaid(175.5))]);
  t.true(world.records.every(({ state }) => state === 'revoked'));
});

test('fault 2: with a scheduled pause a license is active up to its last paid day and suspended after it', (t) => {
  for (const pause of [
    { kind: 'paused', last: '2027-02-01' },
    { kind: 'paused', scheduled: true },
  ] as const) {
    const world = subscribed([monthly()], '2027-02-01');
    t.is(after(world, '2027-01-10', [S, pause]), 'active to 2027-02-01');
    t.is(on(world, '2027-02-01'), 'active to 2027-02-01');
    t.is(on(world, '2027-02-02'), 'suspended to 2027-02-01');
    t.is(after(world, '2027-03-01', ...rebill('2027-03-01', '2027-04-01', '2')), 'active to 2027-04-04');
  }
});

test('fault 2: a withdrawn scheduled pause leaves the date unchanged', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  after(world, '2027-01-10', [S, { kind: 'paused', scheduled: true }]);
  t.is(after(world, '2027-01-20', [S, { kind: 'resumed' }]), 'active to 2027-02-04');
  t.is(on(world, '2027-02-02'), 'active to 2027-02-04');
});

test('fault 3: a unit of a line is returned only if the amount covers its price', (t) => {
  const world = new World([forever], at(BEGUN));
  world.ask({ order: 'A', product: 'app', line: 'app', quantity: 2 });
  world.tell([
    told(BEGUN, 'order:A', charged(48)),
    told(BEGUN, 'order:A', sold('app', { quantity: 2, price: 40 })),
  ]);
  const line = (amount: number) => ({ lines: [{ line: 'app', amount, quantity: 1, full: false }] });
  world.tell([told('2027-01-02', 'order:A', repaid(5, line(5)))]);
  t.deepEqual(
    world.records.map(({ state }) => state),
    ['active', 'active'],
  );
  world.tell([told('2027-01-03', 'order:A', repaid(15, line(15)))]);
  t.deepEqual(
    world.records.map(({ state }) => state),
    ['active', 'revoked'],
    'the newest goes first',
  );
});

test('fault 5: a chargeback of a one-time sale revokes, and a won dispute reinstates', (t) => {
  const world = new World([forever], at(BEGUN));
  world.ask({ order: 'A', product: 'app', line: 'app' });
  t.is(after(world, '2027-01-02', ['order:A', { kind: 'charged-back' }]), 'revoked to null');
  t.is(after(world, '2027-01-03', ['order:A', { kind: 'dispute-won' }]), 'active to null');
  t.is(after(world, '2027-01-04', ['order:A', { kind: 'dispute-lost' }]), 'revoked to null');
});

test('fault 7: a date stated while the subscription is paused is no paid time', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  t.is(after(world, '2027-01-10', [S, { kind: 'paused' }]), 'suspended to 2027-02-04');
  t.is(after(world, '2027-01-11', [S, dated('2027-06-01')]), 'suspended to 2027-02-04');
  const scheduled = subscribed([monthly()], '2027-02-01');
  after(scheduled, '2027-01-10', [S, { kind: 'paused', scheduled: true }]);
  t.is(after(scheduled, '2027-01-11', [S, dated('2027-06-01')]), 'active to 2027-02-01');
});

test('fault 9: a payment lifts overdue, also for a canceled subscription', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  after(world, '2027-02-02', [S, { kind: 'overdue' }], [S, { kind: 'canceled', last: '2027-02-28' }]);
  const charge = rebill('2027-02-03', '2027-03-01', '2');
  t.is(after(world, '2027-02-03', ...charge), 'active to 2027-02-28');
});

test('fault 9: a paused and canceled subscription ends on its day', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  after(world, '2027-01-10', [S, { kind: 'paused' }], [S, { kind: 'canceled', last: '2027-01-31' }]);
  t.is(on(world, '2027-01-31'), 'suspended to 2027-01-31');
  t.is(on(world, '2027-02-01'), 'ended to 2027-01-31');
});

test('fault 11: a subscription of a product without a file does not affect a perpetual line of its order', (t) => {
  const world = new World([forever], at(BEGUN));
  world.ask({ order: 'A', product: 'app', line: 'app' });
  world.tell([
    told(BEGUN, 'order:A', sold('app')),
    told(BEGUN, 'order:A', { ...sold(null, { subscription: 'S' }), line: 'other' }, 'sold other'),
    told(BEGUN, S, dated('2027-02-01')),
    told('2027-01-10', S, { kind: 'overdue' }),
    told('2027-01-20', S, { kind: 'deactivated', on: '2027-01-20' }),
  ]);
  t.deepEqual(world.licenses, ['A/app/app/0 active perpetual']);
});

test('fault 12: the refund of one rebill takes its own period, and a later payment counts again', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  t.is(after(world, '2027-03-01', ...rebill('2027-03-01', '2027-04-01', '3')), 'active to 2027-04-04');
  t.is(after(world, '2027-03-02', ['order-id:3', repaid(10)]), 'active to 2027-03-04');
  t.is(after(world, '2027-04-01', ...rebill('2027-04-01', '2027-05-01', '4')), 'active to 2027-05-04');
  t.is(after(world, '2027-04-02', ['order-id:2', { kind: 'refunded' }]), 'active to 2027-05-04');
});

test('fault 12: without a paid period the license is revoked, until a later charge is paid', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  t.is(after(world, '2027-01-02', ['order:A', repaid(10)]), 'revoked to 2027-02-04');
  t.is(after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2')), 'active to 2027-03-04');
});

test('fault 12: after a return a new charge for the same period pays for it again', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  t.is(after(world, '2027-01-02', ['order:A', repaid(10)]), 'revoked to 2027-02-04');
  t.is(after(world, '2027-01-05', ...rebill('2027-01-05', '2027-02-01', '2')), 'active to 2027-02-04');
  t.is(after(world, '2027-01-06', ['order-id:2', repaid(10)]), 'revoked to 2027-02-04');
});

test('fault 12: the return of an extra charge or a proration takes no period', (t) => {
  for (const part of ['extra', 'proration'] as const) {
    const world = subscribed([monthly()], '2027-02-01');
    after(world, '2027-01-10', ...rebill('2027-01-10', '2027-02-01', '2', { part }));
    t.is(after(world, '2027-01-11', ['order-id:2', repaid(10)]), 'active to 2027-02-04');
  }
});

test('fault 12: a chargeback of any charge suspends; a loss takes its period, a win or a later payment lifts', (t) => {
  for (const [body, state] of [
    [{ kind: 'dispute-lost' }, 'active to 2027-02-04'],
    [{ kind: 'dispute-won' }, 'active to 2027-03-04'],
  ] as const) {
    const world = subscribed([monthly()], '2027-02-01');
    after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
    t.is(after(world, '2027-02-02', ['order-id:2', { kind: 'charged-back' }]), 'suspended to 2027-03-04');
    t.is(after(world, '2027-02-03', ['order-id:2', body]), state);
  }
  const world = subscribed([monthly()], '2027-02-01');
  t.is(after(world, '2027-01-02', ['order:A', { kind: 'disputed' }]), 'suspended to 2027-02-04');
  t.is(after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2')), 'active to 2027-03-04');
});

test('fault 12: winning one of two disputes leaves the other', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  after(world, '2027-02-02', ['order-id:2', { kind: 'disputed' }], ['order-id:1', { kind: 'disputed' }]);
  t.is(after(world, '2027-02-03', ['order-id:2', { kind: 'dispute-won' }]), 'suspended to 2027-03-04');
  t.is(after(world, '2027-02-04', ['order:A', { kind: 'dispute-won' }]), 'active to 2027-03-04');
});

test('of a further charge only its money concerns the license: its own order may fail or be under review', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  t.is(after(world, '2027-02-02', ['order-id:2', { kind: 'voided' }]), 'active to 2027-03-04');
  t.is(after(world, '2027-02-03', ['order-id:2', { kind: 'reviewed' }]), 'active to 2027-03-04');
  t.is(after(world, '2027-02-04', ['order-id:1', { kind: 'reviewed' }]), 'suspended to 2027-03-04');
});

test('a product with "refund: keep" loses licenses whose dispute was lost', (t) => {
  const world = subscribed([monthly({ refund: 'keep' })], '2027-02-01');
  t.is(after(world, '2027-01-02', ['order:A', repaid(10)]), 'active to 2027-02-04');
  t.is(after(world, '2027-01-03', ['order:A', { kind: 'dispute-lost' }]), 'revoked to 2027-02-04');
  const once = new World([{ ...forever, refund: 'keep' }], at(BEGUN));
  once.ask({ order: 'A', product: 'app', line: 'app' });
  t.is(after(once, '2027-01-02', ['order:A', { kind: 'refunded' }]), 'active to null');
  t.is(
    after(once, '2027-01-03', ['order:A', { kind: 'returned', product: null, quantity: 1 }]),
    'active to null',
  );
  t.is(after(once, '2027-01-04', ['order:A', { kind: 'dispute-lost' }]), 'revoked to null');
});

test('a product with "overdue: keep" keeps a license with an overdue payment', (t) => {
  const world = subscribed([monthly({ overdue: 'keep' })], '2027-02-01');
  t.is(after(world, '2027-01-02', [S, { kind: 'overdue' }]), 'active to 2027-02-04');
});

test('fault 14, 34: a fallback keeps the paid time when the last charge is refunded or the subscription is canceled', (t) => {
  const fallback = productOf({ id: 'pro', term: 'P1Y', grace: 'P14D', ended: 'fallback' });
  const years = () => {
    const world = subscribed([fallback], '2028-01-01');
    after(world, '2028-01-01', ...rebill('2028-01-01', '2029-01-01', '2'));
    after(world, '2029-01-01', ...rebill('2029-01-01', '2030-01-01', '3'));
    return world;
  };
  const refunded = years();
  t.is(after(refunded, '2029-01-02', ['order-id:3', repaid(10)]), 'ended to null');
  t.deepEqual(outcomes(refunded), ['pro ended to no end, updates to 2029-01-01, 1 seats, features 3']);
  const early = years();
  after(early, '2029-02-01', ['order-id:2', repaid(10)]);
  t.is(stateOf(early), 'active to 2030-01-15', 'a period before the last one');
  const canceled = years();
  after(canceled, '2029-02-01', [S, { kind: 'canceled', last: '2029-12-31' }]);
  t.is(on(canceled, '2029-12-31'), 'active to 2029-12-31');
  t.is(on(canceled, '2030-01-01'), 'ended to null');
});

test('fault 14: a fallback begins when the remaining time is over', (t) => {
  const fallback = productOf({ id: 'pro', term: 'P1Y', grace: 'P14D', ended: 'fallback' });
  const world = subscribed([fallback], '2028-01-01');
  after(world, '2027-12-20', ...rebill('2027-12-20', '2029-01-01', '2'));
  t.is(after(world, '2027-12-21', ['order-id:2', repaid(10)]), 'active to 2028-01-15');
  t.is(world.records[0]?.due, at('2028-01-02', 0));
  t.is(on(world, '2028-01-01'), 'active to 2028-01-15');
  t.is(on(world, '2028-01-02'), 'ended to null');
});

test('fault 34, 68: an unpaid trial falls back to nothing', (t) => {
  const fallback = productOf({ id: 'pro', term: 'P1M', grace: 'P3D', ended: 'fallback' });
  const world = new World([fallback], at(BEGUN));
  world.ask({ order: 'A', product: 'pro', line: 'pro' });
  world.tell([
    told(BEGUN, 'order:A', { kind: 'linked', subscription: 'S' }),
    told(BEGUN, S, paid('2027-01-15', { part: 'first', charge: 'order:A', free: true })),
  ]);
  t.is(stateOf(world), 'active to 2027-01-18');
  t.is(after(world, '2027-01-15', [S, { kind: 'deactivated', on: '2027-01-15' }]), 'ended to 2027-01-15');
  const trial = new World([fallback], at(BEGUN));
  trial.ask({ order: 'A', product: 'pro', line: 'pro' });
  trial.tell([
    told(BEGUN, 'order:A', sold('pro', { trial: true, subscription: 'S' })),
    told(BEGUN, S, dated('2027-01-15')),
  ]);
  t.is(after(trial, '2027-01-15', [S, { kind: 'deactivated', on: '2027-01-15' }]), 'ended to 2027-01-15');
  const dateOnly = subscribed([fallback], null);
  after(dateOnly, BEGUN, [S, dated('2027-01-15', { trial: true })]);
  t.is(after(dateOnly, '2027-01-15', [S, { kind: 'deactivated', on: '2027-01-15' }]), 'ended to 2027-01-15');
});

test('with "ended: revoke" the end of a subscription revokes its licenses', (t) => {
  const world = subscribed([monthly({ ended: 'revoke' })], '2027-02-01');
  t.is(after(world, '2027-01-10', [S, { kind: 'deactivated', on: '2027-01-10' }]), 'revoked to 2027-02-04');
});

test('fault 16: the monthly and the yearly plan of one product each follow their own subscription', (t) => {
  const world = new World([yearly], at(BEGUN));
  for (const line of ['month', 'year']) world.ask({ order: 'A', product: 'pro', line });
  world.tell([
    told(BEGUN, 'order:A', { ...sold('pro', { subscription: 'M' }), line: 'month' }, 'month'),
    told(BEGUN, 'order:A', { ...sold('pro', { subscription: 'Y' }), line: 'year' }, 'year'),
    told(BEGUN, 'subscription:M', dated('2027-02-01')),
    told(BEGUN, 'subscription:Y', dated('2028-01-01')),
    told('2027-01-02', 'subscription:M', { kind: 'overdue' }),
  ]);
  t.deepEqual(world.licenses, ['A/month/pro/0 suspended 2027-02-15', 'A/year/pro/0 active 2028-01-15']);
});

test('fault 24: a canceled subscription that is active and paid again continues', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  t.is(after(world, '2027-01-10', [S, { kind: 'canceled', last: '2027-01-31' }]), 'active to 2027-01-31');
  t.is(after(world, '2027-01-20', [S, dated('2027-03-01', { active: true })]), 'active to 2027-03-04');
  after(world, '2027-01-21', [S, { kind: 'canceled', last: '2027-02-28' }]);
  t.is(after(world, '2027-03-01', ...rebill('2027-03-01', '2027-04-01', '2')), 'active to 2027-04-04');
  t.is(on(world, '2027-03-02'), 'active to 2027-04-04');
});

test('fault 24: a charge within the canceled period does not withdraw the cancellation', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  after(world, '2027-01-10', [S, { kind: 'canceled', last: '2027-01-31' }]);
  t.is(after(world, '2027-01-12', ...rebill('2027-01-12', '2027-02-01', '2')), 'active to 2027-01-31');
  t.is(after(world, '2027-01-13', [S, dated('2027-02-01')]), 'active to 2027-01-31');
});

test('fault 25: 5 seats bought, 1 returned, set to 4: 4 seats; later 6 paid: 6', (t) => {
  const team = productOf({ id: 'pro', term: 'P1M', grace: 'P3D', quantity: 'seats', seats: 1 });
  const world = subscribed([team], '2027-02-01', 5);
  const seats = () => PLAIN_MINTER.entitlementOf(world.records[0]?.code ?? '').seats;
  const line = { lines: [{ line: 'pro', amount: 10, quantity: 1, full: false }] };
  after(world, '2027-01-05', ['order:A', repaid(10, line)]);
  t.is(seats(), 4);
  after(world, '2027-01-06', [S, { kind: 'resized', product: 'pro', quantity: 4, line: 'pro' }]);
  t.is(seats(), 4);
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 6) }));
  t.is(seats(), 6);
});

test('fault 27: returns of 10 and 10 of 20 are a full return', (t) => {
  const world = new World([forever], at(BEGUN));
  world.ask({ order: 'A', product: 'app', line: 'app' });
  world.tell([told(BEGUN, 'order:A', charged(20))]);
  t.is(after(world, '2027-01-02', ['order:A', repaid(10)]), 'active to null');
  t.is(after(world, '2027-01-03', ['order:A', repaid(10)]), 'revoked to null');
});

test('fault 33: updates move forward with each paid period and back with its return', (t) => {
  const world = subscribed(
    [productOf({ id: 'pro', term: 'P1Y', grace: 'P14D', updates: 'P1Y' })],
    '2028-01-01',
  );
  after(world, '2028-01-01', ...rebill('2028-01-01', '2029-01-01', '2'));
  t.deepEqual(outcomes(world), ['pro active to 2029-01-15, updates to 2029-01-01, 1 seats, features 3']);
  after(world, '2028-01-02', ['order-id:2', repaid(10)]);
  t.deepEqual(outcomes(world), ['pro active to 2028-01-15, updates to 2028-01-01, 1 seats, features 3']);
});

test('fault 33: a maintenance subscription of a perpetual license moves only its updates', (t) => {
  const world = subscribed(
    [productOf({ id: 'pro', term: 'perpetual', updates: 'P1Y', grace: 'P14D' })],
    null,
  );
  t.deepEqual(outcomes(world), ['pro active to no end, updates to 2028-01-01, 1 seats, features 3']);
  after(world, '2028-01-01', ...rebill('2028-01-01', '2029-01-01', '2'));
  t.deepEqual(outcomes(world), ['pro active to no end, updates to 2029-01-15, 1 seats, features 3']);
  after(world, '2028-01-02', ['order-id:2', repaid(10)], [S, { kind: 'overdue' }], [S, { kind: 'paused' }]);
  t.deepEqual(outcomes(world), ['pro active to no end, updates to 2028-01-01, 1 seats, features 3']);
  after(world, '2028-01-03', [S, { kind: 'deactivated', on: '2028-01-03' }]);
  t.is(stateOf(world), 'active to null');
  t.is(
    after(world, '2028-01-04', ['order:A', { kind: 'refunded' }]),
    'revoked to null',
    'its own sale is returned',
  );
});

test('fault 33: a review, a dispute or an operator suspends a perpetual license', (t) => {
  for (const kind of ['reviewed', 'disputed'] as const) {
    const world = subscribed([productOf({ id: 'pro', term: 'perpetual' })], null);
    t.is(after(world, '2027-01-02', ['order:A', { kind }]), 'suspended to null');
  }
});

test('fault 35: an operator moves the end of updates; a later charge moves it forward, never back', (t) => {
  const world = subscribed(
    [productOf({ id: 'pro', term: 'P1Y', grace: 'P14D', updates: 'P1Y' })],
    '2028-01-01',
  );
  const updates = () => PLAIN_MINTER.entitlementOf(world.records[0]?.code ?? '').updatesUntil;
  const [license] = world.records;
  if (license === undefined) return t.fail();
  world.decide(told('2027-02-01', licenseSubject(license.id), { kind: 'set-updates', until: '2028-06-01' }));
  t.is(updates(), '2028-06-01');
  after(world, '2028-01-01', ...rebill('2028-01-01', '2029-01-01', '2'));
  t.is(updates(), '2029-01-01');
  world.decide(told('2028-02-01', licenseSubject(license.id), { kind: 'set-updates', until: '2031-06-01' }));
  after(world, '2029-01-01', ...rebill('2029-01-01', '2030-01-01', '3'));
  t.is(updates(), '2031-06-01');
});

test('fault 37: the terms of the sale decide after the file is edited, until an operator applies others', (t) => {
  const world = subscribed([monthly({ refund: 'keep' }), productOf({ id: 'other' })], '2027-02-01');
  const before = world.found.licenses[0]?.terms ?? '';
  world.change(monthly({ refund: 'revoke' }));
  t.is(after(world, '2027-01-02', ['order:A', repaid(10)]), 'active to 2027-02-04');
  world.ask({ order: 'B', product: 'pro', line: 'pro' });
  const now = world.records[1]?.terms ?? '';
  t.not(now, before);
  t.is(
    after(world, '2027-01-03', ['order:A', { kind: 'termed', product: 'other', terms: now }]),
    'active to 2027-02-04',
  );
  t.is(
    after(world, '2027-01-04', ['order:A', { kind: 'termed', product: 'pro', terms: now }]),
    'revoked to 2027-02-04',
  );
  t.is(
    after(world, '2027-01-05', ['order:A', { kind: 'termed', product: 'pro', terms: before }]),
    'active to 2027-02-04',
  );
});

test('terms that are applied move the days of a subscription by its grace, and those of a sale that was paid once not at all', (t) => {
  const planOf = (more: Partial<Product>) =>
    productOf({ id: 'pro', term: 'P1Y', grace: 'P3D', updates: 'P1Y', ...more });
  for (const [more, moves] of [
    [{ grace: 'P30D' }, true],
    [{ term: 'P2Y' }, false],
    [{ updates: 'P3Y' }, false],
  ] as const) {
    const world = subscribed([planOf({})], '2028-01-01');
    world.ask({ order: 'C', product: 'pro', line: 'pro' });
    world.tell([told(BEGUN, 'order:C', sold('pro'))]);
    const days = () =>
      world.records.map(({ code }) => {
        const { lastValid, updatesUntil } = world.rules.minter.entitlementOf(code);
        return [lastValid, updatesUntil];
      });
    const before = days();
    world.change(planOf(more));
    const now = world.rules.currentTerms('pro')?.digest ?? '';
    for (const order of ['order:A', 'order:C'] as const)
      world.decide(told('2027-02-01', order, { kind: 'termed', product: 'pro', terms: now }));
    const [subscription, once] = days();
    t.deepEqual(once, before[1], JSON.stringify(more));
    t.is(subscription?.[0] !== before[0]?.[0], moves, JSON.stringify(more));
    t.is(world.records[0]?.terms, world.records[1]?.terms);
  }
});

test('a license without known terms stays unchanged', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  const unknown: FactBody = { kind: 'termed', product: 'pro', terms: 'not kept' };
  t.is(
    after(world, '2027-01-02', ['order:A', unknown], ['order:A', { kind: 'refunded' }]),
    'active to 2027-02-04',
  );
});

test('fault 63: after a change from Pro to Basic no paid month of Basic moves a day of Pro', (t) => {
  const basic = productOf({ id: 'basic', term: 'P1M', grace: 'P3D' });
  const world = subscribed([monthly(), basic], '2027-02-01');
  for (const [month, id] of [
    [2, '2'],
    [3, '3'],
    [4, '4'],
  ] as const)
    after(
      world,
      `2027-0${month}-01`,
      ...rebill(`2027-0${month}-01`, `2027-0${month + 1}-01`, id, { covers: covers('basic') }),
    );
  t.deepEqual(world.licenses, [
    'A/pro/pro/0 ended 2027-02-04',
    'subscription:S/basic/basic/0 active 2027-05-04',
  ]);
  t.deepEqual(
    world.records.map(({ revision }) => revision),
    [0, 2],
  );
});

test('fault 63: when five units become two, the other three get no more days until the number rises again', (t) => {
  const world = subscribed([monthly()], '2027-02-01', 3);
  after(world, '2027-01-15', [S, { kind: 'resized', product: 'pro', quantity: 1, line: 'pro' }]);
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  t.deepEqual(
    [0, 1, 2].map((place) => stateOf(world, place)),
    ['active to 2027-03-04', 'ended to 2027-02-04', 'ended to 2027-02-04'],
  );
  after(world, '2027-02-15', [S, { kind: 'resized', product: 'pro', quantity: 2, line: 'pro' }]);
  t.deepEqual(
    [0, 1, 2].map((place) => stateOf(world, place)),
    ['active to 2027-03-04', 'active to 2027-03-04', 'ended to 2027-02-04'],
  );
});

test('fault 63: returns still count for a license that its subscription no longer covers', (t) => {
  const basic = productOf({ id: 'basic', term: 'P1M', grace: 'P3D' });
  const world = subscribed([monthly(), basic], '2027-02-01');
  after(world, '2027-01-15', [S, { kind: 'resized', product: 'basic', quantity: 1, line: 'basic' }]);
  t.is(after(world, '2027-01-16', ['order:A', repaid(10)]), 'revoked to 2027-02-04');
});

test('fault 66: active after past due lifts overdue, and paused to past due to active ends active', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  t.is(
    after(world, '2027-02-02', [S, { kind: 'overdue' }], [S, { kind: 'paused' }]),
    'suspended to 2027-02-04',
  );
  t.is(after(world, '2027-02-03', [S, { kind: 'recovered' }]), 'active to 2027-02-04');
});

test('fault 68: a charge of zero gives access and is no payment', (t) => {
  const world = subscribed([monthly()], '2027-02-01');
  after(world, '2027-02-01', [S, { kind: 'overdue' }]);
  t.is(
    after(world, '2027-02-02', ...rebill('2027-02-02', '2027-03-01', '2', { free: true, total: 0 })),
    'suspended to 2027-03-04',
  );
});

test('fault 71: an announced change takes nothing away within paid time', (t) => {
  const world = subscribed([monthly()], '2027-02-01', 3);
  const announced: FactBody = { kind: 'announced', product: 'pro', quantity: 1, line: 'pro' };
  after(world, '2027-01-10', [S, announced]);
  t.true(world.records.every(({ state }) => state === 'active'));
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2', { covers: covers('pro', 1) }));
  t.deepEqual(
    world.records.map(({ state }) => state),
    ['active', 'ended', 'ended'],
  );
});

test('an operator’s decision concerns its own license only', (t) => {
  const world = subscribed([monthly()], '2027-02-01', 2);
  const [, second] = world.records;
  if (second === undefined) return t.fail();
  world.decide(told('2027-01-02', licenseSubject(second.id), { kind: 'stopped' }));
  t.deepEqual(
    world.records.map(({ state }) => state),
    ['active', 'suspended'],
  );
});

test('an operator can reinstate a license that its subscription no longer covers, without further days', (t) => {
  const world = subscribed([monthly()], '2027-02-01', 2);
  after(world, '2027-01-15', [S, { kind: 'resized', product: 'pro', quantity: 1, line: 'pro' }]);
  const [, second] = world.records;
  if (second === undefined) return t.fail();
  world.decide(told('2027-01-16', licenseSubject(second.id), { kind: 'reinstated' }));
  after(world, '2027-02-01', ...rebill('2027-02-01', '2027-03-01', '2'));
  t.deepEqual(
    [0, 1].map((place) => stateOf(world, place)),
    ['active to 2027-03-04', 'active to 2027-02-04'],
  );
  after(world, '2027-02-02', [S, { kind: 'resized', product: 'basic', quantity: 1, line: 'basic' }]);
  t.is(stateOf(world, 1), 'active to 2027-02-04');
});

test('a sale not marked as a trial counts as a trial if a trial limited its first code', (t) => {
  const fallback = productOf({ id: 'pro', term: 'P1M', grace: 'P3D', ended: 'fallback' });
  const world = new World([fallback], at(BEGUN));
  const order = {
    marketplace: 'fastspring',
    mode: 'live',
    order: 'A',
    product: 'pro',
    line: 'pro',
    quantity: 1,
    soldAt: at(BEGUN),
    customer: { name: undefined, email: undefined },
  } as const;
  world.issue({
    order,
    product: fallback,
    units: 'all',
    facts: [],
    trialEnd: '2027-01-15',
    at: at(BEGUN),
    cause: 'a test',
  });
  world.tell([told(BEGUN, 'order:A', sold('pro', { subscription: 'S' }))]);
  t.is(stateOf(world), 'active to 2027-01-18');
  t.is(after(world, '2027-01-15', [S, { kind: 'deactivated', on: '2027-01-15' }]), 'ended to 2027-01-15');
});
