import test from 'ava';
import { nextTry, TRIES } from '../../src/outbox/retry.ts';
import fc from '../kit/fast-check.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 21);

test('ten tries: at once, 5 s, 5 min, 30 min, 2, 5, 10, 14, 20, 24 h', (t) => {
  const waits = Array.from({ length: 10 }, (_, place) => {
    const next = nextTry(place + 1, { now: NOW, chance: 0.5 });
    return next === undefined ? undefined : next - NOW;
  });
  t.deepEqual(waits, [
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
    undefined,
  ]);
  t.is(TRIES, 10);
});

test('the schedule spans three days', (t) => {
  let at = NOW;
  for (let tries = 1; tries < TRIES; tries++) at = nextTry(tries, { now: at, chance: 0.5 }) ?? at;
  t.true(at - NOW > 3 * DAY && at - NOW < 3.3 * DAY);
});

test('chance moves a try by at most a tenth, either way', (t) => {
  t.is(nextTry(2, { now: NOW, chance: 0 }), NOW + 270 * SECOND);
  t.is(nextTry(2, { now: NOW, chance: 1 }), NOW + 330 * SECOND);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (tries, chance) => {
        const [middle, moved] = [0.5, chance].map(
          (each) => (nextTry(tries, { now: NOW, chance: each }) ?? 0) - NOW,
        );
        return Math.abs((moved ?? 0) - (middle ?? 0)) <= 0.1 * (middle ?? 0) + 1;
      },
    ),
  );
});

test('the other side moves a try later, never earlier, and never beyond a day', (t) => {
  const at = (notBefore: number) => nextTry(1, { now: NOW, notBefore, chance: 0.5 });
  t.is(at(NOW + HOUR), NOW + HOUR);
  t.is(at(NOW - HOUR), NOW + 5 * SECOND);
  t.is(at(NOW + 9 * DAY), NOW + DAY);
  t.is(nextTry(10, { now: NOW, notBefore: NOW + HOUR, chance: 0.5 }), undefined, 'no try beyond the tenth');
});
