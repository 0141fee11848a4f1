/** The outcome of a life on a day. */
import test from 'ava';
import type { Fact, FactBody } from '../../../src/domain/facts/fact.ts';
import { readNames } from '../../../src/domain/facts/names.ts';
import { lifeOf } from '../../../src/domain/life/life.ts';
import { outcomeOfLife, type Place } from '../../../src/domain/life/outcome.ts';
import type { Product } from '../../../src/domain/values/product.ts';
import { productOf } from '../../kit/product.ts';
import { ENTITLEMENT } from '../../kit/records.ts';
import { dated, paid, told } from '../../kit/telling.ts';
import { at } from '../../kit/world.ts';

const S = 'subscription:S';
const TODAY = '2027-01-20';

interface Case {
  readonly product?: Partial<Product>;
  readonly place?: Partial<Place>;
  /** Charges that were returned. */
  readonly returned?: readonly string[];
  readonly today?: string;
}

/** A month's subscription from 2027-01-01 on, next charge on 2027-02-01; facts on the days from 2027-01-02 on. */
function after(
  bodies: readonly (FactBody | Fact)[],
  { product = {}, place = {}, returned = [], today = TODAY }: Case = {},
) {
  const terms = productOf({ term: 'P1M', grace: 'P3D', ...product });
  const isPerpetual = terms.term === 'perpetual';
  const issued = { ...ENTITLEMENT, lastValid: isPerpetual ? null : '2027-02-04', ...place.issued };
  const firstUntil = isPerpetual ? null : '2027-02-01';
  const facts = bodies.map((body, index) =>
    'subject' in body ? body : told(`2027-01-${String(index + 2).padStart(2, '0')}`, S, body),
  );
  const context = {
    terms,
    names: readNames([], new Set<string>()),
    issued,
    firstUntil,
    ownCharge: 'order:A',
    follows: true,
    trial: false,
  } as const;
  const whole: Place = {
    terms,
    firstUntil,
    follows: true,
    ownCharge: 'order:A',
    returnedAt: (charge) => (returned.includes(charge) ? at('2029-01-01') : undefined),
    unitReturned: false,
    covered: true,
    undone: false,
    surplus: false,
    units: undefined,
    features: undefined,
    ...place,
    issued,
  };
  return outcomeOfLife(lifeOf(facts, { ...context, follows: whole.follows }), whole, today);
}
const short = (...args: Parameters<typeof after>) => {
  const { state, entitlement } = after(...args);
  return `${state} to ${entitlement.lastValid ?? 'no end'}`;
};
const rebill = paid('2027-03-01', { charge: 'order:B' });

test('a license is active to the end of its last paid period, plus grace', (t) => {
  t.is(short([]), 'active to 2027-02-04');
  t.is(short([dated('2027-02-10')]), 'active to 2027-02-13');
  t.is(short([rebill]), 'active to 2027-03-04');
});

test('each of a unit’s own ends revokes it', (t) => {
  for (const place of [{ unitReturned: true }, { surplus: true }, { undone: true }])
    t.is(after([], { place }).state, 'revoked', JSON.stringify(place));
  t.is(after([{ kind: 'withdrawn' }]).state, 'revoked');
  t.is(after([{ kind: 'withdrawn' }, { kind: 'deactivated', on: '2027-01-10' }]).state, 'revoked');
});

test('fault 12: a license that follows a subscription is revoked if no paid period is left', (t) => {
  t.is(short([], { returned: ['order:A'] }), 'revoked to 2027-02-04');
  t.is(short([rebill], { returned: ['order:B'] }), 'active to 2027-02-04');
  t.is(short([rebill], { returned: ['order:A'] }), 'active to 2027-03-04');
  t.is(short([rebill], { returned: ['order:A', 'order:B'] }), 'revoked to 2027-02-04');
  t.is(after([], { returned: ['order:A'], place: { follows: false } }).state, 'active');
  t.is(after([], { returned: ['order:A'], product: { term: 'perpetual' } }).state, 'active');
});

test('a cancellation has no grace and ends the license after its day', (t) => {
  const canceled: FactBody = { kind: 'canceled', last: '2027-01-31' };
  t.is(short([canceled]), 'active to 2027-01-31');
  t.is(after([canceled]).changesOn, '2027-02-01');
  t.is(short([canceled], { today: '2027-01-31' }), 'active to 2027-01-31');
  t.is(after([canceled], { today: '2027-01-31' }).changesOn, '2027-02-01');
  t.is(short([canceled], { today: '2027-02-01' }), 'ended to 2027-01-31');
  t.is(after([canceled], { today: '2027-02-01' }).changesOn, undefined);
});

test('an end that is told for later than what is paid so far adds no day; once that is paid, it is the last day', (t) => {
  const far: FactBody = { kind: 'canceled', last: '2027-06-30' };
  t.is(short([rebill, far]), 'active to 2027-03-04');
  t.is(after([rebill, far]).changesOn, '2027-07-01');
  t.is(short([rebill, far, paid('2027-07-01', { charge: 'order:C' })]), 'active to 2027-06-30');
  t.is(short([rebill, { kind: 'deactivated', on: '2027-03-20' }]), 'ended to 2027-03-04');
});

test('an end counts at once, and the first of several last days counts', (t) => {
  const ended: FactBody = { kind: 'deactivated', on: '2027-01-25' };
  t.is(short([ended]), 'ended to 2027-01-25');
  t.is(short([{ kind: 'canceled', last: '2027-01-24' }, ended]), 'ended to 2027-01-24');
  t.is(short([{ kind: 'paused', last: '2027-01-22' }, ended]), 'ended to 2027-01-22');
});

test('a return moves the last day before a later end, with grace', (t) => {
  const canceled: FactBody = { kind: 'canceled', last: '2027-02-28' };
  t.is(short([rebill, canceled]), 'active to 2027-02-28');
  t.is(
    short([rebill, canceled, dated('2027-03-01')], { returned: ['order:B'] }),
    'active to 2027-02-28',
    'no date is known of the first period',
  );
  const known = paid('2027-02-01', { charge: 'order:A' });
  t.is(short([known, rebill, canceled], { returned: ['order:B'] }), 'active to 2027-02-04');
  t.is(
    short([known, rebill, { kind: 'canceled', last: '2027-01-25' }], { returned: ['order:B'] }),
    'active to 2027-01-25',
  );
});

test('a unit that the subscription no longer covers has ended, with its paid day', (t) => {
  const left = { covered: false };
  t.is(short([rebill], { place: left }), 'ended to 2027-03-04');
  t.is(after([], { place: left, product: { ended: 'revoke' } }).state, 'revoked');
  t.is(after([], { place: left, product: { term: 'perpetual' } }).state, 'active');
  t.is(short([{ kind: 'overdue' }], { place: left }), 'ended to 2027-02-04');
});

test('a scheduled pause suspends after its day', (t) => {
  const pause: FactBody = { kind: 'paused', last: '2027-01-20' };
  t.is(short([pause]), 'active to 2027-01-20');
  t.is(after([pause]).changesOn, '2027-01-21');
  t.is(short([pause], { today: '2027-01-21' }), 'suspended to 2027-01-20');
  t.is(
    after([pause, { kind: 'canceled', last: '2027-01-25' }]).changesOn,
    '2027-01-21',
    'the first of two days',
  );
  t.is(
    after([pause, { kind: 'canceled', last: '2027-01-25' }], { today: '2027-01-21' }).changesOn,
    '2027-01-26',
  );
});

test('a hold and a dispute suspend', (t) => {
  for (const kind of ['overdue', 'paused', 'reviewed', 'stopped', 'disputed'] as const)
    t.is(short([{ kind }]), 'suspended to 2027-02-04', kind);
});

test('a dispute of a charge whose money went back suspends no more', (t) => {
  const disputed = (charge: string) => [
    rebill,
    told('2027-01-05', charge as 'order:B', { kind: 'disputed' }),
  ];
  const returned = ['order:B'];
  t.is(short(disputed('order:B')), 'suspended to 2027-03-04');
  t.is(short(disputed('order:B'), { returned }), 'active to 2027-02-04');
  t.is(short(disputed('order:A'), { returned }), 'suspended to 2027-02-04', 'another charge');
});

test('fault 33: an operator, a review or a dispute of its sale suspends a maintained license, its subscription does not', (t) => {
  const product = { term: 'perpetual', updates: 'P1Y' } as const;
  for (const kind of ['reviewed', 'stopped', 'disputed'] as const)
    t.is(after([{ kind }], { product, place: { ownCharge: S } }).state, 'suspended', kind);
  for (const body of [
    { kind: 'disputed' },
    { kind: 'overdue' },
    { kind: 'paused' },
    { kind: 'paused', last: '2027-01-05' },
    { kind: 'canceled', last: '2027-01-05' },
    { kind: 'deactivated', on: '2027-01-05' },
  ] as const) {
    t.is(short([body], { product }), 'active to no end', body.kind);
    t.is(after([body], { product }).changesOn, undefined);
  }
});

test('an operator’s day is the last day while the license goes on', (t) => {
  const set: FactBody = { kind: 'set-until', until: '2027-06-01' };
  t.is(short([set]), 'active to 2027-06-01');
  t.is(short([set, { kind: 'deactivated', on: '2027-01-10' }]), 'ended to 2027-01-10');
  t.is(short([set], { product: { term: 'perpetual' } }), 'active to no end');
});

test('a return leaves no day after the end of a subscription, though its grace reaches further', (t) => {
  const ends = (on: string) =>
    short([dated('2027-02-01'), rebill, { kind: 'deactivated', on }], { returned: ['order:B'] });
  t.is(ends('2027-02-03'), 'ended to 2027-02-03', 'paid to 2027-02-01, with grace to 2027-02-04');
  t.is(ends('2027-02-10'), 'ended to 2027-02-04', 'the control');
  const canceled: FactBody = { kind: 'canceled', last: '2027-02-03' };
  t.is(short([dated('2027-02-01'), rebill, canceled], { returned: ['order:B'] }), 'active to 2027-02-03');
});

test('a license that was sold as dated and moved to perpetual terms keeps its days, and a payment moves them', (t) => {
  const moved = { product: { term: 'perpetual' }, place: { issued: ENTITLEMENT } } as const;
  const sold = `active to ${ENTITLEMENT.lastValid}`;
  const further = paid('2029-01-01', { charge: 'order:B' });
  t.is(short([], moved), sold);
  t.is(short([dated('2028-01-01'), further], moved), 'active to 2029-01-04');
  t.is(short([dated('2028-01-01'), further], { ...moved, returned: ['order:B'] }), 'active to 2028-01-04');
  t.is(
    short([dated('2028-01-01'), further], { product: { term: 'perpetual' } }),
    'active to no end',
    'the control',
  );
});

const FALLBACK = { ended: 'fallback', term: 'P1M' } as const;
const updatesOf = (...args: Parameters<typeof after>) => after(...args).entitlement.updatesUntil;

test('fault 14, 34: a fallback is perpetual, with the versions of the paid time', (t) => {
  const ended: FactBody = { kind: 'deactivated', on: '2027-01-10' };
  t.is(short([ended], { product: FALLBACK }), 'ended to no end');
  t.is(updatesOf([ended], { product: FALLBACK }), '2027-02-01');
  t.is(updatesOf([rebill, ended], { product: FALLBACK }), '2027-03-01');
  t.is(short([ended], { product: { ...FALLBACK, ended: 'expire' } }), 'ended to 2027-01-10');
});

test('a fallback keeps the versions to which you extended it, before its end or after it', (t) => {
  const ended: FactBody = { kind: 'deactivated', on: '2027-01-10' };
  const extended = (until: string): FactBody => ({ kind: 'set-updates', until });
  for (const [until, kept] of [
    ['2029-06-01', '2029-06-01'],
    ['2027-01-20', '2027-02-01'],
  ] as const) {
    t.is(updatesOf([extended(until), ended], { product: FALLBACK }), kept);
    t.is(updatesOf([ended, extended(until)], { product: FALLBACK }), kept);
  }
});

test('a license that you suspended, that is under review or in dispute is no fallback until that is lifted', (t) => {
  const ended: FactBody = { kind: 'deactivated', on: '2027-01-10' };
  for (const held of [{ kind: 'stopped' }, { kind: 'reviewed' }, { kind: 'disputed' }] as const) {
    t.is(short([held, ended], { product: FALLBACK }), 'suspended to no end', held.kind);
    t.is(short([ended, held], { product: FALLBACK }), 'suspended to no end', held.kind);
    t.is(
      short([held, ended], { product: { ...FALLBACK, ended: 'expire' } }),
      'ended to 2027-01-10',
      held.kind,
    );
  }
  t.is(
    short([{ kind: 'disputed' }, ended, { kind: 'dispute-won' }], { product: FALLBACK }),
    'ended to no end',
  );
  t.is(short([{ kind: 'reviewed' }, ended, { kind: 'cleared' }], { product: FALLBACK }), 'ended to no end');
  t.is(short([{ kind: 'overdue' }, ended], { product: FALLBACK }), 'ended to no end', 'it ends for that');
});

test('fault 34: without a payment there is no fallback', (t) => {
  const free = paid('2027-02-01', { charge: 'order:A', free: true });
  t.is(
    short([free, { kind: 'deactivated', on: '2027-01-10' }], { product: FALLBACK }),
    'ended to 2027-01-10',
  );
});

test('fault 14: a fallback begins once the last charge is returned and the earlier paid time is over', (t) => {
  const known = paid('2027-02-01', { charge: 'order:A' });
  const back = { product: FALLBACK, returned: ['order:B'] };
  t.is(short([known, rebill], { ...back, today: '2027-02-01' }), 'active to 2027-02-04');
  t.is(after([known, rebill], { ...back, today: '2027-02-01' }).changesOn, '2027-02-02');
  t.is(short([known, rebill], { ...back, today: '2027-02-02' }), 'ended to no end');
  t.is(updatesOf([known, rebill], { ...back, today: '2027-02-02' }), '2027-02-01');
  t.is(short([known, rebill], { ...back, today: '2027-02-02', product: {} }), 'active to 2027-02-04');
  t.is(
    short([known], { product: FALLBACK, today: '2027-02-02' }),
    'active to 2027-02-04',
    'the control: nothing was returned',
  );
});

test('fault 33: updates move with each paid period of a dated product', (t) => {
  const product = { updates: 'P1Y' };
  const issued = { ...ENTITLEMENT, lastValid: '2027-02-04', updatesUntil: '2028-01-01' };
  const of = (bodies: readonly FactBody[], more: Case = {}) =>
    updatesOf(bodies, { product, ...more, place: { issued, ...more.place } });
  t.is(of([]), '2028-01-01');
  t.is(of([paid('2027-02-01', { charge: 'order:A' })]), '2028-01-01');
  t.is(
    of([paid('2027-02-01', { charge: 'order:A' }), rebill]),
    '2028-02-01',
    'from the day on which the period begins',
  );
  t.is(of([rebill], { product: { updates: 'unlimited' } }), '2028-01-01');
  t.is(of([rebill], { place: { follows: false } }), '2028-01-01');
  t.is(of([], { returned: ['order:A'] }), '2028-01-01');
  t.is(of([], { place: { ownCharge: undefined } }), '2028-01-01');
});

test('fault 33: a maintenance subscription moves the updates of a perpetual license, to its own end', (t) => {
  const product = { term: 'perpetual', updates: 'P1Y' } as const;
  const issued = { ...ENTITLEMENT, lastValid: null, updatesUntil: '2028-01-01' };
  const of = (...bodies: FactBody[]) => updatesOf(bodies, { product, place: { issued } });
  t.is(of(), '2028-01-01');
  t.is(of(dated('2028-06-01')), '2028-06-04');
  t.is(of(dated('2028-06-01'), { kind: 'canceled', last: '2028-03-01' }), '2028-03-01');
  t.is(of(dated('2028-06-01'), { kind: 'canceled', last: '2029-03-01' }), '2028-06-04');
  t.is(
    of(
      dated('2028-06-01'),
      { kind: 'deactivated', on: '2027-01-10' },
      { kind: 'canceled', last: '2027-03-01' },
    ),
    '2027-01-10',
  );
});

test('fault 35: an operator’s end of updates holds against a later charge that pays for less', (t) => {
  const issued = { ...ENTITLEMENT, lastValid: '2027-02-04', updatesUntil: '2028-01-01' };
  const of = (...bodies: FactBody[]) => updatesOf(bodies, { product: { updates: 'P1Y' }, place: { issued } });
  const set = (until: string): FactBody => ({ kind: 'set-updates', until });
  t.is(of(set('2027-06-01')), '2027-06-01');
  t.is(of(set('2027-06-01'), rebill), '2028-02-01');
  t.is(of(set('2029-06-01'), rebill), '2029-06-01');
  t.is(of(rebill, set('2027-06-01')), '2027-06-01');
  t.is(
    updatesOf([set('2027-06-01'), rebill], {
      product: { updates: 'unlimited' },
      place: { issued: { ...issued, updatesUntil: null } },
    }),
    '2027-06-01',
  );
});

test('features come from the sale or the change, in the product’s order; unknown features are dropped', (t) => {
  const bits = (features: readonly string[] | undefined) =>
    after([], { place: { features } }).entitlement.features;
  t.deepEqual([bits(undefined), bits(['sync']), bits(['export', 'unheard-of']), bits([])], [3, 2, 1, 0]);
});

test('one license carries the seats of its units: at least one unit’s, at most the largest number in a code', (t) => {
  const seats = (units: number | undefined, product: Partial<Product> = { quantity: 'seats', seats: 5 }) =>
    after([], { product, place: { units } }).entitlement.seats;
  t.deepEqual([seats(undefined), seats(3), seats(0), seats(20_000)], [1, 15, 5, 65_535]);
  t.is(seats(3, { quantity: 'seats', seats: 0 }), 1, 'as issued');
  t.is(seats(3, { quantity: 'codes', seats: 5 }), 1, 'as issued');
});

test('fault 34: a free period is no fallback, even if a later charge was returned', (t) => {
  const free = paid('2027-02-01', { charge: 'order:A', free: true });
  const returned = { product: FALLBACK, returned: ['order:B'], today: '2027-02-02' };
  t.is(short([free, rebill], returned), 'active to 2027-02-04');
});

test('a cancellation on the last remaining day has no grace', (t) => {
  const known = paid('2027-02-01', { charge: 'order:A' });
  const canceled: FactBody = { kind: 'canceled', last: '2027-02-01' };
  t.is(short([known, rebill, canceled], { returned: ['order:B'] }), 'active to 2027-02-01');
});

test('updates count from the day of a late payment, and for a license without its own order from its period', (t) => {
  const issued = { ...ENTITLEMENT, lastValid: '2027-02-04', updatesUntil: '2030-01-01' };
  const of = (bodies: readonly FactBody[], place: Partial<Place> = {}) =>
    updatesOf(bodies, { product: { updates: 'P1Y' }, place: { issued, ...place } });
  const late = paid('2027-02-02', { charge: 'order:B' });
  t.is(
    of([paid('2027-01-02', { charge: 'order:A' }), late]),
    '2028-01-03',
    'paid on the third for a period from the second on',
  );
  t.is(of([]), '2030-01-01');
  t.is(of([dated('2027-02-01')], { ownCharge: undefined }), '2028-01-01');
  t.is(of([dated('2027-02-01')]), '2030-01-01');
});
