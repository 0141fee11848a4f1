/** Parses arguments that several commands take. Each function returns the value or throws InvalidArgumentError. */
import { InvalidArgumentError } from 'commander';
import { isAddress } from '../domain/values/address.ts';
import { NAME_RULE, readName } from '../domain/values/customer-name.ts';
import { type Day, FIRST_DAY, isDay, LAST_DAY } from '../domain/values/day.ts';
import { LARGEST_QUANTITY } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';

export function quantityArgument(text: string): number {
  const quantity = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  if (quantity >= 1 && quantity <= LARGEST_QUANTITY) return quantity;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${LARGEST_QUANTITY}.`);
}

export function dayArgument(text: string): Day {
  if (isDay(text)) return text;
  throw new InvalidArgumentError('Write a day of the calendar as YYYY-MM-DD.');
}

/** A day that a license gets. */
export function licenseDayArgument(text: string): Day {
  const day = dayArgument(text);
  if (day >= FIRST_DAY && day <= LAST_DAY) return day;
  throw new InvalidArgumentError(`A license code holds days from ${FIRST_DAY} to ${LAST_DAY}.`);
}

/** A person does not read more rows; a program filters. */
export const MOST_ROWS = 10_000;

export function limitArgument(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MOST_ROWS) return limit;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_ROWS}.`);
}

export function keyIdArgument(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new AppError('bad_usage', `A key is given by its number, such as 2: see  ${RUN} keys list`);
}

export function flagIdArgument(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write the number of a flag, as flags list shows it.');
}

export function announcementArgument(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write the number of an announcement, as outbox list shows it.');
}

/** An address that can be mailed. */
export function addressArgument(text: string): string {
  if (isAddress(text)) return text;
  throw new InvalidArgumentError('Write one address and nothing else, such as ada@example.com.');
}

export function nameArgument(text: string): string {
  const name = readName(text);
  if (name !== undefined) return name;
  throw new InvalidArgumentError(`Write ${NAME_RULE}.`);
}

/** A path at a marketplace. A sale that names none has a flag of its own, and no path that could be given. */
export function pathArgument(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('Write a path or number, as the flag names it.');
}

/** The product that a license code is bound to (license-code-v1): 1 to 64 bytes. */
export function productArgument(text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes >= 1 && bytes <= 64) return text;
  throw new InvalidArgumentError('Write the name of a product file, without .md: 1 to 64 bytes.');
}
