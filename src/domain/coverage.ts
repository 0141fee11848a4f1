/** The lines that a subscription covers: as sold, then as the marketplace changed them. */
import { changesFirst } from './changes-first.ts';
import { isBeyond } from './charge-days.ts';
import type { Day } from './day.ts';
import type { CoveredLine, Fact, FactBody, Subject } from './fact.ts';
import { byTime } from './fact-order.ts';
import type { ChargeMoney } from './money.ts';
import type { Names } from './names.ts';
import { orderSubject } from './order-subject.ts';
import { AS_SOLD, type Covered, resizedLines, statedLines, withOtherLines } from './stated-lines.ts';

export interface Coverage {
  /** null: as sold. */
  readonly now: readonly Covered[] | null;
  /** Earlier coverages, oldest first, each with its end in milliseconds since 1970-01-01. */
  readonly before: readonly { readonly lines: readonly Covered[] | null; readonly until: number }[];
  /** When a quantity was last stated, milliseconds since 1970-01-01; -1: never. */
  readonly statedAt: number;
  /** An announced change that no paid charge has named yet. */
  readonly pending: Fact | undefined;
  /** The latest stated features by product; they apply at once. */
  readonly features: ReadonlyMap<string, readonly string[]>;
  /** Products that requests asked for with prorations alone, each of which was paid back. */
  readonly undone: ReadonlySet<string>;
  /** Products that requests asked for with charges alone, the lines of all of which are stated. */
  readonly told: ReadonlySet<string>;
  /**
   * `unnamed`: announced changes that the next paid charge did not name. `unmapped`: facts about lines
   * without a product file.
   */
  readonly unnamed: readonly Fact[];
  readonly unmapped: readonly Fact[];
}

/** Derives the coverage from a subscription's own facts, without returned charges. */
export function readCoverage(
  facts: readonly Fact[],
  money: ReadonlyMap<Subject, ChargeMoney>,
  names: Names,
  keepsRefunds: (product: string) => boolean,
): Coverage {
  let now: readonly Covered[] | null = null;
  const announcedProducts = new Set<string | null>();
  let pending: { readonly fact: Fact; readonly body: Announced } | undefined;
  const before: { lines: readonly Covered[] | null; until: number }[] = [];
  const features = new Map<string, readonly string[]>();
  const unnamed: Fact[] = [];
  const unmapped: Fact[] = [];
  let statedAt = -1;
  let reach: Day | null = null;
  const setLines = (lines: readonly Covered[], at: number) => {
    if (lines.every(({ quantity, atLeastSold }) => quantity !== AS_SOLD && !atLeastSold)) statedAt = at;
    if (isSame(now, lines)) return;
    before.push({ lines: now, until: at });
    now = lines;
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
      announcedProducts.add(body.product);
      if (body.product === null) unmapped.push(fact);
      pending = { fact, body };
    } else if (body.kind === 'resized') {
      const { paidTo } = body;
      const isWithin = paidTo !== undefined && !beginsPeriod(paidTo, reach);
      const lines = resizedLines(body, now, isWithin);
      if (lines === undefined) unmapped.push(fact);
      else setLines(lines, at);
    } else if (body.kind === 'covered') {
      if (body.lines.some(({ product }) => product === null)) unmapped.push(fact);
      const lines = statedLines(body.lines, now);
      if (lines !== undefined) setLines(lines, at);
    } else if (
      body.kind === 'paid' &&
      body.part !== 'extra' &&
      !isReturned(body, money, names, keepsRefunds)
    ) {
      if (body.covers?.some(({ product }) => product === null)) unmapped.push(fact);
      const announced: Announced | undefined = pending?.body;
      const lines = paidFor(body, announced, now);
      if (lines !== undefined) {
        const isAdded = body.part === 'proration' && !replacesAll(lines, now, announced);
        setLines(isAdded ? withOtherLines(lines, now, announcedProducts) : lines, at);
      }
      if (pending !== undefined) {
        const { fact: change, body: told } = pending;
        if (told.product !== null && body.covers !== undefined && !isNamedBy(body.covers, body.part, told))
          unnamed.push(change);
        pending = undefined;
      }
    }
    if (body.kind === 'dated' || body.kind === 'paid') reach = body.until ?? reach;
  }
  const askedOnlyWith = (counts: (body: Paid) => boolean) => productsAskedWith(facts, names, counts);
  const undone = askedOnlyWith(
    (body) => body.part === 'proration' && isReturned(body, money, names, keepsRefunds),
  );
  const told = askedOnlyWith(({ covers }) => covers !== undefined);
  return { now, before, statedAt, pending: pending?.fact, features, undone, told, unnamed, unmapped };
}

/** Whether a payment up to this day begins a period after the known one. */
function beginsPeriod(paidTo: Day | null, known: Day | null): boolean {
  return paidTo !== null && known !== null && isBeyond(paidTo, known);
}

type Announced = Extract<FactBody, { kind: 'announced' }>;
type Paid = Extract<FactBody, { kind: 'paid' }>;

/** Products that requests asked for with such charges alone. */
function productsAskedWith(
  facts: readonly Fact[],
  names: Names,
  counts: (body: Paid) => boolean,
): ReadonlySet<string> {
  const charges = new Set<Subject>();
  for (const { body } of facts)
    if (body.kind === 'paid' && body.charge !== undefined && counts(body)) charges.add(names.of(body.charge));
  const asked = new Set<string>();
  const kept = new Set<string>();
  for (const { body } of facts) {
    if (body.kind !== 'asked') continue;
    asked.add(body.product);
    if (!charges.has(names.of(orderSubject(body.order)))) kept.add(body.product);
  }
  return new Set([...asked].filter((product) => !kept.has(product)));
}

/** With `refund: keep` only a lost dispute makes a charge unpaid. */
function isReturned(
  { charge, covers }: Paid,
  money: ReadonlyMap<Subject, ChargeMoney>,
  names: Names,
  keepsRefunds: (product: string) => boolean,
): boolean {
  const of = charge === undefined ? undefined : money.get(names.of(charge));
  if (of?.fullAt === undefined) return false;
  return of.lost || !covers?.every(({ product }) => product !== null && keepsRefunds(product));
}

/**
 * The lines that a paid charge covers. A proration may name only the units charged, so the announced quantity counts, and without
 * one no quantity is lowered.
 */
function paidFor(
  { covers, part }: Paid,
  announced: Announced | undefined,
  now: readonly Covered[] | null,
): readonly Covered[] | undefined {
  if (covers === undefined) {
    if (announced === undefined || announced.product === null) return undefined;
    const { line, product, quantity, features } = announced;
    return [{ line, product, quantity, features }];
  }
  const lines = covers.flatMap(({ line, product, quantity }) => {
    if (product === null || quantity < 1) return [];
    const isAnnounced = announced !== undefined && announced.line === line;
    const known = now?.find((covered) => covered.line === line);
    const features = isAnnounced ? announced.features : known?.features;
    if (part !== 'proration') return [{ line, product, quantity, features }];
    if (isAnnounced) return [{ line, product, quantity: announced.quantity, features }];
    const most = Math.max(quantity, known?.quantity ?? 0);
    const atLeastSold = now === null ? ('of product' as const) : known?.atLeastSold;
    return [{ line, product, quantity: most, features, ...(atLeastSold && { atLeastSold }) }];
  });
  return lines.length === 0 ? undefined : lines;
}

/** Of a subscription with one line: another announced product takes its place, also where a rebill alone had told the line. */
function replacesAll(
  lines: readonly Covered[],
  now: readonly Covered[] | null,
  announced: Announced | undefined,
): boolean {
  return now?.length === 1 && lines.some(({ product }) => product === announced?.product);
}

/**
 * Whether the charge names the change; a proration may name the charged units instead of the new quantity
 * (`paidFor`).
 */
function isNamedBy(
  covers: readonly CoveredLine[],
  part: Paid['part'],
  { line, quantity }: Announced,
): boolean {
  return covers.some(
    (covered) =>
      covered.line === line &&
      (covered.quantity === quantity || (part === 'proration' && covered.quantity >= 1)),
  );
}

function isSame(a: readonly Covered[] | null, b: readonly Covered[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
