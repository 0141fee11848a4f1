/**
 * Edits that are told shortly after the charge that pays for them. No vendor's text says which of the two is told first, so
 * they count as told before it.
 */
import type { Fact, FactBody } from '../facts/fact.ts';
import { KnownDates } from './known-dates.ts';

type Announced = Fact & { readonly body: Extract<FactBody, { kind: 'announced' }> };
type Paid = Fact & { readonly body: Extract<FactBody, { kind: 'paid' }> };
/** What the subscription is known to be for. */
type Ware = Pick<Announced['body'], 'line' | 'product' | 'quantity'>;

/** How long after its charge an edit may be told. */
export const EDIT_WITHIN_MILLISECONDS = 86_400_000;

/**
 * `facts` of one subscription, in the order of their times. Of an edit before and one after a charge, the nearer is its own, and of a
 * charge before and one after an edit, the nearer is the edit's.
 */
export function changesFirst(facts: readonly Fact[]): readonly Fact[] {
  const announced = facts.filter(isAnnounced);
  if (announced.length === 0) return facts;
  const ordered: Fact[] = [];
  const moved = new Set<Fact>();
  const dates = new KnownDates();
  let last: Ware | undefined;
  // When an edit was told that no charge has followed.
  let openAt = Number.NEGATIVE_INFINITY;
  let isEdited = false;
  const add = (fact: Fact) => {
    ordered.push(fact);
    if (isPaid(fact)) last = rebilledAs(fact, last) ?? last;
    if (!isAnnounced(fact)) return;
    if (isChange(fact, last)) openAt = fact.at;
    isEdited ||= last !== undefined && isChange(fact, last);
    last = fact.body;
  };
  for (const fact of facts) {
    if (moved.has(fact)) continue;
    if (isPaid(fact) && fact.body.part !== 'extra') {
      const { at } = fact;
      const told = announced.find((one) => one.at > at && !moved.has(one) && isChange(one, last));
      const next = told && isOfNearer(told, at) ? undefined : told;
      const isNext = next !== undefined && next.at - at <= Math.min(EDIT_WITHIN_MILLISECONDS, at - openAt);
      const isBeside = isNext && isForChange(fact, last, dates) && isPaidBy(next, fact);
      if (next !== undefined && (isBeside || (!isEdited && isOfAdded(fact, last, next, facts)))) {
        moved.add(next);
        add(next);
      }
      openAt = Number.NEGATIVE_INFINITY;
      isEdited = false;
    }
    add(fact);
    dates.read(fact);
  }
  return ordered;

  /** A charge for it that follows the edit is nearer than the one before it. */
  function isOfNearer(edit: Announced, paidAt: number): boolean {
    const later = facts.filter((fact): fact is Paid => isPaid(fact) && fact.at >= edit.at);
    const own = later.find((fact) => isForChange(fact, last, dates) && isPaidBy(edit, fact));
    return own !== undefined && own.at - edit.at < edit.at - paidAt;
  }
}

/** A proration, or a charge within a paid period of which no more is told, or that is for something else than the subscription. */
function isForChange({ body, at }: Paid, last: Ware | undefined, dates: KnownDates): boolean {
  const { part, until, covers } = body;
  if (part === 'proration') return true;
  const isUntold = until === null && covers === undefined;
  const isOfOther = last !== undefined && covers?.every(({ line }) => line !== last.line) === true;
  return part === undefined && (isUntold || isOfOther) && dates.isWithinPeriod(at);
}

/** A proration without an edit of its own that names as many units as the next edit adds, told in the same period. */
function isOfAdded(
  { body: { part, covers, total }, at }: Paid,
  last: Ware | undefined,
  { body: { line, quantity }, at: toldAt }: Announced,
  facts: readonly Fact[],
): boolean {
  if (part !== 'proration' || total === 0 || last?.line !== line) return false;
  const isNextPeriod = (fact: Fact) =>
    isPaid(fact) && fact.body.part === undefined && fact.at > at && fact.at <= toldAt;
  const named = covers?.find((covered) => covered.line === line)?.quantity ?? 0;
  return named >= 1 && named === quantity - last.quantity && !facts.some(isNextPeriod);
}

function isPaidBy({ body: { line } }: Announced, { body: { covers } }: Paid): boolean {
  return covers === undefined || covers.some((covered) => covered.line === line && covered.quantity >= 1);
}

/** A rebill states all units of its line, also those of an edit that was not announced. */
function rebilledAs({ body: { part, covers } }: Paid, last: Ware | undefined): Ware | undefined {
  return part === undefined ? covers?.find(({ line }) => line === last?.line) : undefined;
}

function isChange({ body }: Announced, last: Ware | undefined): boolean {
  return (
    last === undefined ||
    body.line !== last.line ||
    body.product !== last.product ||
    body.quantity !== last.quantity
  );
}

function isAnnounced(fact: Fact): fact is Announced {
  return fact.body.kind === 'announced';
}

function isPaid(fact: Fact): fact is Paid {
  return fact.body.kind === 'paid';
}
