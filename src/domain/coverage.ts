/** The lines that a subscription covers: as sold, then as the marketplace changed them. */
import { productsAskedWith } from './asked-products.ts';
import { changesFirst } from './changes-first.ts';
import { beginsPeriod, isBeyond } from './charge-days.ts';
import { type Day, dayOf } from './day.ts';
import type { Fact, FactBody, Subject } from './fact.ts';
import { byTime } from './fact-order.ts';
import { KnownDates } from './known-dates.ts';
import { type ChargeMoney, isChargeReturned } from './money.ts';
import type { Names } from './names.ts';
import {
  type Announced,
  isBeside,
  isEdit,
  isNamedBy,
  linesBeside,
  paidFor,
  replacesAll,
  unitsPaid,
  withLate,
  withUnits,
} from './paid-lines.ts';
import { AS_SOLD, type Covered, resizedLines, statedLines, withOtherLines } from './stated-lines.ts';
import { type Unclear, unclearOf } from './unclear-charges.ts';
import { UnpaidUnits } from './unpaid-units.ts';

export interface Coverage {
  /** null: as sold. */
  readonly now: readonly Covered[] | null;
  /** Earlier coverages, oldest first, each with its end in milliseconds since 1970-01-01. */
  readonly before: readonly { readonly lines: readonly Covered[] | null; readonly until: number }[];
  /** When a quantity was last stated, milliseconds since 1970-01-01; -1: never. */
  readonly statedAt: number;
  /** An announced change of what is covered, which no paid charge has named yet. */
  readonly pending: Fact | undefined;
  /** The latest stated features by product; they apply at once. */
  readonly features: ReadonlyMap<string, readonly string[]>;
  /** The keys of charges of something beside the subscription's own product, such as an add-on. */
  readonly beside: ReadonlySet<string>;
  /** When such a charge, or a proration of 0, first named a product that the subscription did not cover, milliseconds since 1970-01-01. */
  readonly addedAt: ReadonlyMap<string, number>;
  /** Products that requests asked for with prorations, or with charges of something else, alone, each of which was paid back. */
  readonly undone: ReadonlySet<string>;
  /** Products that requests asked for with charges alone, the lines of all of which are stated. */
  readonly told: ReadonlySet<string>;
  /**
   * `unnamed`: announced changes that the next paid charge did not name. `unmapped`: facts about lines
   * without a product file.
   */
  readonly unnamed: readonly Fact[];
  readonly unmapped: readonly Fact[];
  /** What may have been paid for otherwise than it is counted, until a charge states all lines. */
  readonly unclear: readonly Unclear[];
  /** The keys of returned prorations whose units the subscription states, and nothing pays for. */
  readonly unpaid: ReadonlySet<string>;
}

/** Derives the coverage from a subscription's own facts, without returned charges. `sold`: the units of its first order by product. */
export function readCoverage(
  facts: readonly Fact[],
  money: ReadonlyMap<Subject, ChargeMoney>,
  names: Names,
  keepsRefunds: (product: string) => boolean,
  sold: ReadonlyMap<string, number> = new Map(),
): Coverage {
  let now: readonly Covered[] | null = null;
  let left: Coverage['now'] = null; // Without unpaid units.
  const unpaid = new UnpaidUnits();
  const ownProducts = new Set<string | null>();
  let first: Announced | undefined;
  let latest: Announced | undefined;
  let pending: { readonly fact: Fact; readonly body: Announced; readonly isEdit: boolean } | undefined;
  const before: { lines: readonly Covered[] | null; until: number }[] = [];
  const features = new Map<string, readonly string[]>();
  const beside = new Map<Paid, string>();
  const addedAt = new Map<string, number>();
  const unnamed: Fact[] = [];
  const unmapped: Fact[] = [];
  const unclear: Unclear[] = [];
  const counted = new Set<Subject>();
  // Charged beside the own product once its period was over, which a late charge pays on.
  const late = new Set<string>();
  const besideNow = new Set<string | null>();
  let isOverdue = false;
  const dates = new KnownDates();
  let statedAt = -1;
  const begun: number[] = [];
  const begin = (at: number) => {
    if (isBeyond(dayOf(at), dayOf(begun.at(-1) ?? 0))) begun.push(at);
  };
  const setLines = (lines: readonly Covered[], at: number, areAll = true) => {
    if (areAll && lines.every(({ quantity, atLeastSold }) => quantity !== AS_SOLD && !atLeastSold))
      statedAt = at;
    now = lines;
    const paid = unpaid.without(lines);
    if (isSame(left, paid)) return;
    before.push({ lines: left, until: at });
    left = paid;
  };
  /** A charge of units beside those that are paid for in this period. */
  const isFurther = ({ at }: Fact, { part }: Paid): boolean =>
    part === undefined && (dates.now !== null ? dates.isWithinPeriod(at) : isWithinPeriod(at, null, begun));
  /** One charge may be told twice. */
  const isNew = ({ charge }: Paid): boolean =>
    charge === undefined || counted.size < counted.add(names.of(charge)).size;
  const addProducts = (lines: readonly Covered[], at: number) => {
    for (const { product } of lines) {
      const isCovered = now?.some((line) => line.product === product) || sold.has(product);
      if (!isCovered && !addedAt.has(product)) addedAt.set(product, at);
    }
  };
  const payBeside = (fact: Fact, body: Paid, lines: readonly Covered[]) => {
    const { own, part } = body;
    if (!isNew(body)) return;
    const known = { now, sold, first };
    const isPaid = lines.some(({ product }) => unitsPaid(product, known) > 0);
    if (isPaid && part === 'proration') unclear.push({ fact, why: 'units' });
    else if (own === undefined && isOverdue) unclear.push({ fact, why: 'product' });
    const isLate = isOverdue || (dates.now !== null && dayOf(fact.at) >= dates.now);
    for (const { product } of lines) {
      besideNow.add(product);
      if (isLate) late.add(product);
    }
    addProducts(lines, fact.at);
    setLines(linesBeside(isFurther(fact, body) ? withUnits(lines, known) : lines, now), fact.at, false);
  };
  const pay = (fact: Fact, body: Paid, isExtra: boolean) => {
    const { covers, part, own } = body;
    if (covers?.some(({ product }) => product === null)) unmapped.push(fact);
    if (own !== undefined) ownProducts.add(own.product);
    const announced = pending?.body;
    const known = { now, sold, first };
    const lines = paidFor(body, announced, known);
    if (isExtra) {
      if (lines !== undefined) payBeside(fact, body, lines);
      return;
    }
    if (covers !== undefined && part === undefined) {
      unclear.length = 0;
      unpaid.clear();
    }
    if (part === 'proration' && isNew(body))
      unclear.push(...unclearOf(fact, lines, pending?.isEdit ? pending.fact : undefined, known, latest));
    if (lines !== undefined) {
      // A request may have issued what it pays for with the money of its period.
      if (part === 'proration' && body.total === 0) addProducts(lines, fact.at);
      const isAdded = part === 'proration' && !replacesAll(lines, now, [announced, own]);
      const rebilled = part === undefined ? withLate(lines, now, late) : lines;
      setLines(isAdded ? withOtherLines(lines, now, ownProducts) : rebilled, fact.at);
    }
    if (part === undefined) {
      late.clear();
      besideNow.clear();
    }
    if (pending?.isEdit && pending.body.product !== null && covers !== undefined)
      if (!isNamedBy(covers, part, pending.body)) unnamed.push(pending.fact);
    pending = undefined;
  };
  for (const fact of changesFirst([...facts].sort(byTime))) {
    const { body, at } = fact;
    if (
      (body.kind === 'announced' || body.kind === 'resized') &&
      body.product !== null &&
      body.features !== undefined
    )
      features.set(body.product, body.features);
    if (body.kind === 'announced') {
      ownProducts.add(body.product);
      unpaid.announce(body, sold);
      first ??= body;
      if (body.product === null) unmapped.push(fact);
      // A charge of it came before, and may have been for this change.
      if (latest?.product !== body.product && besideNow.has(body.product))
        unclear.push({ fact, why: 'change' });
      pending = { fact, body, isEdit: isEdit(body, { now, sold, first }) };
      latest = body;
      // The subscription is told as what its charges paid for.
      if (!pending.isEdit) unnamed.length = 0;
    } else if (body.kind === 'resized') {
      const { paidTo } = body;
      const isWithin = paidTo !== undefined && !beginsPeriod(paidTo, dates.now);
      const lines = resizedLines(body, now, isWithin);
      if (lines === undefined) unmapped.push(fact);
      else setLines(lines, at);
    } else if (body.kind === 'covered') {
      if (body.lines.some(({ product }) => product === null)) unmapped.push(fact);
      const lines = statedLines(body.lines, now);
      if (lines !== undefined) setLines(lines, at);
    } else if (body.kind === 'paid' && body.part !== 'extra') {
      const isExtra = isBeside(body, latest, isOverdue || isWithinPeriod(at, dates.now, begun));
      if (isExtra) beside.set(body, fact.key);
      else if (body.part !== 'proration') begin(at);
      const isBack = isChargeReturned(body, money, names, keepsRefunds);
      if (!isExtra && body.part === 'proration') {
        const lines = paidFor(body, pending?.body, { now, sold, first }) ?? [];
        const charge = body.charge && names.of(body.charge);
        unpaid.prorate(lines, { key: fact.key, charge, isBack, isPaid: body.total !== 0 }, sold);
      }
      if (!isBack) pay(fact, body, isExtra);
      if (!isExtra && body.part === undefined) isOverdue = false;
    }
    if (body.kind === 'overdue' || body.kind === 'recovered') isOverdue = body.kind === 'overdue';
    if (body.kind === 'asked' && body.product === latest?.product) begin(at);
    if (body.kind === 'dated' && begun.length === 0) begin(at);
    dates.read(fact);
  }
  const askedOnlyWith = (counts: (body: Paid) => boolean) => productsAskedWith(facts, names, counts);
  const undone = askedOnlyWith(
    (body) =>
      (body.part === 'proration' || beside.has(body)) && isChargeReturned(body, money, names, keepsRefunds),
  );
  const told = askedOnlyWith(({ covers }) => covers !== undefined);
  const open = pending?.isEdit ? pending.fact : undefined;
  const ofBeside = new Set(beside.values());
  return {
    now: left,
    before,
    statedAt,
    pending: open,
    features,
    beside: ofBeside,
    addedAt,
    undone,
    told,
    unnamed,
    unmapped,
    unclear,
    unpaid: unpaid.keysOf(now ?? []),
  };
}

/** By the day of the next charge, or, where charges state none, by the distance of the last two periods: when each began. */
function isWithinPeriod(at: number, reach: Day | null, begun: readonly number[]): boolean {
  const [before, last] = begun.slice(-2);
  const isWithin = (day: Day) => isBeyond(day, dayOf(at));
  if (reach !== null && isWithin(reach)) return true;
  return before !== undefined && last !== undefined && isWithin(dayOf(last + (last - before)));
}

type Paid = Extract<FactBody, { kind: 'paid' }>;

function isSame(a: readonly Covered[] | null, b: readonly Covered[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
