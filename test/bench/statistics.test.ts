import test from 'ava';
import { median, percentile } from '../../bench/statistics.ts';

test('the median is the middle value, or the mean of the middle two', (t) => {
  t.is(median([3, 1, 2]), 2);
  t.is(median([10, 1, 3, 2]), 2.5);
  t.is(median([7]), 7);
  t.is(median([]), Number.NaN);
});

test('a percentile is the measured value at the nearest rank', (t) => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  t.is(percentile(values, 0.5), 100);
  t.is(percentile(values, 0.99), 198);
  t.is(percentile(values, 1), 200);
  t.is(percentile([5], 0.99), 5);
  t.is(percentile([], 0.5), Number.NaN);
});
