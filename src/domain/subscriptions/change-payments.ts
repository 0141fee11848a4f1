/**
 * Payments within a period that pay for a change that the subscription states by itself. Paddle Classic says of no payment what it is
 * for: one for a change, a one-off charge and one for a period whose money went back look the same. The others say that it is a
 * proration, and not of which lines. A change is charged at once, so what is told beside the payment decides.
 */
import type { Fact, FactBody, Subject } from '../facts/fact.ts';
import type { Names } from '../facts/names.ts';
import type { ChargeMoney } from '../money/money.ts';
import { type Day, dayOf } from '../values/day.ts';
import { beginsPeriod, isBeyond } from './charge-days.ts';
import { AS_SOLD, type Covered, resizedLines, statedLines } from './stated-lines.ts';

/** A change that a payment within a period pays for. */
export interface ChangePaid {
  /** When it was told, milliseconds since 1970-01-01. */
  readonly at: number;
  readonly adds: 'units' | 'product';
}

type Paid = Extract<FactBody, { kind: 'paid' }>;

/** How far apart a change and its payment may be told, either first. */
const BESIDE_MILLISECONDS = 900_000;

/** How long before a payment a date must be told to be no date of that payment's own. */
const DATE_BESIDE_MILLISECONDS = 86_400_000;

export interface ChangePayments {
  /** Payments for a change are prorations. */
  readonly facts: readonly Fact[];
  /** What each of them pays for, by its key. */
  readonly changesPaid: ReadonlyMap<string, ChangePaid>;
}

/** `facts` in the order of their times. */
export function readChangePayments(
  facts: readonly Fact[],
  money: ReadonlyMap<Subject, ChargeMoney>,
  names: Names,
): ChangePayments {
  const changesPaid = new Map<string, ChangePaid>();
  if (!facts.some(isStatement)) return { facts, changesPaid };
  for (const own of Map.groupBy(facts, ({ subject }) => names.of(subject)).values()) {
    if (own.some(isStatement)) tieChanges(changesPaid, own, money, names);
  }
  const asProration = (fact: Fact): Fact =>
    fact.body.kind === 'paid' && changesPaid.has(fact.key)
      ? { ...fact, body: { ...fact.body, part: 'proration' } }
      : fact;
  return { facts: facts.map(asProration), changesPaid };
}

function isStatement({ body }: Fact): boolean {
  return body.kind === 'resized' || body.kind === 'covered';
}

/** Ties payments within a period to changes of a subscription, the nearest pair first. */
function tieChanges(
  tied: Map<string, ChangePaid>,
  own: readonly Fact[],
  money: ReadonlyMap<Subject, ChargeMoney>,
  names: Names,
): void {
  const payments = paymentsWithin(own, money, names);
  const pairs = readChanges(own).flatMap((change) =>
    payments.map((payment) => ({ change, payment, distance: Math.abs(change.at - payment.at) })),
  );
  const taken = new Set<ChangePaid>();
  for (const { change, payment, distance } of pairs.sort((a, b) => a.distance - b.distance)) {
    if (distance > BESIDE_MILLISECONDS || taken.has(change) || tied.has(payment.key)) continue;
    taken.add(change);
    tied.set(payment.key, change);
  }
}

/** When the stated lines gained units or became another product. */
function readChanges(own: readonly Fact[]): readonly ChangePaid[] {
  const changes: ChangePaid[] = [];
  let now: readonly Covered[] | null = null;
  let reach: Day | null = null;
  for (const { body, at } of own) {
    if (body.kind === 'paid' && body.covers !== undefined) now = coveredBy(body.covers);
    if (body.kind === 'resized') {
      const { paidTo } = body;
      const isWithin = paidTo !== undefined && !beginsPeriod(paidTo, reach);
      state(at, resizedLines(body, now, isWithin));
    }
    if (body.kind === 'covered') state(at, statedLines(body.lines, now));
    if (body.kind === 'dated' || body.kind === 'paid') reach = body.until ?? reach;
  }
  return changes;

  function state(at: number, lines: readonly Covered[] | null = now): void {
    const adds = addedBy(now, lines);
    if (adds !== undefined) changes.push({ at, adds });
    now = lines;
  }
}

function coveredBy(covers: NonNullable<Paid['covers']>): readonly Covered[] {
  return covers.flatMap(({ line, product, quantity }) =>
    product === null ? [] : [{ line, product, quantity, features: undefined }],
  );
}

/** undefined: nothing, or nothing that is known. */
function addedBy(
  before: readonly Covered[] | null,
  after: readonly Covered[] | null,
): ChangePaid['adds'] | undefined {
  const [was, is] = [unitsOf(before), unitsOf(after)];
  if (was.size === 0 || is.size === 0) return undefined;
  const isLeft = [...was.keys()].some((product) => !is.has(product));
  const isNew = [...is.keys()].some((product) => !was.has(product));
  if (isLeft && isNew) return 'product';
  const isMore = [...is].some(([product, units]) => {
    const known = was.get(product) ?? 0;
    return known !== AS_SOLD && units > known;
  });
  return isMore ? 'units' : undefined;
}

function unitsOf(lines: readonly Covered[] | null): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const { product, quantity } of lines ?? [])
    units.set(product, quantity === AS_SOLD ? AS_SOLD : (units.get(product) ?? 0) + quantity);
  return units;
}

/** Payments up to a day that was known before, of a period whose money had not gone back. */
function paymentsWithin(
  own: readonly Fact[],
  money: ReadonlyMap<Subject, ChargeMoney>,
  names: Names,
): readonly Fact[] {
  const within: Fact[] = [];
  const known: { readonly until: Day; readonly from: number; readonly charge: Subject | undefined }[] = [];
  for (const fact of own) {
    const { body, at } = fact;
    if (body.kind !== 'dated' && body.kind !== 'paid') continue;
    const { until } = body;
    if (body.kind === 'paid' && isProration(body)) {
      within.push(fact);
      continue;
    }
    if (until === null) continue;
    const last = known.findLast(({ from }) => from < at);
    if (last !== undefined && body.kind === 'paid' && isPlain(body) && isSame(last.until, until, at)) {
      const ofPeriod = known.filter((one) => one.charge !== undefined && isSame(one.until, until, at));
      const isBack = ofPeriod.length > 0 && ofPeriod.every(({ charge }) => returnedBefore(charge, at));
      if (!isBack) within.push(fact);
    }
    const from = body.kind === 'paid' ? at : at + DATE_BESIDE_MILLISECONDS;
    // The money of a payment within the period is not the period's.
    const isOfPeriod = body.kind === 'paid' && within.at(-1) !== fact;
    known.push({ until, from, charge: isOfPeriod ? body.charge : undefined });
  }
  return within;

  function returnedBefore(charge: Subject | undefined, at: number): boolean {
    const fullAt = charge === undefined ? undefined : money.get(names.of(charge))?.fullAt;
    return fullAt !== undefined && fullAt < at;
  }
}

/** A proration that does not say of which lines; one of 0 pays for nothing. */
function isProration({ part, covers, free, charge, total }: Paid): boolean {
  return part === 'proration' && covers === undefined && free !== true && total !== 0 && charge !== undefined;
}

/** A payment that says nothing of its own kind. */
function isPlain({ part, covers, free, charge }: Paid): boolean {
  return part === undefined && covers === undefined && free !== true && charge !== undefined;
}

function isSame(known: Day, until: Day, at: number): boolean {
  return !isBeyond(until, known) && !isBeyond(known, until) && until > dayOf(at);
}
