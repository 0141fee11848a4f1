/** Which bytes were handed out: ranges in any order, overlapping, and too many of them. */
import test from 'ava';
import {
  BEGUN_ANEW_WITHIN,
  bytesIn,
  CONTINUED_WITHIN,
  covering,
  DOWNLOADS_COUNTED_FOR,
  goesOn,
  latestToGoOn,
  type Range,
} from '../../../src/domain/ports/download.ts';
import fc from '../../kit/fast-check.ts';

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

test('64 pieces are kept, and of one more the smallest goes; ranges that meet are one', (t) => {
  const pieces = Array.from({ length: 63 }, (_, place): Range => [place * 100, place * 100 + 50]);
  const small: Range = [6300, 6310];
  const full = covering(pieces, small);
  t.deepEqual(full, [...pieces, small], 'the most');
  t.deepEqual(covering(full, [6400, 6450]), [...pieces, [6400, 6450]]);
  t.deepEqual(covering(full, [7000, 7005]), full, 'the added one is the smallest');
  const first: Range = [0, 5];
  t.deepEqual(covering([first, ...pieces.slice(1), small], [6400, 6450]), [
    ...pieces.slice(1),
    small,
    [6400, 6450],
  ]);
  t.deepEqual(covering([[0, 5]], [5, 9]), [[0, 9]]);
  t.deepEqual(covering([[0, 5]], [7, 7]), [[0, 5]], 'nothing');
  t.deepEqual(covering([[0, 5]], [9, 7]), [[0, 5]], 'less than nothing');
  t.deepEqual(covering([[0, 9]], [2, 4]), [[0, 9]]);
});

test('a request goes on with a download of the last day: one that is not whole, from its middle, or begun anew at once', (t) => {
  const at = 1_000_000_000;
  const whole = { askedAt: at, state: 'whole' } as const;
  const begun = { askedAt: at, state: 'begun' } as const;
  const later = at + BEGUN_ANEW_WITHIN;
  t.true(goesOn(begun, 0, later));
  t.true(goesOn(begun, 0, at + CONTINUED_WITHIN - 1));
  t.false(goesOn(begun, 0, at + CONTINUED_WITHIN), 'a day later');
  t.false(goesOn(whole, 0, later), 'whole: another download');
  t.true(goesOn(whole, 0, later - 1), 'the connection took all, and the customer got none');
  t.true(goesOn(whole, 1, later), 'from its middle');
  t.false(goesOn({ ...begun, state: 'handed' }, 0, later));
  t.is(latestToGoOn(at), later);
  t.is(DOWNLOADS_COUNTED_FOR, 30 * CONTINUED_WITHIN);
});
