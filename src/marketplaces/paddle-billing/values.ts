/** Values as Paddle Billing writes them: RFC 3339 times, and money as texts of minor units. */
import { type Day, dayOf } from '../../domain/day.ts';
import { numberOf, textOf, timeOf } from '../loose.ts';
import { mainUnits } from '../minor-units.ts';

/** Milliseconds since 1970-01-01. Paddle writes 0 to 9 digits of a second's fraction. */
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

/** An amount in the currency's main unit. */
export function moneyIn(value: unknown, currency: string | undefined): number | undefined {
  const minor = numberOf(value);
  return minor === undefined ? undefined : mainUnits(minor, currency);
}
