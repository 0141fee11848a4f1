/** Money that went back, by charge: what adds up to the whole charge, what to a line or a unit, and what is unclear. */
import type { LedgerLicense } from './changes.ts';
import type { Fact, Subject } from './fact.ts';
import type { Names } from './names.ts';
import { orderSubject } from './order-subject.ts';
import type { Terms } from './terms.ts';

/** Half of the smallest coin: amounts are decimal fractions in floating point. */
const HALF_A_CENT = 0.005;

/** What one charge came to, and what of it went back. */
export interface ChargeMoney {
  /** Tax included; undefined where it is not told. */
  readonly total: number | undefined;
  readonly currency: string | null;
  /** All of it went back: from this time on, milliseconds since 1970-01-01. */
  readonly fullAt: number | undefined;
  /** The bank took it back: a dispute of it was lost, and none was won later. */
  readonly lost: boolean;
  /** Lines of which all went back, each with the subscriptions that it was said of; '' where none was named. */
  readonly fullLines: ReadonlyMap<string, ReadonlySet<string>>;
  /** What went back of its lines, and when: net amounts and units. */
  readonly lineReturns: readonly LineReturn[];
  /** When the last part went back, milliseconds since 1970-01-01. */
  readonly lastAt: number;
  /** Facts that gave back a part, while it is not all. */
  readonly parts: readonly Fact[];
}

/** A part of a line that went back. */
export interface LineReturn {
  readonly line: string;
  readonly amount: number;
  readonly quantity: number;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** The key of the fact that tells it. */
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
 * Adds up what went back of each charge. Amounts of one charge and currency add up, tax too; tax alone is never all of it.
 * Amounts of another currency than the charge's are unclear: exchange rates decide nothing.
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

/** What the returns themselves say of their charge, where nothing else does. */
function setTotalsOfReturns(facts: readonly Fact[], chargeOf: (subject: Subject) => MutableMoney): void {
  const returns = facts.flatMap(({ subject, body }) =>
    body.kind === 'repaid' && body.total !== undefined ? [{ money: chargeOf(subject), body }] : [],
  );
  const unknown = returns.filter(({ money }) => money.total === undefined);
  for (const { money, body } of unknown) setTotal(money, body.total, body.currency);
}

/** Whether all of it went back. */
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
  // Two messages about one charge: the larger total is the whole charge.
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
 * A line of a charge was given back whole: the whole charge was, or the line, or an amount that covers its price. One order
 * may charge the same path for several subscriptions (a group): what names another one says nothing of this one.
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

/** A line's money went back, and its license with it: what a bank took back goes whatever the product says of refunds. */
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

/** Without this fact fewer units of the line were given back. */
export function takesUnits(
  fact: Fact,
  money: ChargeMoney,
  line: string,
  sale: { readonly quantity: number; readonly price: number | undefined },
): boolean {
  const others = { ...money, lineReturns: money.lineReturns.filter((back) => back.fact !== fact.key) };
  return unitsReturned(others, line, sale) < unitsReturned(money, line, sale);
}

/** Units of a line that were given back at times that count: as many as were told, and as their price covers. */
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
