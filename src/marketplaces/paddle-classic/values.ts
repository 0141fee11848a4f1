/** Values of Paddle's form fields. Paddle's own test sender writes field names, and words instead of numbers. */
import { type Day, FIRST_DAY, holdable, isDay, LAST_DAY, startOfDay } from '../../domain/values/day.ts';
import { refuseNul } from '../form.ts';
import type { Fields } from '../marketplace.ts';

/**
 * Reads one field: its text without white space around it; undefined where it is absent or empty. Throws AppError
 * `malformed_request` for one with NUL.
 */
export type Field = (name: string) => string | undefined;

export function fieldOf(fields: Fields): Field {
  return (name) => {
    const value = fields.get(name);
    refuseNul(name, value);
    return value?.trim() || undefined;
  };
}

/** The most units that a license code can count (license-code-v1: seats). */
export const MOST_UNITS = 65_535;

/** A whole number from 1 to MOST_UNITS. */
export function countIn(text: string | undefined): number | undefined {
  const count = text !== undefined && /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= MOST_UNITS ? count : undefined;
}

/** A decimal number that is not negative: `912.59`. */
export function amountIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}(\.\d{1,8})?$/.test(text) ? Number(text) : undefined;
}

/** ISO 4217, upper case. */
export function currencyIn(text: string | undefined): string | null {
  return text !== undefined && /^[A-Z]{3}$/i.test(text) ? text.toUpperCase() : null;
}

/** Alerts say `1`; the test sender says `true`. */
export function isTrue(text: string | undefined): boolean {
  return text === '1' || text === 'true';
}

/** `2020-05-20`, with or without a following time; at most the last day that a license code can hold. */
export function dayIn(text: string | undefined): Day | undefined {
  const day = text?.slice(0, 10);
  return day !== undefined && isDay(day) && day >= FIRST_DAY ? holdable(day) : undefined;
}

/** `2020-05-20 23:26:01`, UTC, up to the last day that a license code can hold: milliseconds since 1970-01-01. */
export function timeIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text.replace(' ', 'T')}Z`);
  return time >= FIRST_TIME && time < END_OF_TIME ? time : undefined;
}

const FIRST_TIME = startOfDay(FIRST_DAY);
const END_OF_TIME = startOfDay(LAST_DAY) + 86_400_000;
