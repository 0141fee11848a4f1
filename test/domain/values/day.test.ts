import test from 'ava';
import { addPeriod, before, dayOf, isDay, isPeriod, LAST_DAY } from '../../../src/domain/values/day.ts';
import { dayNumber, LAST_DAY_NUMBER } from '../../../src/license-code/day.ts';
import fc from '../../kit/fast-check.ts';

test('the day of a moment is the UTC day, from its first millisecond to its last', (t) => {
  t.is(dayOf(0), '1970-01-01');
  t.is(dayOf(Date.UTC(2026, 10, 21)), '2026-11-21');
  t.is(dayOf(Date.UTC(2026, 10, 22) - 1), '2026-11-21');
});

for (const [day, period, later, why] of [
  ['2026-01-31', 'P1M', '2026-02-28', 'a month without that day ends on its last one'],
  ['2028-01-31', 'P1M', '2028-02-29', 'in a leap year too'],
  ['2026-03-31', 'P1M', '2026-04-30', 'a month of 30 days'],
  ['2026-02-28', 'P1M', '2026-03-28', 'a last day does not stay one'],
  ['2028-02-29', 'P1Y', '2029-02-28', 'a leap day a year later'],
  ['2028-02-29', 'P4Y', '2032-02-29', 'a leap day four years later'],
  ['2096-02-29', 'P4Y', '2100-02-28', '2100 has no leap day'],
  ['2026-12-31', 'P1D', '2027-01-01', 'over the end of the year'],
  ['2026-11-21', 'P2W', '2026-12-05', 'weeks'],
  ['2026-10-31', 'P1Y4M1D', '2028-03-01', 'years and months first, to a month end, then days'],
  ['2026-11-21', 'P0D', '2026-11-21', 'nothing at all'],
  ['2149-06-05', 'P1D', '2149-06-06', 'the last day that a code can say'],
  ['2149-06-06', 'P1D', '2149-06-06', 'and never one later'],
  ['2100-01-01', 'P100Y', '2149-06-06', 'however long the period is'],
  ['2026-11-21', 'P9999Y9999M9999W99999D', '2149-06-06', 'even beyond the year 9999'],
] as const) {
  test(`${day} and ${period} is ${later}: ${why}`, (t) => {
    t.is(addPeriod(day, period), later);
  });
}

test('the moment one period before has the same time of day, on the month’s last day if the day is missing', (t) => {
  t.is(before(Date.UTC(2026, 2, 31, 10, 30), 'P1M'), Date.UTC(2026, 1, 28, 10, 30));
  t.is(before(Date.UTC(2026, 2, 31, 10, 30), 'P30D'), Date.UTC(2026, 2, 1, 10, 30));
});

test('the last day is the largest day in the code’s two bytes', (t) => {
  t.is(dayNumber(LAST_DAY), LAST_DAY_NUMBER);
});

test('a longer period never ends earlier, and days are added one by one', (t) => {
  const day = fc.integer({ min: 0, max: 65_535 }).map((number) => dayOf(number * 86_400_000));
  fc.assert(
    fc.property(day, fc.nat(20_000), fc.nat(100), (from, days, more) => {
      const earlier = addPeriod(from, `P${days}D`);
      const later = addPeriod(from, `P${days + more}D`);
      const expected = Math.min(dayNumber(from) + days, LAST_DAY_NUMBER);
      return isDay(earlier) && later >= earlier && dayNumber(earlier) === expected;
    }),
  );
  t.pass();
});

for (const text of [
  'P1Y',
  'P6M',
  'P2W',
  'P30D',
  'P1Y6M2W3D',
  'P0D',
  'P1000Y',
  'P1000M',
  'P1000W',
  'P10000D',
]) {
  test(`${text} is a period`, (t) => t.true(isPeriod(text)));
}

for (const text of [
  '',
  'P',
  '1Y',
  'P1',
  'p1y',
  '-P1Y',
  'P-1Y',
  'PT1H',
  'P1YT1H',
  'P1.5Y',
  'P1D1Y',
  ' P1Y',
  'P1Y\n',
  'P12345Y',
]) {
  test(`${JSON.stringify(text)} is no period`, (t) => t.false(isPeriod(text)));
}

test('a day must exist and be written in full', (t) => {
  for (const text of ['2026-11-21', '2028-02-29', '1970-01-01', '2149-06-06']) t.true(isDay(text), text);
  for (const text of [
    '2026-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '2026-11-21Z',
    '21.11.2026',
    '+010000-01',
    '',
  ]) {
    t.false(isDay(text), text);
  }
});
