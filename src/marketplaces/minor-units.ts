/** Amounts of money in the smallest unit of their currency. */

/**
 * The amount in the currency's main unit: 1999 USD cents are 19.99, 1999 yen are 1999. It is compared only with amounts of
 * the same charge, so a store that counts a currency otherwise than ISO 4217 changes the wording of a flag, no decision.
 */
export function mainUnits(minor: number, currency: string | undefined): number {
  return minor / 10 ** digitsOf(currency);
}

function digitsOf(currency: string | undefined): number {
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency)) return 2;
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}
