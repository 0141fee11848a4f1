/** Values as Stripe writes them: seconds, amounts in the smallest unit, ids that may be expanded to objects. */
import type { Day } from '../../domain/values/day.ts';
import { amountOf, dayIn as dayOfMilliseconds, isRecord, numberOf, textOf, timeOf } from '../loose.ts';
import { mainUnits } from '../minor-units.ts';

/** Milliseconds since 1970-01-01, from seconds. */
export function momentIn(value: unknown): number | undefined {
  const seconds = numberOf(value);
  return seconds === undefined ? undefined : timeOf(seconds * 1000);
}

/** The UTC day of a time in seconds. */
export function dayIn(value: unknown): Day | undefined {
  return dayOfMilliseconds(momentIn(value));
}

/** The name of a currency as Intl has it. Stripe writes `usd`. */
export function currencyIn(value: unknown): string | undefined {
  return textOf(value)?.toUpperCase();
}

/** Currencies that Stripe counts otherwise than ISO 4217 (docs.stripe.com/currencies, special cases). */
const OWN_DECIMALS: ReadonlyMap<string | undefined, number> = new Map([
  ['ISK', 2],
  ['UGX', 2],
  ['MGA', 0],
]);

/** An amount in the currency's main unit; undefined where it is negative. */
export function moneyIn(value: unknown, currency: string | undefined): number | undefined {
  const minor = amountOf(value);
  return minor === undefined ? undefined : mainUnits(minor, currency, OWN_DECIMALS.get(currency));
}

/** The id of another object: a text, or the object where it is expanded. */
export function idIn(value: unknown): string | undefined {
  return isRecord(value) ? textOf(value['id']) : textOf(value);
}
