/** Returned money by charge: what adds up to a whole charge, a line or a unit, and what is unclear. */
import type { LedgerLicense } from '../changes.ts';
import type { ChargedItem } from '../facts/charged-item.ts';
import type { Fact, FactBody, Subject } from '../facts/fact.ts';
import type { Names } from '../facts/names.ts';
import { orderSubject } from '../values/order-subject.ts';

/** Half of the smallest coin: amounts are decimal fractions in floating point. */
export const HALF_A_CENT = 0.005;

/** The total of one charge and its returned money. */
export interface ChargeMoney {
  /** Tax included; undefined: not stated. */
  readonly total: number | undefined;
  readonly currency: string | null;
  /** When the whole charge was returned, milliseconds since 1970-01-01. */
  readonly fullAt: number | undefined;
  /** The lines that its returns name, where only the sum of these is the whole charge. */
  readonly wholeOf: ReadonlySet<string> | undefined;
  /** A dispute of the charge was lost, and none was won later. */
  readonly lost: boolean;
  /** Lines of which each item was returned whole, if returns name items. */
  readonly fullLines: ReadonlySet<string>;
  /** The returns of its lines: net amounts and units. */
  readonly lineReturns: readonly LineReturn[];
  /** The time of the latest return, milliseconds since 1970-01-01. */
  readonly lastAt: number;
  /** The facts of its partial returns. */
  readonly parts: readonly Fact[];
}

/** What a return states of a line. */
export interface LineReturn {
  readonly line: string;
  readonly amount: number;
  readonly quantity: number;
  /** The marketplace says that the whole line was returned. */
  readonly full: boolean;
  /** The subscription that the line was charged for; undefined: not stated. */
  readonly subscription: string | undefined;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** The key of the fact that states the return. */
  readonly fact: string;
}

type MoneySoFar = {
  /** The line of each item, if returns name items. */
  items: Map<string, string | null>;
  fullItems: Set<string>;
  /** When returns of a name were undone, milliseconds since 1970-01-01. */
  undone: Map<string, number>;
  total: number | undefined;
  currency: string | null;
  sum: number;
  lastAt: number;
  hasMoreThanTax: boolean;
  fullAt: number | undefined;
  wholeOf: ReadonlySet<string> | undefined;
  lost: boolean;
  lostAt: number;
  wonAt: number;
  fullLines: Set<string>;
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
  const charges = new Map<Subject, MoneySoFar>();
  const chargeOf = (subject: Subject): MoneySoFar => {
    const name = names.of(subject);
    const known = charges.get(name) ?? emptyMoney();
    charges.set(name, known);
    return known;
  };
  for (const { order, charged } of licenses) {
    if (charged !== null) setTotal(chargeOf(orderSubject(order)), charged.total, charged.currency);
  }
  for (const { subject, body, at } of facts) {
    if (body.kind === 'charged' || (body.kind === 'confirmed' && body.total !== undefined)) {
      setTotal(chargeOf(subject), body.total, body.currency ?? null);
      if (body.kind === 'charged') setItems(chargeOf(subject), body.items);
    } else if (body.kind === 'paid' && body.charge !== undefined && body.total !== undefined) {
      setTotal(chargeOf(body.charge), body.total, body.currency ?? null);
    } else if (body.kind === 'return-undone') {
      const { undone } = chargeOf(subject);
      undone.set(body.name, Math.max(undone.get(body.name) ?? 0, at));
    }
  }
  setTotalsOfReturns(facts, chargeOf);
  for (const fact of facts) addReturn(fact, chargeOf);
  for (const money of charges.values()) setWhole(money);
  return charges;
}

/** Uses the total that the returns state for their charge, if no other fact states one. */
function setTotalsOfReturns(facts: readonly Fact[], chargeOf: (subject: Subject) => MoneySoFar): void {
  const returns = facts.flatMap(({ subject, body }) =>
    body.kind === 'repaid' && body.total !== undefined ? [{ money: chargeOf(subject), body }] : [],
  );
  const unknown = returns.filter(({ money }) => money.total === undefined);
  for (const { money, body } of unknown) setTotal(money, body.total, body.currency);
}

/** Decides whether and when the whole charge was returned. */
function setWhole(money: MoneySoFar): void {
  const { total, sum, hasMoreThanTax, lostAt, wonAt, items, fullItems } = money;
  for (const line of new Set(items.values())) {
    const ofLine = [...items].filter(([, own]) => own === line);
    if (line !== null && ofLine.every(([item]) => fullItems.has(item))) money.fullLines.add(line);
  }
  const isEachItem = items.size > 0 && [...items.keys()].every((item) => fullItems.has(item));
  money.lost = lostAt > wonAt;
  const isAll = hasMoreThanTax && total !== undefined && total > 0 && sum >= total - HALF_A_CENT;
  if (isAll && money.fullAt === undefined && !money.lost && !isEachItem) money.wholeOf = linesOf(money.parts);
  const times = [
    money.fullAt,
    money.lost ? lostAt : undefined,
    isAll || isEachItem ? money.lastAt : undefined,
  ];
  const known = times.filter((at) => at !== undefined);
  money.fullAt = known.length === 0 ? undefined : Math.min(...known);
}

/** undefined: a return names no line. */
function linesOf(parts: readonly Fact[]): ReadonlySet<string> | undefined {
  const lines = parts.map(({ body }) =>
    body.kind === 'repaid' && body.tax !== true ? body.lines?.map(({ line }) => line) : [],
  );
  return lines.every((named) => named !== undefined) ? new Set(lines.flat()) : undefined;
}

function addReturn(fact: Fact, chargeOf: (subject: Subject) => MoneySoFar): void {
  const { body, at, subject } = fact;
  if (body.kind === 'refunded') {
    const money = chargeOf(subject);
    if (isUndone(money, body.name, at)) return;
    money.fullAt = Math.min(money.fullAt ?? at, at);
    return;
  }
  if (body.kind === 'dispute-lost' || body.kind === 'dispute-won') {
    const money = chargeOf(subject);
    if (isPartOf(body, money)) return;
    const when = body.kind === 'dispute-lost' ? 'lostAt' : 'wonAt';
    money[when] = Math.max(money[when], at);
    return;
  }
  if (body.kind !== 'repaid') return;
  const money = chargeOf(subject);
  if (isUndone(money, body.name, at)) return;
  const lines = (body.lines ?? []).map((of) => ({ ...of, line: money.items.get(of.line) ?? of.line }));
  money.parts.push(body.lines === undefined ? fact : { ...fact, body: { ...body, lines } });
  const isSame = body.currency === null || money.currency === null || body.currency === money.currency;
  if (!isSame) return;
  money.sum += body.amount ?? 0;
  money.lastAt = Math.max(money.lastAt, at);
  if (body.tax !== true) money.hasMoreThanTax = true;
  for (const { line, full } of body.lines ?? []) if (full && money.items.has(line)) money.fullItems.add(line);
  for (const { line, amount, quantity, full: isFull, subscription } of lines) {
    const full = isFull && money.items.size === 0;
    money.lineReturns.push({ line, amount: amount ?? 0, quantity, full, subscription, at, fact: fact.key });
  }
}

/** A dispute of less than the charge came to, or in another currency: what it is of is not stated. */
export function isPartOf(
  body: FactBody,
  money: Pick<ChargeMoney, 'total' | 'currency'> | undefined,
): boolean {
  if (body.kind !== 'charged-back' && body.kind !== 'dispute-lost') return false;
  const { amount, currency } = body;
  if (amount === undefined || money?.total === undefined) return false;
  const isOther = currency !== undefined && money.currency !== null && currency !== money.currency;
  return isOther || amount < money.total - HALF_A_CENT;
}

function isUndone({ undone }: MoneySoFar, name: string | undefined, at: number): boolean {
  return name !== undefined && at <= (undone.get(name) ?? -1);
}

function setItems(money: MoneySoFar, items: readonly ChargedItem[] = []): void {
  for (const { item, line } of items) money.items.set(item, line);
}

function setTotal(money: MoneySoFar, total: number | undefined, currency: string | null): void {
  if (total === undefined) return;
  // Of two totals of one charge the larger one is the whole charge.
  if (money.total !== undefined && money.total > total) return;
  if (money.total === total && money.currency !== null) return;
  money.total = total;
  money.currency = currency ?? money.currency;
}

function emptyMoney(): MoneySoFar {
  return {
    items: new Map(),
    fullItems: new Set(),
    undone: new Map(),
    total: undefined,
    currency: null,
    sum: 0,
    lastAt: 0,
    hasMoreThanTax: false,
    fullAt: undefined,
    wholeOf: undefined,
    lost: false,
    lostAt: -1,
    wonAt: -1,
    fullLines: new Set(),
    lineReturns: [],
    parts: [],
  };
}

/** With `refund: keep` only a lost dispute makes a charge unpaid. */
export function isChargeReturned(
  { charge, covers }: Extract<FactBody, { kind: 'paid' }>,
  money: ReadonlyMap<Subject, ChargeMoney>,
  names: Names,
  keepsRefunds: (product: string) => boolean,
): boolean {
  const of = charge === undefined ? undefined : money.get(names.of(charge));
  if (of?.fullAt === undefined) return false;
  return of.lost || !covers?.every(({ product }) => product !== null && keepsRefunds(product));
}
