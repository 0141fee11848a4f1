/** Money as Paddle Billing writes it: texts of minor units. */
import { amountOf } from '../loose.ts';
import { mainUnits } from '../minor-units.ts';

/** An amount in the currency's main unit; undefined where it is negative. */
export function moneyIn(value: unknown, currency: string | undefined): number | undefined {
  const minor = amountOf(value);
  return minor === undefined ? undefined : mainUnits(minor, currency);
}
