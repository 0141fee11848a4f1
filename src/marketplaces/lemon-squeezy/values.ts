/** Money as Lemon Squeezy writes it: whole numbers of cents. */
import { decimalsOf } from '../../domain/values/money-text.ts';
import { amountOf, booleanOf, type Loose, textOf } from '../loose.ts';
import { mainUnits } from '../minor-units.ts';

/** What an order or an invoice says about money that went back. */
export interface Returned {
  /** `whole`: all of it. `part`: some. `unclear`: said to be all of it, and less is stated. */
  readonly extent: 'none' | 'part' | 'whole' | 'unclear';
  /** Main units, of all returns so far; undefined: not stated. */
  readonly amount: number | undefined;
  readonly total: number | undefined;
  readonly currency: string | undefined;
}

/** The amounts decide: a part is told with the status `paid` too, and old shapes have no amount. */
export function returnedOf(attributes: Loose): Returned {
  const currency = textOf(attributes['currency']);
  const minor = amountOf(attributes['refunded_amount']);
  const all = amountOf(attributes['total']);
  const isSaidWhole =
    textOf(attributes['status']) === 'refunded' || booleanOf(attributes['refunded']) === true;
  const isSaidPart = textOf(attributes['status']) === 'partial_refund';
  const main = (value: number | undefined) => (value === undefined ? undefined : mainUnits(value, currency));
  const extent = extentOf(minor, all, isSaidWhole);
  return {
    extent: extent === 'none' && isSaidPart ? 'part' : extent,
    amount: main(minor),
    total: main(all),
    currency,
  };
}

function extentOf(amount: number | undefined, total: number | undefined, isSaidWhole: boolean) {
  if (amount === undefined || total === undefined) {
    return isSaidWhole ? 'whole' : (amount ?? 0) > 0 ? 'part' : 'none';
  }
  if (amount >= total && total > 0) return 'whole';
  if (isSaidWhole) return total === 0 ? 'whole' : 'unclear';
  return amount > 0 ? 'part' : 'none';
}

/** `19.90 of 59.70 USD`, for a person. */
export function amountsText({ amount, total, currency }: Returned): string {
  const figures = [amount, total].map((value) => value?.toFixed(decimalsOf(currency)) ?? '?');
  return `${figures.join(' of ')}${currency === undefined ? '' : ` ${currency}`}`;
}
