/** A subscription that was moved from another marketplace goes on in the ledger where it was sold. */
import test from 'ava';
import type { Fact, FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import {
  factsOfMoved,
  movedFact,
  successorIn,
  withoutFormerStates,
} from '../../../src/domain/facts/moved.ts';
import { paid, tie, told } from '../../kit/telling.ts';
import { at } from '../../kit/world.ts';

const DAY = '2027-02-01';
const F = 'subscription:F';
const N = 'subscription:N';
const tied = movedFact(
  { marketplace: 'stripe', mode: 'test', subscription: 'N' },
  { marketplace: 'fastspring', subscription: 'F' },
  { at: at(DAY), cause: 'ada' },
);
/** A fact of the new marketplace. */
const ofNew = (subject: Subject, body: FactBody, key = `${body.kind} ${subject}`): Fact => ({
  ...told(DAY, subject, body, key),
  marketplace: 'stripe',
  mode: 'test',
});
const shown = (facts: readonly Fact[]) => facts.map(({ subject, key, body }) => [subject, key, body]);

test('what is said of a moved subscription is said of the former one, in its marketplace and at the same time', (t) => {
  const payment = ofNew(N, paid('2027-03-01', { charge: 'order:I' }));
  const mirrored = factsOfMoved([payment, tied]);
  t.deepEqual(mirrored, [
    { ...payment, marketplace: 'fastspring', subject: F, key: `moved:${payment.key}` },
    {
      ...tied,
      marketplace: 'fastspring',
      subject: F,
      key: 'moved:from:N',
      body: { kind: 'noted', note: 'goes on as subscription:N of stripe' },
    },
  ]);
  t.is(successorIn(mirrored), 'N');
  t.is(successorIn([payment, tied]), undefined, 'these are facts of the new subscription');
});

test('what is said of a charge of a moved subscription is said of the charge, which the former one paid', (t) => {
  const charge = [
    ofNew('order:I', tie(N)),
    ofNew('order:I', { kind: 'refunded' }),
    ofNew('order:I', tie('order:J'), 'name'),
  ];
  // The tie that counts is the last one that is told.
  const ties = [charge[2]!, charge[1]!, charge[0]!];
  t.deepEqual(shown(factsOfMoved([tied, ...ties]).slice(1)), [
    ['order:I', 'moved:name', tie('order:J')],
    ['order:I', 'moved:refunded order:I', { kind: 'refunded' }],
    ['order:I', 'moved:alias order:I', tie(F)],
  ]);
});

test('nothing else is said of a former subscription', (t) => {
  const others = [
    ofNew('subscription:O', paid('2027-03-01')),
    ofNew('order:I', tie('subscription:O')),
    ofNew('order:I', { kind: 'refunded' }),
    ofNew('order:K', { kind: 'refunded' }),
  ];
  t.deepEqual(factsOfMoved(others), []);
  t.is(factsOfMoved([tied, ...others]).length, 1);
});

test('a subscription is moved once: the first statement counts', (t) => {
  const again: Fact = { ...tied, key: 'again', body: { kind: 'moved', from: 'gumroad', subscription: 'G' } };
  const facts = factsOfMoved([tied, again, ofNew(N, paid('2027-03-01'))]);
  t.deepEqual(
    [...new Set(facts.map(({ marketplace, subject }) => `${marketplace} ${subject}`))],
    [`fastspring ${F}`],
  );
});

test('the former marketplace ends a subscription that the new one was paid for: its state no longer counts', (t) => {
  const on = (day: string, body: FactBody, subject: Subject = F, key = `${body.kind} ${day} ${subject}`) =>
    told(day, subject, body, key);
  const states: readonly FactBody[] = [
    { kind: 'canceled', last: '2027-03-01' },
    { kind: 'deactivated', on: '2027-03-01' },
    { kind: 'overdue' },
    { kind: 'paused' },
  ];
  const mirrored = (day: string) => on(day, paid('2027-03-01'), F, `moved:paid ${day}`);
  for (const state of states) {
    const former = on('2027-02-01', state);
    const kept = [
      on('2027-01-31', state),
      mirrored('2027-02-01'),
      mirrored('2027-02-05'),
      on('2027-02-06', { kind: 'refunded' }),
      on('2027-02-06', state, 'subscription:O'),
      on('2027-02-06', state, F, `moved:${state.kind}`),
    ];
    t.deepEqual(withoutFormerStates([former, ...kept]), kept, state.kind);
    const unpaid = [
      former,
      on('2027-02-01', paid('2027-03-01')),
      on('2027-01-01', state, F, `moved:${state.kind}`),
    ];
    t.deepEqual(withoutFormerStates(unpaid), unpaid, 'the new one was not paid');
  }
});
