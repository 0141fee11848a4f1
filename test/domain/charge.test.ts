/** Until when a charge pays, told or assumed, with numbers of periods or without; and which fact comes last. */
import test from 'ava';
import { byTime, type FactBody } from '../../src/domain/fact.ts';
import { lifeOf, outcomeOf, type Terms } from '../../src/domain/life.ts';
import { ENTITLEMENT, factOf } from '../storage/support.ts';
import { productOf } from './support.ts';

/** A product charged each week, without grace. */
const WEEKLY = productOf({ term: 'P1W', grace: 'P0D' });

function termsOf(product = WEEKLY): Terms {
  return { product, unit: 0, units: 1, licenseId: 'the license', issued: ENTITLEMENT };
}

/** Facts, each told on a day of 2026-12. */
const on = (...told: readonly (readonly [day: number, body: FactBody])[]) =>
  told.map(([day, body]) => factOf('order:1', body, { at: Date.UTC(2026, 11, day, 12) }));

const paid = (until: string | null, sequence: number | null): FactBody => ({ kind: 'paid', until, sequence });
const dated = (until: string, sequence: number | null): FactBody => ({ kind: 'dated', until, sequence });
const lastDay = (facts: ReturnType<typeof on>, product = WEEKLY) =>
  outcomeOf(facts, termsOf(product)).entitlement.lastValid;

for (const [what, first, second, last] of [
  [
    'more than three days before the next charge is of the period that was told',
    paid('2026-12-10', null),
    6,
    '2026-12-10',
  ],
  ['three days before the next charge is of the next period', paid('2026-12-10', null), 7, '2026-12-14'],
  ['on the day of the next charge is of the next period', paid('2026-12-10', null), 10, '2026-12-17'],
  [
    'long before a date that was told without a payment is of that period too',
    dated('2026-12-10', null),
    6,
    '2026-12-10',
  ],
] as const) {
  test(`a payment without a date ${what}`, (t) => {
    t.is(lastDay(on([1, first], [second, paid(null, null)])), last);
    // One number alone tells as little as none.
    t.is(lastDay(on([1, first], [second, paid(null, 3)])), last);
  });
}

test('an assumed day never goes below a told one, unless the numbers say that it is of a later period', (t) => {
  const daily = { ...WEEKLY, term: 'P1D' };
  for (const [known, later] of [
    [null, null],
    [2, null],
    [null, 3],
    [2, 2],
  ] as const) {
    t.is(lastDay(on([1, paid('2026-12-10', known)], [8, paid(null, later)]), daily), '2026-12-10');
  }
  t.is(lastDay(on([1, paid('2026-12-10', 2)], [8, paid(null, 3)]), daily), '2026-12-09');
});

test('a payment without a number on the day of the next charge is of the next period, numbered or not', (t) => {
  t.is(lastDay(on([1, paid('2026-12-10', 2)], [10, paid(null, null)])), '2026-12-17');
});

test('a date told without a payment is as good as one told with it', (t) => {
  t.is(lastDay(on([1, dated('2026-12-10', 2)], [8, paid(null, 2)])), '2026-12-10');
});

test('a date without a number goes over one with a number', (t) => {
  t.is(lastDay(on([1, dated('2026-12-10', 2)], [2, dated('2026-12-20', null)])), '2026-12-20');
});

test('a payment leaves a perpetual license perpetual', (t) => {
  const product = productOf({ term: 'perpetual' });
  const issued = { ...ENTITLEMENT, lastValid: null };
  t.is(outcomeOf(on([1, paid(null, null)]), { ...termsOf(product), issued }).entitlement.lastValid, null);
});

test('a life names why it is revoked or suspended', (t) => {
  const life = lifeOf(
    on(
      [1, { kind: 'refunded' }],
      [2, { kind: 'withdrawn' }],
      [3, { kind: 'stopped' }],
      [4, { kind: 'voided' }],
    ),
    termsOf(),
  );
  t.deepEqual(life.revocations, ['refund', 'operator', 'voided']);
  t.deepEqual(life.holds, ['operator']);
});

for (const [former, latter, state] of [
  ['paid', 'overdue', 'suspended'],
  ['resumed', 'paused', 'suspended'],
  ['cleared', 'reviewed', 'suspended'],
  ['charged-back', 'dispute-won', 'active'],
  ['sold', 'voided', 'revoked'],
  ['withdrawn', 'reinstated', 'active'],
] as const) {
  test(`of one millisecond, ${former} comes before ${latter}`, (t) => {
    const bodies = [former, latter].map((kind) =>
      kind === 'paid'
        ? paid('2027-01-01', 1)
        : kind === 'sold'
          ? ({ kind, product: 'app', quantity: 1 } as const)
          : ({ kind } as FactBody),
    );
    for (const keys of ['ab', 'ba']) {
      const facts = bodies.map((body, i) => factOf('order:1', body, { key: keys.charAt(i) }));
      t.is(outcomeOf(facts, termsOf()).state, state);
    }
  });
}

test('a fact is neither before nor behind itself', (t) => {
  const fact = factOf('order:1', { kind: 'overdue' });
  t.is(byTime(fact, { ...fact }), 0);
});
