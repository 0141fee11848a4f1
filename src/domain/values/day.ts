/** UTC days, the only unit of time in a license. */
import { Temporal } from 'temporal-polyfill';
import { remembering } from './remembering.ts';

/** A UTC day as `YYYY-MM-DD`; its text order is its time order. */
export type Day = string;

/** An ISO 8601 duration in years, months, weeks and days: `P1Y`, `P14D`. */
export type Period = string;

/** The last day that two bytes of days since 1970-01-01 can hold (license-code-v1: last valid day). */
export const LAST_DAY: Day = '2149-06-06';

/** The first day that is told; day 0 of a license code, 1970-01-01, is what a missing time would look like. */
export const FIRST_DAY: Day = '1970-01-02';

/** The day itself, or the nearest day that a license code can hold. */
export function holdable(day: Day): Day {
  if (day > LAST_DAY) return LAST_DAY;
  return day < FIRST_DAY ? FIRST_DAY : day;
}

/** The UTC day of a moment in milliseconds since 1970-01-01. */
export function dayOf(milliseconds: number): Day {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** True for an existing day written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && dayOf(time) === text;
}

/**
 * Adds a period to a day. A missing day becomes the month's last day: 31 January plus P1M is 28 February. The
 * result is at most LAST_DAY, the limit of a license code.
 */
export function addPeriod(day: Day, period: Period): Day {
  return sumOf(`${day} ${period}`);
}

/** Subtracts a period from a day. A missing day becomes the month's last day. */
export function subtractPeriod(day: Day, period: Period): Day {
  return Temporal.PlainDate.from(day).subtract(Temporal.Duration.from(period)).toString();
}

/** The next day. */
export function dayAfter(day: Day): Day {
  return addPeriod(day, 'P1D');
}

/** The moment at which a UTC day begins, milliseconds since 1970-01-01. */
export function startOfDay(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/**
 * Cached: calendar arithmetic costs as much as a sale's database work, and the sales of a day need few
 * different sums.
 */
const sumOf = remembering((key: string): Day => {
  const [day = '', period = ''] = key.split(' ');
  const later = Temporal.PlainDate.from(day).add(Temporal.Duration.from(period));
  const text = later.toString();
  return text.length > LAST_DAY.length || text > LAST_DAY ? LAST_DAY : text;
});

/** The moment one period before another, both in milliseconds since 1970-01-01. */
export function before(milliseconds: number, period: Period): number {
  const moment = Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO('UTC');
  return moment.subtract(Temporal.Duration.from(period)).epochMilliseconds;
}

/** True for an ISO 8601 duration of whole years, months, weeks or days (`P1Y6M`), not negative. */
export function isPeriod(text: string): boolean {
  return /^P(?=\d)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?$/.test(text);
}
