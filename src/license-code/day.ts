/** Converts UTC days between the record's form (days since 1970-01-01) and `YYYY-MM-DD`. */

const MILLISECONDS_PER_DAY = 86_400_000;
const WRITTEN = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The last day that fits into two bytes: 2149-06-06. */
export const LAST_DAY_NUMBER = 0xffff;

/** Formats a number of days since 1970-01-01, 0 to 65535, as `YYYY-MM-DD`. Throws a RangeError outside that range. */
export function dayText(number: number): string {
  if (!Number.isInteger(number) || number < 0 || number > LAST_DAY_NUMBER) {
    throw new RangeError(`a day is a whole number from 0 to ${LAST_DAY_NUMBER}, not ${number}`);
  }
  return new Date(number * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

/** Parses an existing day to days since 1970-01-01, up to 2149-06-06. Throws a RangeError for any other text. */
export function dayNumber(text: string): number {
  const number = isDay(text) ? Date.parse(text) / MILLISECONDS_PER_DAY : -1;
  if (number < 0 || number > LAST_DAY_NUMBER) {
    throw new RangeError('a day is written YYYY-MM-DD and lies from 1970-01-01 to 2149-06-06');
  }
  return number;
}

/** True for an existing day of the years 0001 to 9999 in the form `YYYY-MM-DD`. Such days compare as text. */
export function isDay(text: unknown): text is string {
  const parts = typeof text === 'string' ? WRITTEN.exec(text) : null;
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return year > 0 && month > 0 && month <= 12 && day > 0 && day <= daysIn(year, month);
}

/** The number of days from the first day to the second; negative if the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / MILLISECONDS_PER_DAY;
}

/** The day after an existing day. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(day) + MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

/** The current UTC day by the computer's clock. */
export function systemDay(): string {
  return new Date().toISOString().slice(0, 10);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}
