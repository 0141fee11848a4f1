/** RFC 3339 times, as Paddle Billing and Lemon Squeezy write them: `2026-01-10T12:00:00.000000Z`. */
import { type Day, dayOf } from '../domain/values/day.ts';
import { textOf, timeOf } from './loose.ts';

/** Milliseconds since 1970-01-01, of a time with 0 to 9 digits of a second's fraction. */
export function momentIn(value: unknown): number | undefined {
  const text = textOf(value);
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [, seconds = '', fraction = '0', zone = ''] = parts;
  const time = Date.parse(`${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${zone}`);
  return Number.isNaN(time) ? undefined : timeOf(time);
}

/** The UTC day of a time. */
export function dayIn(value: unknown): Day | undefined {
  const moment = momentIn(value);
  return moment === undefined ? undefined : dayOf(moment);
}
