/** Absolutes win over sums: after a fact that states a state, a date or a quantity, earlier facts subtract nothing. */
import test from 'ava';
import type { Fact, FactBody, Subject } from '../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../src/domain/facts/license-subject.ts';
import fc from '../kit/fast-check.ts';
import { productOf } from '../kit/product.ts';
import { charged, covers, dated, outcomes, paid, repaid, sold, tie, told } from '../kit/telling.ts';
import { at, World } from '../kit/world.ts';

const BEGUN = '2027-01-01';
const STATED = '2027-02-01';
const TODAY = '2027-02-10';
const BEFORE = ['2027-01-02', '2027-01-10', '2027-01-31'] as const;
const AFTER = ['2027-02-02', '2027-02-05'] as const;

const PRO = productOf({ id: 'pro', term: 'P1M', grace: 'P3D', updates: 'P1Y' });
const TEAM = productOf({ id: 'team', term: 'P1M', grace: 'P3D', quantity: 'seats', seats: 1 });
const APP = productOf({ id: 'app', term: 'perpetual' });

/** A month's subscription to 3 units, next charge on 2027-03-01, as the base of the facts. */
function play(product: 'pro' | 'team' | 'app', facts: readonly Fact[], isOfFirst: boolean): string {
  const world = new World([PRO, TEAM, APP], at(BEGUN));
  world.ask({ order: 'A', product, line: product, quantity: 3 });
  const subscription = product === 'app' ? {} : { subscription: 'S' };
  world.tell([
    told(BEGUN, 'order-id:1', tie('order:A')),
    told(BEGUN, 'order:A', charged(30)),
    told(BEGUN, 'order:A', sold(product, { quantity: 3, price: 30, ...subscription })),
    told(BEGUN, 'order-id:2', tie('subscription:S')),
  ]);
  if (product !== 'app') world.tell([told(BEGUN, 'subscription:S', dated('2027-02-01'))]);
  world.now = at(TODAY);
  const [first] = world.records;
  if (first === undefined) throw new TypeError('no license');
  world.tell(
    facts.map((fact) =>
      fact.subject === 'license:first' ? { ...fact, subject: licenseSubject(first.id) } : fact,
    ),
  );
  world.wait(TODAY);
  return outcomes(
    world,
    (license) => license.product === product && (!isOfFirst || license.number === 1),
  ).join('; ');
}

type Saying = readonly [Subject, FactBody];
const S = 'subscription:S';
const OWN = 'order-id:1';

const overdue: Saying = [S, { kind: 'overdue' }];
const paused: Saying = [S, { kind: 'paused' }];
const pauses: Saying = [S, { kind: 'paused', scheduled: true }];
const pausesOn: Saying = [S, { kind: 'paused', last: '2027-01-31' }];
const canceled: Saying = [S, { kind: 'canceled', last: '2027-01-31' }];
const disputed: Saying = [OWN, { kind: 'disputed' }];
const chargedBack: Saying = [OWN, { kind: 'charged-back' }];
const lost: Saying = [OWN, { kind: 'dispute-lost' }];
const refunded: Saying = [OWN, { kind: 'refunded' }];
const partBack: Saying = [OWN, repaid(5)];
const unitBack: Saying = [
  OWN,
  repaid(10, { lines: [{ line: 'pro', amount: 10, quantity: 1, full: false }] }),
];
const seatBack: Saying = [
  OWN,
  repaid(10, { lines: [{ line: 'team', amount: 10, quantity: 1, full: false }] }),
];
const returned: Saying = [OWN, { kind: 'returned', product: null, quantity: 1 }];
const fewer: Saying = [S, { kind: 'resized', product: 'pro', quantity: 1, line: 'pro' }];
const fewerSeats: Saying = [S, { kind: 'resized', product: 'team', quantity: 1, line: 'team' }];
const other: Saying = [S, { kind: 'resized', product: 'team', quantity: 1, line: 'team' }];
const announced: Saying = [S, { kind: 'announced', product: 'pro', quantity: 1, line: 'pro' }];
const earlier: Saying = [S, dated('2027-01-20')];
const voided: Saying = ['order:A', { kind: 'voided' }];
const reviewed: Saying = ['order:A', { kind: 'reviewed' }];
const stopped: Saying = ['license:first', { kind: 'stopped' }];
const withdrawn: Saying = ['license:first', { kind: 'withdrawn' }];
const shortened: Saying = ['license:first', { kind: 'set-until', until: '2027-01-15' }];
const fewUpdates: Saying = ['license:first', { kind: 'set-updates', until: '2027-01-15' }];

/** The stated fact, its product, and the facts that may come before it. */
const STATEMENTS: readonly {
  readonly what: string;
  readonly product: 'pro' | 'team' | 'app';
  readonly said: Saying;
  readonly before: readonly Saying[];
}[] = [
  {
    what: 'a paid period: active, to its own end',
    product: 'pro',
    said: [S, paid('2027-03-01', { charge: 'order-id:2' })],
    before: [
      overdue,
      paused,
      pauses,
      pausesOn,
      canceled,
      disputed,
      chargedBack,
      lost,
      refunded,
      partBack,
      earlier,
      shortened,
    ],
  },
  {
    what: 'fault 25: a charge that says how many units it paid for',
    product: 'pro',
    said: [S, paid('2027-03-01', { charge: 'order-id:2', covers: covers('pro', 3) })],
    before: [unitBack, returned, fewer, other, announced, overdue],
  },
  {
    what: 'fault 25: a quantity',
    product: 'pro',
    said: [S, { kind: 'resized', product: 'pro', quantity: 3, line: 'pro' }],
    before: [unitBack, returned, fewer, other],
  },
  {
    what: 'fault 25: a quantity of seats',
    product: 'team',
    said: [S, { kind: 'resized', product: 'team', quantity: 3, line: 'team' }],
    before: [seatBack, returned, fewerSeats],
  },
  {
    what: 'fault 24: the state active with a later next charge',
    product: 'pro',
    said: [S, dated('2027-03-01', { active: true })],
    before: [canceled, earlier],
  },
  {
    what: 'fault 66: active again',
    product: 'pro',
    said: [S, { kind: 'recovered' }],
    before: [overdue, paused, pauses, pausesOn],
  },
  { what: 'resumed', product: 'pro', said: [S, { kind: 'resumed' }], before: [paused, pauses, pausesOn] },
  {
    what: 'the cancellation is withdrawn',
    product: 'pro',
    said: [S, { kind: 'uncanceled' }],
    before: [canceled],
  },
  {
    what: 'a dispute that is won',
    product: 'pro',
    said: [OWN, { kind: 'dispute-won' }],
    before: [disputed, chargedBack, lost],
  },
  {
    what: 'a dispute of a one-time sale that is won',
    product: 'app',
    said: [OWN, { kind: 'dispute-won' }],
    before: [disputed, chargedBack, lost],
  },
  {
    what: 'a review that accepts the order',
    product: 'app',
    said: ['order:A', { kind: 'cleared' }],
    before: [reviewed],
  },
  {
    what: 'a sale',
    product: 'app',
    said: ['order:A', { ...sold('app'), line: 'other', product: null }],
    before: [voided],
  },
  {
    what: 'an operator’s day',
    product: 'pro',
    said: ['license:first', { kind: 'set-until', until: '2027-06-01' }],
    before: [canceled, shortened, earlier, pausesOn, [S, { kind: 'deactivated', on: '2027-01-15' }]],
  },
  {
    what: 'an operator’s day of updates',
    product: 'pro',
    said: ['license:first', { kind: 'set-updates', until: '2029-06-01' }],
    before: [fewUpdates],
  },
  {
    what: 'reinstated by an operator',
    product: 'pro',
    said: ['license:first', { kind: 'reinstated' }],
    before: [
      overdue,
      paused,
      pauses,
      canceled,
      disputed,
      lost,
      refunded,
      voided,
      reviewed,
      stopped,
      withdrawn,
      returned,
      [S, { kind: 'deactivated', on: '2027-01-15' }],
    ],
  },
];

const saying = (day: string, [subject, body]: Saying, place: number): Fact =>
  told(day, subject, body, `${place}:${body.kind}:${day}`);

for (const { what, product, said, before } of STATEMENTS) {
  const stated = saying(STATED, said, 99);
  // An operator’s decision is about one license: earlier facts of the order still count for its other licenses.
  const isOfFirst = said[0] === 'license:first';
  const alone = play(product, [stated], isOfFirst);

  test(`an earlier fact subtracts nothing: ${what}`, (t) => {
    const subtracting = (days: readonly string[]) =>
      fc.uniqueArray(fc.tuple(fc.constantFrom(...days), fc.constantFrom(...before)), {
        minLength: 1,
        maxLength: 4,
        selector: ([, saying]) => saying,
      });
    const check = (days: readonly string[]) =>
      fc.check(
        fc.property(subtracting(days), (told) => {
          const facts = told.map(([day, body], place) => saying(day, body, place));
          const end = play(product, [...facts, stated], isOfFirst);
          if (end !== alone) throw new Error(`${JSON.stringify(told)}\n${end}\nis not\n${alone}`);
        }),
        { numRuns: 60 },
      );
    const { failed, errorInstance, seed } = check(BEFORE);
    t.false(failed, `seed ${seed}: ${errorInstance}`);
    t.true(check(AFTER).failed, 'the control: a later fact does');
  });
}
