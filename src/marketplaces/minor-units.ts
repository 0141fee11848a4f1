/** Amounts of money in the smallest unit of their currency. */
import { decimalsOf } from '../domain/values/money-text.ts';

/**
 * The amount in the currency's main unit: 1999 USD cents are 19.99, 1999 yen are 1999. It is compared only with amounts of
 * the same charge, so a store that counts a currency otherwise than ISO 4217 changes the wording of a flag, no decision.
 */
export function mainUnits(
  minor: number,
  currency: string | undefined,
  decimals = decimalsOf(currency),
): number {
  return minor / 10 ** decimals;
}
