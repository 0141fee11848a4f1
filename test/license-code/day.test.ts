import test from 'ava';
import { dayNumber, daysBetween, dayText, isDay, systemDay } from '../../src/license-code/day.ts';

test('each day of two bytes round-trips through its text', (t) => {
  for (let number = 0; number <= 0xffff; number++) {
    if (dayNumber(dayText(number)) !== number) t.fail(`day ${number}`);
  }
  t.is(dayText(0), '1970-01-01');
  t.is(dayText(0xffff), '2149-06-06');
});

test('a day outside two bytes throws a RangeError', (t) => {
  for (const number of [-1, 0x10000, 0.5, Number.NaN]) {
    t.throws(() => dayText(number), { instanceOf: RangeError });
  }
  for (const text of ['1969-12-31', '2149-06-07', '2026-02-29', 'today']) {
    t.throws(() => dayNumber(text), { instanceOf: RangeError });
  }
});

test('only an existing day in the form YYYY-MM-DD is a day', (t) => {
  for (const day of ['2024-02-29', '2000-02-29', '2026-12-31', '0001-01-01']) t.true(isDay(day), day);
  for (const day of ['1900-02-29', '2026-02-29', '2026-04-31', '2026-00-01', '2026-13-01', '2026-01-00']) {
    t.false(isDay(day), day);
  }
  for (const day of [
    '2026-1-1',
    '2026-01-01T00:00',
    '2026-01-01\n',
    '12026-01-01',
    '0000-01-01',
    20260101,
    null,
  ]) {
    t.false(isDay(day), String(day));
  }
});

test('the number of days between two days counts leap days and has a sign', (t) => {
  t.is(daysBetween('2024-02-28', '2024-03-01'), 2);
  t.is(daysBetween('2024-03-01', '2024-02-28'), -2);
});

test('the system day is a valid day', (t) => {
  t.true(isDay(systemDay()));
});
