/** Charges that are told by ids alone: FastSpring without webhook expansion. */
import test from 'ava';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { readNames } from '../../../src/domain/facts/names.ts';
import { withUntoldProrations } from '../../../src/domain/subscriptions/untold-prorations.ts';
import { covers, dated, paid, told } from '../../kit/telling.ts';
import { announced } from './covering.ts';

const S = 'subscription:S';
const BEGUN = [told('2027-01-01', S, announced('pro')), told('2027-01-01', S, dated('2027-02-01'))];
const edit = (day: string, quantity = 2) => told(day, S, announced('pro', quantity));
const charge = (day: string, more = {}) =>
  told(day, S, paid(null, { charge: `order:${day}`, total: 5, currency: 'EUR', ...more }));

/** The charges that count as prorations. */
const prorations = (...facts: readonly Fact[]) =>
  withUntoldProrations([...BEGUN, ...facts], readNames(facts, new Set())).flatMap(({ body }) =>
    body.kind === 'paid' && body.part === 'proration' ? [body.charge] : [],
  );

test('the first charge after an edit, well before the next charge, is its proration', (t) => {
  t.deepEqual(prorations(edit('2027-01-10'), charge('2027-01-10')), ['order:2027-01-10']);
  t.deepEqual(prorations(edit('2027-01-10'), charge('2027-01-28')), ['order:2027-01-28']);
  t.deepEqual(
    prorations(edit('2027-01-10'), charge('2027-01-29')),
    [],
    'a charge that comes three days early',
  );
  t.deepEqual(prorations(edit('2027-01-10'), charge('2027-01-10'), charge('2027-01-11')), [
    'order:2027-01-10',
  ]);
  t.deepEqual(prorations(charge('2027-01-10')), []);
  t.deepEqual(prorations(edit('2027-01-10'), edit('2027-01-11', 1), charge('2027-01-12')), [], 'undone');
});

test('a charge of 0 for an edit is no free period, and any other charge of 0 is one', (t) => {
  const free = { total: 0, free: true } as const;
  const frees = (...facts: readonly Fact[]) =>
    withUntoldProrations([...BEGUN, ...facts], readNames(facts, new Set())).map(
      ({ body }) => body.kind === 'paid' && body.free === true,
    );
  t.false(frees(edit('2027-01-10'), charge('2027-01-10', free)).includes(true));
  t.true(frees(charge('2027-01-10', free)).includes(true));
  t.true(frees(edit('2027-01-10'), charge('2027-02-01', free)).includes(true));
});

test('a charge that tells its lines, its day or its kind keeps its kind', (t) => {
  for (const more of [{ covers: covers('pro', 2) }, { until: '2027-03-01' }, { part: 'extra' }] as const)
    t.deepEqual(prorations(edit('2027-01-10'), charge('2027-01-10', more)), []);
});

test('an edit that is told shortly after its charge counts as told before it', (t) => {
  const [at] = [edit('2027-01-10')];
  t.deepEqual(prorations(charge('2027-01-10'), { ...at, at: at.at + 60_000 }), ['order:2027-01-10']);
});

test('without an announced edit the facts are the same list', (t) => {
  const facts = [charge('2027-01-10')];
  t.is(withUntoldProrations(facts, readNames(facts, new Set())), facts);
});
