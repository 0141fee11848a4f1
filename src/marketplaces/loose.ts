/** Reads JSON whose shapes differ between deliveries. A value of an unexpected shape is absent. */
import { type Day, dayOf } from '../domain/values/day.ts';
import { AppError } from '../errors.ts';

export type Loose = Readonly<Record<string, unknown>>;

/** Throws AppError `malformed_request` for a body that is not JSON. The parser's error quotes the body, so it is no cause of it. */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AppError('malformed_request', 'The body is not JSON.');
  }
}

export function isRecord(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or an empty one for any other value. */
export function recordOf(value: unknown): Loose {
  return isRecord(value) ? value : {};
}

/** Throws AppError `malformed_request` for an event of a kind that is read, and without the object that it is about. */
export function needObject(event: string, object: Loose): void {
  if (Object.keys(object).length === 0) throw new AppError('malformed_request', `${event} is about nothing.`);
}

/** The objects of a list; empty for a value that is no list. */
export function listOf(value: unknown): Loose[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/**
 * A trimmed text that is not blank. A number is written as JavaScript writes it. A lone surrogate and NUL become U+FFFD: not
 * every database stores them, so the row would differ from its seal, or the sale would fail for a letter in a name.
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return value.trim().toWellFormed().replaceAll('\0', '\uFFFD');
}

/** A number, or a text that is a decimal number. */
export function numberOf(value: unknown): number | undefined {
  const isDecimal = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim());
  const number = isDecimal ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** A boolean, or a text that is one. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = textOf(value)?.toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** An amount of money; a negative amount is not documented and counts as absent. */
export function amountOf(value: unknown): number | undefined {
  const amount = numberOf(value);
  return amount !== undefined && amount >= 0 ? amount : undefined;
}

/** Whole milliseconds since 1970-01-01, from the year 2000 to the last day that a license code can hold. */
export function timeOf(value: unknown): number | undefined {
  const time = Math.trunc(numberOf(value) ?? 0);
  return time >= FIRST_TIME && time < END_OF_TIME ? time : undefined;
}

const FIRST_TIME = Date.UTC(2000, 0, 1);
const END_OF_TIME = Date.UTC(2149, 5, 7);

/** The UTC day of a date in milliseconds. */
export function dayIn(value: unknown): Day | undefined {
  const time = timeOf(value);
  return time === undefined ? undefined : dayOf(time);
}
