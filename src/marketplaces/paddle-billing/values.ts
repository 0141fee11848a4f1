/** Money as Paddle Billing writes it: texts of minor units. */
import { numberOf } from '../loose.ts';
import { mainUnits } from '../minor-units.ts';

/** An amount in the currency's main unit. */
export function moneyIn(value: unknown, currency: string | undefined): number | undefined {
  const minor = numberOf(value);
  return minor === undefined ? undefined : mainUnits(minor, currency);
}
