/** Which lines and units of a charge its returns take. */
import type { Fact } from './fact.ts';
import { type ChargeMoney, HALF_A_CENT } from './money.ts';
import type { Terms } from './terms.ts';

/**
 * Whether a line was fully returned: with its whole charge, by itself, or by amounts that cover its price.
 * One order may charge a path for several subscriptions, so a return that names another subscription does not
 * count.
 */
export function isLineReturned(
  money: ChargeMoney | undefined,
  line: string,
  price: number | undefined,
  subscription?: string,
): boolean {
  if (money === undefined) return false;
  if (money.fullAt !== undefined) return true;
  const full = money.fullLines.get(line);
  if (full !== undefined && (subscription === undefined || full.has('') || full.has(subscription)))
    return true;
  return price !== undefined && price > 0 && sumOf(money, line, () => true).amount >= price - HALF_A_CENT;
}

/** Whether a return takes the line's license: a lost dispute always does, a refund only with `refund: revoke`. */
export function isTaken(
  money: ChargeMoney | undefined,
  { refund }: Pick<Terms, 'refund'>,
  sale: {
    readonly line: string;
    readonly price?: number | undefined;
    readonly subscription?: string | undefined;
  },
): boolean {
  if (money?.lost === true) return true;
  return refund === 'revoke' && isLineReturned(money, sale.line, sale.price, sale.subscription);
}

function sumOf({ lineReturns }: ChargeMoney, line: string, counts: (at: number) => boolean) {
  const sum = { amount: 0, quantity: 0 };
  for (const back of lineReturns) {
    if (back.line !== line || !counts(back.at)) continue;
    sum.amount += back.amount;
    sum.quantity += back.quantity;
  }
  return sum;
}

/** Whether fewer units would count as returned without this fact. */
export function takesUnits(
  fact: Fact,
  money: ChargeMoney,
  line: string,
  sale: { readonly quantity: number; readonly price: number | undefined },
): boolean {
  const others = { ...money, lineReturns: money.lineReturns.filter((back) => back.fact !== fact.key) };
  return unitsReturned(others, line, sale) < unitsReturned(money, line, sale);
}

/** The returned units of a line at times that count: as many as stated, as far as the amount covers their price. */
export function unitsReturned(
  money: ChargeMoney | undefined,
  line: string,
  sale: {
    readonly quantity: number;
    readonly price: number | undefined;
    readonly subscription?: string | undefined;
  },
  counts: (at: number) => boolean = () => true,
): number {
  if (money === undefined) return 0;
  if (isLineReturned(money, line, sale.price, sale.subscription) && counts(money.lastAt))
    return sale.quantity;
  const back = sumOf(money, line, counts);
  if (back.quantity < 1 || sale.price === undefined || sale.price <= 0) return 0;
  const unitPrice = sale.price / sale.quantity;
  return Math.min(back.quantity, Math.floor((back.amount + HALF_A_CENT) / unitPrice), sale.quantity);
}
