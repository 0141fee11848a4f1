/** The life of a license from its facts, without its money and its subscription. */
import test from 'ava';
import type { FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import { readNames } from '../../../src/domain/facts/names.ts';
import { countingFacts } from '../../../src/domain/life/counting.ts';
import { lifeOf } from '../../../src/domain/life/life.ts';
import type { LifeContext } from '../../../src/domain/life/life-state.ts';
import { type Life, newLife } from '../../../src/domain/life/life-state.ts';
import { productOf } from '../../kit/product.ts';
import { ENTITLEMENT } from '../../kit/records.ts';
import { dated, paid, sold, tie, told } from '../../kit/telling.ts';
import { at } from '../../kit/world.ts';

const S = 'subscription:S';
const TIES = [told('2027-01-01', 'order-id:1', tie('order:A'))];
const day = (place: number) => `2027-01-${String(place + 2).padStart(2, '0')}`;

/** Facts on the days from 2027-01-02 on, of a subscription with the next charge on 2027-02-01. */
function lifeAfter(
  bodies: readonly (FactBody | readonly [Subject, FactBody])[],
  more: Partial<LifeContext> = {},
): Life {
  const facts = bodies.map((saying, place) => {
    const [subject, body] = 'kind' in saying ? ([S, saying] as const) : saying;
    return told(day(place), subject, body);
  });
  const context: LifeContext = {
    terms: productOf({ term: 'P1M', grace: 'P3D' }),
    names: readNames(TIES, new Set()),
    issued: ENTITLEMENT,
    firstUntil: '2027-02-01',
    ownCharge: 'order:A',
    follows: true,
    trial: false,
    ...more,
  };
  return lifeOf(facts, context);
}
const holds = (...bodies: Parameters<typeof lifeAfter>[0]) => [...lifeAfter(bodies).holds].sort();
const overdue: FactBody = { kind: 'overdue' };
const paused: FactBody = { kind: 'paused' };

test('a life without facts has one period and no hold', (t) => {
  const life = lifeAfter([]);
  t.is(life.periods.all.length, 1);
  t.like(life.periods.current, { charge: 'order:A', start: '2027-01-01', free: false });
  t.like(life, {
    canceled: null,
    pauseAfter: null,
    ended: null,
    until: null,
    updatesUntil: null,
    confirmed: null,
    learned: 0,
    handed: -1,
    paidAt: -1,
    adverseAt: -1,
    returnedUnits: 0,
  });
  t.deepEqual([life.holds.size, life.disputes.size, life.revocations.size, life.stored.length], [0, 0, 0, 0]);
  t.true(lifeAfter([], { trial: true }).periods.current?.free);
  t.is(lifeAfter([], { ownCharge: undefined }).periods.all.length, 0);
});

test('each hold is lifted by its own fact and by no other', (t) => {
  const reasons: readonly (readonly [string, FactBody, readonly string[]])[] = [
    ['overdue', overdue, ['paid', 'recovered', 'dated']],
    ['paused', paused, ['paid', 'recovered', 'resumed']],
    ['reviewed', { kind: 'reviewed' }, ['cleared']],
    ['operator', { kind: 'stopped' }, []],
  ];
  const lifting: readonly FactBody[] = [
    paid('2027-03-01'),
    { kind: 'recovered' },
    { kind: 'resumed' },
    { kind: 'cleared' },
    { kind: 'dispute-won' },
    { kind: 'uncanceled' },
    sold('app'),
    dated('2027-03-01', { active: true }),
  ];
  for (const [reason, body, lifted] of reasons) {
    t.deepEqual(holds(body), [reason]);
    for (const by of lifting)
      t.deepEqual(holds(body, by), lifted.includes(by.kind) ? [] : [reason], `${reason}, ${by.kind}`);
  }
});

test('fault 77: a request for a charge that is due lifts overdue and a pause', (t) => {
  const asked: FactBody = { kind: 'asked', order: 'R', line: 'app', product: 'app', quantity: 1 };
  const due = { firstUntil: '2027-01-05' };
  t.is(lifeAfter([overdue, paused, asked], due).holds.size, 0);
  t.deepEqual([...lifeAfter([overdue, asked]).holds], ['overdue'], 'long before it');
  t.is(lifeAfter([asked], due).periods.current?.charge, 'order:R');
});

test('fault 77: a request on the day of a scheduled pause, or later, lifts it', (t) => {
  const asked: FactBody = { kind: 'asked', order: 'R', line: 'app', product: 'app', quantity: 1 };
  const pauseAfter = (last: string) =>
    lifeAfter([{ kind: 'paused', last }, asked], { firstUntil: '2027-01-05' }).pauseAfter;
  t.deepEqual(['2027-01-02', '2027-01-03', '2027-01-04'].map(pauseAfter), [null, null, '2027-01-04']);
});

test('the end of a subscription lifts overdue and a pause, so that what is renewed after it is active', (t) => {
  const ended: FactBody = { kind: 'deactivated', on: '2027-01-20' };
  t.deepEqual(holds(overdue, paused, { kind: 'stopped' }, ended), ['operator']);
});

test('a charge of zero, a proration and an extra charge lift neither overdue nor a dispute', (t) => {
  for (const more of [{ free: true }, { part: 'proration' }, { part: 'extra' }] as const) {
    const life = lifeAfter([overdue, ['order:A', { kind: 'disputed' }], paid('2027-02-01', more)]);
    t.deepEqual([[...life.holds], [...life.disputes]], [['overdue'], ['order:A']], JSON.stringify(more));
  }
  t.is(lifeAfter([paid('2027-02-01', { free: true })]).paidAt, -1);
  t.is(lifeAfter([paid('2027-02-01', { part: 'extra' })]).paidAt, at('2027-01-02'));
});

test('an overdue payment is no hold with "overdue: keep"', (t) => {
  t.is(lifeAfter([overdue], { terms: productOf({ overdue: 'keep' }) }).holds.size, 0);
});

test('fault 12: disputes belong to charges, under any name, and a later paid charge ends all disputes', (t) => {
  const disputes = (...bodies: Parameters<typeof lifeAfter>[0]) => [...lifeAfter(bodies).disputes];
  const of = (subject: Subject, kind: 'disputed' | 'charged-back' | 'dispute-won' | 'dispute-lost') =>
    [subject, { kind }] as const;
  t.deepEqual(disputes(of('order-id:1', 'disputed'), of('order-id:2', 'charged-back')), [
    'order:A',
    'order-id:2',
  ]);
  t.deepEqual(disputes(of('order-id:1', 'disputed'), of('order:A', 'dispute-won')), []);
  t.deepEqual(disputes(of('order-id:1', 'disputed'), of('order:A', 'dispute-lost')), []);
  t.deepEqual(disputes(of('order-id:1', 'disputed'), of('order-id:2', 'dispute-lost')), ['order:A']);
  t.deepEqual(disputes(of('order-id:1', 'disputed'), paid('2027-03-01')), []);
});

test('a chargeback of a one-time sale revokes until the dispute is won; a failed order until it is sold', (t) => {
  const revocations = (...bodies: Parameters<typeof lifeAfter>[0]) => [
    ...lifeAfter(bodies, { follows: false }).revocations,
  ];
  t.deepEqual(revocations(['order:A', { kind: 'charged-back' }]), ['chargeback']);
  t.deepEqual(revocations(['order:A', { kind: 'charged-back' }], ['order:A', { kind: 'dispute-won' }]), []);
  t.deepEqual(revocations(['order:A', { kind: 'charged-back' }], ['order:A', { kind: 'dispute-lost' }]), [
    'chargeback',
  ]);
  t.deepEqual(revocations(['order:A', { kind: 'voided' }]), ['voided']);
  t.deepEqual(revocations(['order:A', { kind: 'voided' }], ['order:A', sold('app')]), []);
  t.deepEqual(revocations(['order:A', { kind: 'voided' }], { kind: 'withdrawn' }, ['order:A', sold('app')]), [
    'operator',
  ]);
});

test('fault 24: a cancellation is withdrawn by a charge that pays for more, and by the state active with a later date', (t) => {
  const canceled = (...bodies: FactBody[]) =>
    lifeAfter([{ kind: 'canceled', last: '2027-01-31' }, ...bodies]).canceled;
  t.is(canceled(), '2027-01-31');
  t.is(canceled({ kind: 'uncanceled' }), null);
  t.is(canceled(paid('2027-02-03')), '2027-01-31', 'up to three days behind it');
  t.is(canceled(paid('2027-02-04')), null);
  t.is(canceled(paid(null)), '2027-01-31');
  t.is(canceled(paid('2027-03-01', { free: true })), '2027-01-31');
  t.is(canceled(dated('2027-03-01')), '2027-01-31');
  t.is(canceled(dated('2027-01-31', { active: true })), '2027-01-31');
  t.is(canceled(dated('2027-02-01', { active: true })), null);
  t.is(canceled({ kind: 'canceled', last: '2027-01-20' }), '2027-01-20', 'the later telling counts');
});

test('fault 2: a scheduled pause is withdrawn by resuming, recovering, or a charge that pays for more', (t) => {
  const pauseAfter = (...bodies: FactBody[]) =>
    lifeAfter([{ kind: 'paused', last: '2027-01-31' }, ...bodies]).pauseAfter;
  t.is(pauseAfter(), '2027-01-31');
  t.is(pauseAfter({ kind: 'resumed' }), null);
  t.is(pauseAfter({ kind: 'recovered' }), null);
  t.is(pauseAfter(paid('2027-02-03')), '2027-01-31');
  t.is(pauseAfter(paid('2027-02-04')), null);
  t.is(pauseAfter(paid(null)), '2027-01-31', 'paid within the time before it');
  t.is(pauseAfter({ kind: 'set-until', until: '2027-06-01' }), null);
  t.is(
    lifeAfter([{ kind: 'paused', scheduled: true }]).pauseAfter,
    '2027-02-01',
    'the next charge that was known',
  );
  t.is(
    lifeAfter([{ kind: 'paused', last: '2027-01-02' }, overdue, overdue, overdue, overdue, paid(null)])
      .pauseAfter,
    null,
    'paid without a date after it',
  );
  const pausing: FactBody = { kind: 'paused', last: '2027-01-03' };
  const known = { kind: 'dated', until: '2027-01-03', sequence: null } as const;
  t.is(lifeAfter([known, pausing, paid(null)]).pauseAfter, null, 'charged without a date when it begins');
});

test('fault 7: a date stated during a pause or a scheduled pause is no paid time', (t) => {
  const until = (...bodies: FactBody[]) => lifeAfter(bodies).periods.until;
  t.is(until(dated('2027-06-01')), '2027-06-01');
  t.is(until(paused, dated('2027-06-01')), '2027-02-01');
  t.is(until({ kind: 'paused', last: '2027-01-20' }, dated('2027-06-01')), '2027-02-01');
  t.is(until(paused, { kind: 'resumed' }, dated('2027-06-01')), '2027-06-01');
});

test('the date of a trial makes its period a trial', (t) => {
  t.true(lifeAfter([dated('2027-01-15', { trial: true })]).periods.current?.free);
  t.false(lifeAfter([dated('2027-01-15')]).periods.current?.free);
  t.is(lifeAfter([dated('2027-01-15', { trial: true })], { ownCharge: undefined }).periods.all.length, 1);
});

test('an operator’s last day holds until a period is paid; the operator’s end of updates stays, with its time', (t) => {
  const set: FactBody = { kind: 'set-until', until: '2027-06-01' };
  t.is(lifeAfter([set]).until, '2027-06-01');
  t.is(lifeAfter([set, paid('2027-03-01')]).until, null);
  t.is(lifeAfter([set, paid('2027-03-01', { part: 'extra' })]).until, '2027-06-01');
  t.is(lifeAfter([set, paid('2027-03-01', { free: true })]).until, '2027-06-01');
  t.like(
    lifeAfter([{ kind: 'deactivated', on: '2027-01-02' }, { kind: 'canceled', last: '2027-01-31' }, set]),
    { ended: null, canceled: null },
  );
  t.like(lifeAfter([overdue, { kind: 'set-updates', until: '2028-06-01' }]), {
    updatesUntil: '2028-06-01',
    updatesAt: at('2027-01-03'),
  });
});

test('returned units, stored codes and seen revisions add up', (t) => {
  const back = (product: string | null, quantity: number): FactBody => ({
    kind: 'returned',
    product,
    quantity,
  });
  t.like(lifeAfter([back('app', 1), back(null, 2), back('other', 5)]), {
    returnedUnits: 3,
    returnedAt: at('2027-01-03'),
  });
  const stored = lifeAfter([
    { kind: 'stored', licenses: ['a', 'b'] },
    { kind: 'stored', licenses: ['b', 'c'] },
  ]).stored;
  t.deepEqual(stored, ['a', 'b', 'c']);
  t.is(
    lifeAfter([
      { kind: 'learned', revision: 3 },
      { kind: 'learned', revision: 2 },
    ]).learned,
    3,
  );
  t.is(
    lifeAfter([
      { kind: 'confirmed', quantity: 2 },
      { kind: 'confirmed', quantity: 1 },
    ]).confirmed,
    1,
  );
});

test('the time of the first final fact is known', (t) => {
  for (const body of [
    { kind: 'deactivated', on: '2027-01-02' },
    { kind: 'voided' },
    { kind: 'withdrawn' },
    { kind: 'charged-back' },
  ] as const) {
    t.is(lifeAfter([overdue, body, body]).adverseAt, at('2027-01-03'), body.kind);
  }
  t.is(lifeAfter([overdue, { kind: 'refunded' }, { kind: 'canceled', last: '2027-01-31' }]).adverseAt, -1);
});

test('facts of other topics do not change a life', (t) => {
  const silent: readonly FactBody[] = [
    { kind: 'charged', total: 9, currency: 'EUR' },
    { kind: 'linked', subscription: 'S' },
    tie('order:B'),
    { kind: 'resized', product: 'app', quantity: 2 },
    { kind: 'announced', product: 'app', quantity: 2, line: 'app' },
    { kind: 'refunded' },
    { kind: 'repaid', amount: 5, currency: 'EUR' },
    { kind: 'reinstated' },
    { kind: 'termed', product: 'app', terms: '' },
    { kind: 'mapped', line: 'a', product: 'app' },
    { kind: 'noted', note: 'x', flag: true },
  ];
  t.deepEqual(lifeAfter(silent), lifeAfter([]));
});

test('after a reinstatement earlier adverse facts do not count, and all other facts do', (t) => {
  const against: readonly FactBody[] = [
    overdue,
    paused,
    { kind: 'canceled', last: '2027-01-31' },
    { kind: 'deactivated', on: '2027-01-31' },
    { kind: 'refunded' },
    { kind: 'repaid', amount: 5, currency: 'EUR' },
    { kind: 'returned', product: null, quantity: 1 },
    { kind: 'charged-back' },
    { kind: 'disputed' },
    { kind: 'dispute-lost' },
    { kind: 'voided' },
    { kind: 'reviewed' },
    { kind: 'stopped' },
    { kind: 'withdrawn' },
    { kind: 'confirmed', quantity: 1 },
  ];
  const back = told('2027-01-10', 'license:1', { kind: 'reinstated' });
  for (const body of against) {
    const before = told('2027-01-10', S, body, 'before');
    const later = told('2027-01-11', S, body, 'later');
    t.deepEqual(countingFacts([before, back, later]), [back, later], body.kind);
    t.deepEqual(countingFacts([before, later]), [before, later]);
  }
  for (const body of [
    paid('2027-02-01'),
    dated('2027-02-01'),
    sold('app'),
    { kind: 'stored', licenses: [] } as const,
  ]) {
    const before = told('2027-01-09', S, body);
    t.deepEqual(countingFacts([before, back]), [before, back], body.kind);
  }
  const again = told('2027-01-20', 'license:1', { kind: 'reinstated' });
  t.deepEqual(
    countingFacts([back, told('2027-01-15', S, overdue), again]),
    [back, again],
    'the last one counts',
  );
});

test('what a payment lifted before a line was sold for its subscription does not hold the line', (t) => {
  const before = (more: readonly Parameters<typeof told>[]) => more.map((each) => told(...each));
  const facts: readonly FactBody[] = [overdue, { kind: 'paused', scheduled: true }, { kind: 'charged-back' }];
  const joined = (paidFacts: ReturnType<typeof before>) =>
    lifeAfter(facts, { joined: { at: at('2027-03-02'), paid: paidFacts, until: '2027-04-01' } });
  const date = ['2027-01-01', S, dated('2027-02-01')] as const;
  const payment = ['2027-03-01', S, paid('2027-04-01')] as const;
  const lifted = joined(before([[...date], [...payment]]));
  t.deepEqual([lifted.holds.size, lifted.disputes.size, lifted.pauseAfter, lifted.paidAt], [0, 0, null, -1]);
  t.deepEqual(
    lifted.periods.all.map(({ charge, until }) => [charge, until]),
    [['order:A', '2027-04-01']],
    'and pays nothing for it',
  );
  const held = joined(before([[...date]]));
  t.deepEqual([[...held.holds], held.disputes.size, held.pauseAfter], [['overdue'], 1, '2027-02-01']);
});

test('a life begins with no return, payment, delivery or decision before all times', (t) => {
  t.like(newLife(productOf(), null), {
    ...{ updatesAt: -1, returnedAt: -1, paidAt: -1, adverseAt: -1 },
    ...{ returnedUnits: 0, confirmed: null, stored: [], learned: 0, handed: -1 },
  });
});
