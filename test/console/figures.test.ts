import test from 'ava';
import { lastDayOf, monthAfter, overviewOf, shift } from '../../src/console/overview/figures.ts';
import type { DailyFigures } from '../../src/domain/ports/ledger-reader.ts';

const TODAY = '2026-11-26';

const NONE: DailyFigures = {
  day: TODAY,
  product: 'lumen',
  orders: 0,
  units: 0,
  issued: 0,
  renewed: 0,
  suspended: 0,
  reinstated: 0,
  ended: 0,
  revoked: 0,
  due: 0,
  kept: 0,
  net_suspended: 0,
  net_ended: 0,
  net_revoked: 0,
};

const on = (day: string, more: Partial<DailyFigures>): DailyFigures => ({ ...NONE, day, ...more });

test('orders of 30 days are compared with the 30 days before; older ones count for neither', (t) => {
  const days = [
    on(shift(TODAY, -60), { orders: 9 }),
    on(shift(TODAY, -59), { orders: 2 }),
    on(shift(TODAY, -30), { orders: 3 }),
    on(shift(TODAY, -29), { orders: 4 }),
    on(TODAY, { orders: 1 }),
  ];
  t.deepEqual(overviewOf(days, TODAY).orders, { now: 5, before: 5 });
});

test('the number of licenses in a state is the sum of what came and went', (t) => {
  const days = [
    on('2024-01-01', { issued: 10 }),
    on(shift(TODAY, -40), { net_suspended: 2 }),
    on(shift(TODAY, -3), { net_suspended: -1, net_revoked: 1 }),
  ];
  const { active, states } = overviewOf(days, TODAY);
  t.deepEqual(active, { now: 8, before: 8 });
  const last = states.map(({ state, counts }) => [state, counts.length, counts.at(-1)]);
  t.deepEqual(last, [
    ['active', 26, 8],
    ['suspended', 26, 1],
    ['ended', 26, 0],
    ['revoked', 26, 1],
  ]);
});

test('weeks begin on Monday, the last one is running; more than two products are two series', (t) => {
  const days = [
    on('2026-11-22', { orders: 1, product: 'atlas' }),
    on('2026-11-23', { orders: 5 }),
    on('2026-11-26', { orders: 1, product: 'nova' }),
  ];
  const { weeks, series } = overviewOf(days, TODAY);
  t.is(weeks.length, 52);
  t.deepEqual(series, ['lumen', 'all others']);
  t.deepEqual(weeks.at(-1), { from: '2026-11-23', orders: [5, 1] });
  t.deepEqual(weeks.at(-2), { from: '2026-11-16', orders: [0, 1] });
});

test('renewals count up to today; what is due ahead leaves out what was renewed early', (t) => {
  const days = [
    on('2026-11-10', { due: 4, kept: 3 }),
    on('2026-11-30', { due: 7, kept: 1 }),
    on('2027-01-15', { due: 5, kept: 2 }),
  ];
  const { renewals, months } = overviewOf(days, TODAY);
  t.deepEqual(renewals, { due: 4, kept: 3 });
  t.is(months.length, 15);
  t.deepEqual(
    months.find(({ first }) => first === '2027-01-01'),
    {
      first: '2027-01-01',
      due: 3,
      kept: 2,
      isAhead: true,
    },
  );
  t.is(monthAfter('2026-11-30', 3), '2027-02-01');
  t.is(lastDayOf(TODAY), '2027-02-28');
});
