/** How long a mail server asks to wait, as greylisting does (RFC 6647): no standard says how, so the usual words count. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** `come back in 00:05:00` */
const AS_CLOCK = /\b(?:in|for|after) (\d{1,2}):([0-5]\d):([0-5]\d)\b/i;

/** `greylisted for 300 seconds`, `try again in 5 min` */
const IN_WORDS = /\b(?:in|for|after) (\d{1,5}) ?(s|m|h)(?:ec|in|our|r)?(?:ond|ute)?s?\b/i;

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR };

/** Milliseconds; undefined: it names no time. `answer`: of a temporary failure. */
export function askedWait(answer: string): number | undefined {
  const [isClock, hours, minutes, seconds] = AS_CLOCK.exec(answer) ?? [];
  if (isClock !== undefined)
    return Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
  const [, count, letter = ''] = IN_WORDS.exec(answer) ?? [];
  const unit = UNITS[letter.toLowerCase()];
  return count === undefined || unit === undefined ? undefined : Number(count) * unit;
}
