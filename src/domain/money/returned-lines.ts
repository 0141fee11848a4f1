/** Which lines and units of a charge its returns take. */
import type { Fact } from '../facts/fact.ts';
import { decimalsOf } from '../values/money-text.ts';
import type { Terms } from '../values/terms.ts';
import type { ChargedLine } from './charged-lines.ts';
import { type ChargeMoney, HALF_A_CENT, type LineReturn } from './money.ts';

/**
 * Whether a line was fully returned: with its whole charge, by itself, or by amounts that cover its price. A return that says
 * that the line went back whole, and states fewer units than were charged, is of those units.
 */
export function isLineReturned(money: ChargeMoney | undefined, sale: ChargedLine): boolean {
  if (money === undefined) return false;
  if (money.fullAt !== undefined && !isTrialBeside(money, sale)) return true;
  if (money.fullLines.has(sale.line)) return true;
  const back = returnsOf(money, sale);
  const isNamed = back.every(({ subscription }) => subscription !== undefined);
  const { price, quantity, per = 1 } = (isNamed ? undefined : sale.shared) ?? sale;
  const sum = sumOf(back);
  if (price !== undefined && price > 0 && sum.amount >= price - HALF_A_CENT) return true;
  const full = back.filter((each) => each.full);
  const isOfUnits =
    quantity !== undefined && sum.pieces * per < quantity && full.every((each) => each.quantity >= 1);
  return full.length > 0 && !isOfUnits;
}

/** A trial that cost nothing, in an order whose returns name other lines alone: their money is all of the order's. */
function isTrialBeside({ wholeOf }: ChargeMoney, { trial, price, line }: ChargedLine): boolean {
  return trial === true && (price ?? 0) === 0 && wholeOf !== undefined && !wholeOf.has(line);
}

/** Whether a return takes the line's license: a lost dispute always does, a refund only with `refund: revoke`. */
export function isTaken(
  money: ChargeMoney | undefined,
  { refund }: Pick<Terms, 'refund'>,
  sale: ChargedLine,
): boolean {
  if (money?.lost === true) return true;
  return refund === 'revoke' && isLineReturned(money, sale);
}

/** The returns that are of the line, or may be: those that name another subscription are not. */
function returnsOf({ lineReturns }: ChargeMoney, { line, subscription }: ChargedLine): readonly LineReturn[] {
  return lineReturns.filter(
    (back) =>
      back.line === line &&
      (subscription === undefined || back.subscription === undefined || back.subscription === subscription),
  );
}

function sumOf(returns: readonly LineReturn[]) {
  const sum = { amount: 0, pieces: 0 };
  for (const { amount, quantity } of returns) {
    sum.amount += amount;
    sum.pieces += quantity;
  }
  return sum;
}

/** Whether fewer units would count as returned without this fact. */
export function takesUnits(fact: Fact, money: ChargeMoney, sale: ChargedLine): boolean {
  const others = { ...money, lineReturns: money.lineReturns.filter((back) => back.fact !== fact.key) };
  return unitsReturned(others, sale) < unitsReturned(money, sale);
}

/** The returned units of a line at times that count: of as many pieces as stated, as far as the amount covers their price. */
export function unitsReturned(
  money: ChargeMoney | undefined,
  sale: ChargedLine,
  counts: (at: number) => boolean = () => true,
): number {
  const { quantity, price, shared, per = 1 } = sale;
  if (money === undefined || quantity === undefined) return 0;
  if (isLineReturned(money, sale) && counts(money.lastAt)) return quantity;
  const back = sumOf(
    returnsOf(money, sale).filter(
      ({ at, subscription }) => counts(at) && (shared === undefined || subscription !== undefined),
    ),
  );
  if (back.pieces < 1 || price === undefined || price <= 0) return 0;
  const piecePrice = wholeCoins((price / quantity) * per, money.currency);
  return Math.min(Math.min(back.pieces, Math.floor((back.amount + A_HAIR) / piecePrice)) * per, quantity);
}

/** A third of 100.00 comes back as 33.33. */
function wholeCoins(price: number, currency: string | null): number {
  const coins = 10 ** decimalsOf(currency);
  return Math.floor(price * coins + A_HAIR) / coins || price;
}

/** Far below a coin: amounts are decimal fractions in floating point. */
const A_HAIR = 1e-6;
