/** Which bytes were handed out: ranges in any order, overlapping, and too many of them. */
import test from 'ava';
import { bytesIn, covering, type Range } from '../../src/domain/download.ts';
import fc from '../kit/fast-check.ts';

const ranges = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }))
    .map(([a, b]): Range => [Math.min(a, b), Math.max(a, b)]),
  { maxLength: 60 },
);

test('covered bytes are exactly those of the ranges, in any order', (t) => {
  fc.assert(
    fc.property(ranges, (added) => {
      const bytes = new Set(
        added.flatMap(([start, end]) => Array.from({ length: end - start }, (_, at) => start + at)),
      );
      const covered = added.reduce<readonly Range[]>(covering, []);
      t.is(bytesIn(covered), bytes.size);
      for (const [place, [start]] of covered.entries()) t.true(start > (covered[place - 1]?.[1] ?? -1));
    }),
  );
});

test('of too many pieces the smallest are forgotten, so that no file counts as whole too early', (t) => {
  let covered: readonly Range[] = [];
  for (let at = 0; at < 1000; at++) covered = covering(covered, [at * 10, at * 10 + 5]);
  t.true(covered.length <= 64);
  t.true(bytesIn(covered) <= 64 * 5);
  t.is(bytesIn(covering(covered, [0, 10_000])), 10_000);
});
