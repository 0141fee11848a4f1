/** UTC days, as the record holds them (days since 1970-01-01) and as people write them (`YYYY-MM-DD`). */

const MILLISECONDS_PER_DAY = 86_400_000;
const WRITTEN = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The last day that two bytes hold: 2149-06-06. */
export const LAST_DAY_NUMBER = 0xffff;

/** `YYYY-MM-DD` of a whole number of days since 1970-01-01, 0 to 65535. A RangeError outside. */
export function dayText(number: number): string {
  if (!Number.isInteger(number) || number < 0 || number > LAST_DAY_NUMBER) {
    throw new RangeError(`a day is a whole number from 0 to ${LAST_DAY_NUMBER}, not ${number}`);
  }
  return new Date(number * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

/** Days since 1970-01-01 of an existing day from 1970-01-01 to 2149-06-06. A RangeError for any other text. */
export function dayNumber(text: string): number {
  const number = isDay(text) ? Date.parse(text) / MILLISECONDS_PER_DAY : -1;
  if (number < 0 || number > LAST_DAY_NUMBER) {
    throw new RangeError('a day is written YYYY-MM-DD and lies from 1970-01-01 to 2149-06-06');
  }
  return number;
}

/** True for an existing day of the years 0001 to 9999, written `YYYY-MM-DD`: such days compare as text. */
export function isDay(text: unknown): text is string {
  const parts = typeof text === 'string' ? WRITTEN.exec(text) : null;
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return year > 0 && month > 0 && month <= 12 && day > 0 && day <= daysIn(year, month);
}

/** Days from one existing day to another; negative if the other is earlier. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / MILLISECONDS_PER_DAY;
}

/** The day after an existing day. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(day) + MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

/** The UTC day that the computer's clock shows. */
export function systemDay(): string {
  return new Date().toISOString().slice(0, 10);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}
