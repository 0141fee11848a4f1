/**
 * Dates payments that state no date, by what the marketplace says of the subscription beside them (Lemon Squeezy:
 * an invoice has no period). A date that no payment belongs to counts for nothing: it may be of a charge that fails.
 */
import { isBeyond } from './charge-days.ts';
import { type Day, dayOf } from './day.ts';
import type { Fact, FactBody } from './fact.ts';

type Stated = Fact & { readonly body: Extract<FactBody, { kind: 'dated' }> };
type Paid = Fact & { readonly body: Extract<FactBody, { kind: 'paid' }> };

/** How long before its payment a date may be stated, and after a payment of zero. */
const BESIDE_MILLISECONDS = 3 * 86_400_000;

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
    const end = Math.min(payments.find(isNext)?.at ?? longest, longest);
    const possible = stated.filter(
      (fact) => fact.at >= at - BESIDE_MILLISECONDS && fact.at < end && isBeyond(fact.body.until, dayOf(at)),
    );
    const until = body.until ?? dateOf(payment, possible, known);
    if (until === undefined) continue;
    dates.set(payment, until);
    if (known === undefined || until > known) known = until;
  }
}

/**
 * A payment for a new period: the first date after the period known before, since a later one may be of the next charge.
 * A change: the date that the subscription has at that time.
 */
function dateOf(payment: Paid, possible: readonly Stated[], known: Day | undefined): Day | undefined {
  const isNew = ({ body }: Stated) => known === undefined || isBeyond(body.until, known);
  const fact = beginsPeriod(payment)
    ? possible.find(isNew)
    : (possible.findLast(({ at }) => at <= payment.at) ?? possible[0]);
  return fact?.body.until;
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
