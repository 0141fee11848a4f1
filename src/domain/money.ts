/** Returned money by charge: what adds up to a whole charge, a line or a unit, and what is unclear. */
import type { LedgerLicense } from './changes.ts';
import type { Fact, Subject } from './fact.ts';
import type { Names } from './names.ts';
import { orderSubject } from './order-subject.ts';
import type { Terms } from './terms.ts';

/** Half of the smallest coin: amounts are decimal fractions in floating point. */
const HALF_A_CENT = 0.005;

/** The total of one charge and its returned money. */
export interface ChargeMoney {
  /** Tax included; undefined: not stated. */
  readonly total: number | undefined;
  readonly currency: string | null;
  /** When the whole charge was returned, milliseconds since 1970-01-01. */
  readonly fullAt: number | undefined;
  /** A dispute of the charge was lost, and none was won later. */
  readonly lost: boolean;
  /** Fully returned lines, each with the subscriptions that the returns name; '': no subscription was named. */
  readonly fullLines: ReadonlyMap<string, ReadonlySet<string>>;
  /** The returns of its lines: net amounts and units. */
  readonly lineReturns: readonly LineReturn[];
  /** The time of the latest return, milliseconds since 1970-01-01. */
  readonly lastAt: number;
  /** The facts of its partial returns. */
  readonly parts: readonly Fact[];
}

/** A return of a part of a line. */
export interface LineReturn {
  readonly line: string;
  readonly amount: number;
  readonly quantity: number;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** The key of the fact that states the return. */
  readonly fact: string;
}

type MutableMoney = {
  total: number | undefined;
  currency: string | null;
  sum: number;
  lastAt: number;
  hasMoreThanTax: boolean;
  fullAt: number | undefined;
  lost: boolean;
  lostAt: number;
  wonAt: number;
  fullLines: Map<string, Set<string>>;
  lineReturns: LineReturn[];
  parts: Fact[];
};

/**
 * Adds up the returns of each charge: amounts of one charge and currency, with tax; tax alone is never the
 * whole charge. Amounts in another currency than the charge's are unclear, because exchange rates decide
 * nothing.
 */
export function readMoney(
  facts: readonly Fact[],
  names: Names,
  licenses: readonly LedgerLicense[] = [],
): ReadonlyMap<Subject, ChargeMoney> {
  const charges = new Map<Subject, MutableMoney>();
  const chargeOf = (subject: Subject): MutableMoney => {
    const name = names.of(subject);
    const known = charges.get(name) ?? emptyMoney();
    charges.set(name, known);
    return known;
  };
  for (const { order, charged } of licenses) {
    if (charged !== null) setTotal(chargeOf(orderSubject(order)), charged.total, charged.currency);
  }
  for (const { subject, body } of facts) {
    if (body.kind === 'charged' || (body.kind === 'confirmed' && body.total !== undefined)) {
      setTotal(chargeOf(subject), body.total, body.currency ?? null);
    } else if (body.kind === 'paid' && body.charge !== undefined && body.total !== undefined) {
      setTotal(chargeOf(body.charge), body.total, body.currency ?? null);
    }
  }
  setTotalsOfReturns(facts, chargeOf);
  for (const fact of facts) addReturn(fact, chargeOf);
  for (const money of charges.values()) setWhole(money);
  return charges;
}

/** Uses the total that the returns state for their charge, if no other fact states one. */
function setTotalsOfReturns(facts: readonly Fact[], chargeOf: (subject: Subject) => MutableMoney): void {
  const returns = facts.flatMap(({ subject, body }) =>
    body.kind === 'repaid' && body.total !== undefined ? [{ money: chargeOf(subject), body }] : [],
  );
  const unknown = returns.filter(({ money }) => money.total === undefined);
  for (const { money, body } of unknown) setTotal(money, body.total, body.currency);
}

/** Decides whether and when the whole charge was returned. */
function setWhole(money: MutableMoney): void {
  const { total, sum, hasMoreThanTax, lostAt, wonAt } = money;
  money.lost = lostAt > wonAt;
  const isAll = hasMoreThanTax && total !== undefined && total > 0 && sum >= total - HALF_A_CENT;
  const times = [money.fullAt, money.lost ? lostAt : undefined, isAll ? money.lastAt : undefined];
  const known = times.filter((at) => at !== undefined);
  money.fullAt = known.length === 0 ? undefined : Math.min(...known);
}

function addReturn(fact: Fact, chargeOf: (subject: Subject) => MutableMoney): void {
  const { body, at, subject } = fact;
  if (body.kind === 'refunded') {
    const money = chargeOf(subject);
    money.fullAt = Math.min(money.fullAt ?? at, at);
    return;
  }
  if (body.kind === 'dispute-lost' || body.kind === 'dispute-won') {
    const money = chargeOf(subject);
    const when = body.kind === 'dispute-lost' ? 'lostAt' : 'wonAt';
    money[when] = Math.max(money[when], at);
    return;
  }
  if (body.kind !== 'repaid') return;
  const money = chargeOf(subject);
  money.parts.push(fact);
  const isSame = body.currency === null || money.currency === null || body.currency === money.currency;
  if (!isSame) return;
  money.sum += body.amount ?? 0;
  money.lastAt = Math.max(money.lastAt, at);
  if (body.tax !== true) money.hasMoreThanTax = true;
  for (const { line, amount, quantity, full, subscription = '' } of body.lines ?? []) {
    money.lineReturns.push({ line, amount: amount ?? 0, quantity, at, fact: fact.key });
    if (full) money.fullLines.set(line, (money.fullLines.get(line) ?? new Set()).add(subscription));
  }
}

function setTotal(money: MutableMoney, total: number | undefined, currency: string | null): void {
  if (total === undefined) return;
  // Of two totals of one charge the larger one is the whole charge.
  if (money.total !== undefined && money.total > total) return;
  if (money.total === total && money.currency !== null) return;
  money.total = total;
  money.currency = currency ?? money.currency;
}

function emptyMoney(): MutableMoney {
  return {
    total: undefined,
    currency: null,
    sum: 0,
    lastAt: 0,
    hasMoreThanTax: false,
    fullAt: undefined,
    lost: false,
    lostAt: -1,
    wonAt: -1,
    fullLines: new Map(),
    lineReturns: [],
    parts: [],
  };
}

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
