/**
 * Dates payments that state no date, by what the marketplace says of the subscription beside them (Lemon Squeezy:
 * an invoice has no period). A date that no payment belongs to counts for nothing: it may be of a charge that fails.
 */
import type { Fact, FactBody } from '../facts/fact.ts';
import { type Day, dayOf } from '../values/day.ts';
import { isBeyond } from './charge-days.ts';

type Stated = Fact & { readonly body: Extract<FactBody, { kind: 'dated' }> };
type Paid = Fact & { readonly body: Extract<FactBody, { kind: 'paid' }> };

/** How long before its payment a date may be stated, and after a payment of zero. */
const BESIDE_MILLISECONDS = 3 * 86_400_000;

/** How long after a change its own new date is told; a later one near the end of the period may be of the next charge. */
const CHANGED_MILLISECONDS = 3_600_000;

/** `facts` in the order of their times. Without dates of payments: the same list. */
export function datePayments(facts: readonly Fact[]): readonly Fact[] {
  if (!facts.some(isDateOfPayment)) return facts;
  const stated = Map.groupBy(facts.filter(isDateOfPayment), ({ subject }) => subject);
  const paid = Map.groupBy(facts.filter(isPaid), ({ subject }) => subject);
  const dates = new Map<Fact, Day>();
  for (const [subject, payments] of paid) setDates(dates, payments, stated.get(subject) ?? []);
  return facts.flatMap((fact) => {
    if (isDateOfPayment(fact)) return [];
    const until = dates.get(fact);
    return [until === undefined || !isPaid(fact) ? fact : { ...fact, body: { ...fact.body, until } }];
  });
}

function setDates(dates: Map<Fact, Day>, payments: readonly Paid[], stated: readonly Stated[]): void {
  let known: Day | undefined;
  for (const payment of payments) {
    const { at, body } = payment;
    const isNext = (other: Paid) => other.at > at && beginsPeriod(other);
    // Nothing says when a free period ends in a charge, so a later date may be of that.
    const longest = body.free === true ? at + BESIDE_MILLISECONDS : Number.POSITIVE_INFINITY;
    const next = payments.find(isNext);
    const end = Math.min(next?.at ?? longest, longest);
    const possible = stated.filter(
      (fact) =>
        fact.at >= at - BESIDE_MILLISECONDS &&
        fact.at < end &&
        isBeyond(fact.body.until, dayOf(at)) &&
        !isOfNext(fact, at, next?.at),
    );
    const until = body.until ?? dateOf(payment, possible, known);
    if (until === undefined) continue;
    dates.set(payment, until);
    if (known === undefined || until > known) known = until;
  }
}

/** Whether the date is told nearer to the next payment, and reaches beyond its day. */
function isOfNext({ at, body }: Stated, paidAt: number, nextAt: number | undefined): boolean {
  if (nextAt === undefined || at < nextAt - BESIDE_MILLISECONDS) return false;
  return nextAt - at < Math.abs(at - paidAt) && isBeyond(body.until, dayOf(nextAt));
}

/**
 * A payment for a new period: the first date after the period known before, since a later one may be of the next charge.
 * A change: the new date that it brought, or the one that the subscription has at that time.
 */
function dateOf(payment: Paid, possible: readonly Stated[], known: Day | undefined): Day | undefined {
  const isNew = ({ body }: Stated) => known === undefined || isBeyond(body.until, known);
  if (beginsPeriod(payment)) return possible.find(isNew)?.body.until;
  const before = possible.findLast(({ at }) => at <= payment.at);
  const isMoved = (fact: Stated) =>
    fact.at > payment.at && isNew(fact) && (isOfChange(fact, payment) || isWithin(fact, known));
  const moved = before !== undefined && isNew(before) ? before : possible.find(isMoved);
  return (moved ?? before ?? possible.find((fact) => !isNew(fact)))?.body.until;
}

function isOfChange({ at }: Stated, change: Paid): boolean {
  return at <= change.at + CHANGED_MILLISECONDS;
}

/** Told clearly before the known day of the next charge, so that it is not of that charge. */
function isWithin({ at }: Stated, known: Day | undefined): boolean {
  return known === undefined || isBeyond(known, dayOf(at));
}

function beginsPeriod({ body }: Paid): boolean {
  return body.part !== 'proration' && body.part !== 'extra';
}

function isDateOfPayment(fact: Fact): fact is Stated {
  return fact.body.kind === 'dated' && fact.body.ofPayment === true;
}

function isPaid(fact: Fact): fact is Paid {
  return fact.body.kind === 'paid';
}
