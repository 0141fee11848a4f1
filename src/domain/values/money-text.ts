/** Amounts of money as text. */

/** Currencies by their number of decimals (ISO 4217); all others have two. Intl has cash's decimals: none for HUF. */
const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');

const DECIMALS: ReadonlyMap<string | null | undefined, number> = new Map([
  ...NO_DECIMALS.map((currency) => [currency, 0] as const),
  ...THREE_DECIMALS.map((currency) => [currency, 3] as const),
]);

export function decimalsOf(currency: string | null | undefined): number {
  return DECIMALS.get(currency) ?? 2;
}

/** `19.90 EUR`, `500 JPY`. `amount` is in main units. */
export function moneyText(amount: number, currency: string | null | undefined): string {
  const text = amount.toFixed(decimalsOf(currency));
  return currency == null ? text : `${text} ${currency}`;
}
