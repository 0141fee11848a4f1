/**
 * When an announcement is tried again: the schedule of Standard Webhooks, for every channel. Ten tries over three days,
 * each moved by up to 10 % at random, so that what failed together is not tried together.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The time from a failed try to the next one. */
const WAITS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** The first try is at once. */
export const TRIES = WAITS.length + 1;

const SPREAD = 0.1;

/** The other side may ask for a later try, but never for one beyond a day. */
const LONGEST_WAIT = 24 * HOUR;

/**
 * The time of the next try in milliseconds since 1970-01-01; undefined: there is none. `tries`: failed tries of this
 * round, at least 1. `notBefore`: asked for by Retry-After or greylisting. `chance`: 0 to below 1.
 */
export function nextTry(
  tries: number,
  {
    now,
    notBefore,
    chance,
  }: { readonly now: number; readonly notBefore?: number | undefined; readonly chance: number },
): number | undefined {
  const wait = WAITS[tries - 1];
  if (wait === undefined) return undefined;
  const scheduled = now + Math.round(wait * (1 - SPREAD + 2 * SPREAD * chance));
  if (notBefore === undefined) return scheduled;
  return Math.max(scheduled, Math.min(notBefore, now + LONGEST_WAIT));
}
