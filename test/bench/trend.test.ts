import test from 'ava';
import { rises, trendOf } from '../../bench/soak/trend.ts';

test('a straight line has its slope and no error', (t) => {
  t.deepEqual(trendOf([1, 3, 5, 7]), { slope: 2, error: 0 });
});

test('the error of a slope is that of the least squares', (t) => {
  // Sums by hand: spread 5, together 4, rest 1.8 of two degrees of freedom.
  const { slope, error } = trendOf([0, 2, 1, 3]);
  t.is(slope, 0.8);
  t.is(error.toFixed(6), Math.sqrt(1.8 / 2 / 5).toFixed(6));
});

test('figures rise only beyond two errors and beyond the bound', (t) => {
  t.true(rises({ slope: 3, error: 1 }, 2));
  t.false(rises({ slope: 3, error: 2 }, 2), 'within its error');
  t.false(rises({ slope: 3, error: 1 }, 4), 'within the bound');
  t.false(rises({ slope: -9, error: 1 }, 2), 'they fall');
});

test('figures without a trend count as rising', (t) => {
  t.true(rises(trendOf([5]), 1));
});
