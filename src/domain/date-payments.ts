/**
 * Dates payments that state no date, by what the marketplace says of the subscription beside them (Lemon Squeezy:
 * an invoice has no period). A date that no payment belongs to counts for nothing: it may be of a charge that fails.
 */
import { isBeyond } from './charge-days.ts';
import { type Day, dayOf } from './day.ts';
import type { Fact, FactBody } from './fact.ts';

type Stated = Fact & { readonly body: Extract<FactBody, { kind: 'dated' }> };
type Paid = Fact & { readonly body: Extract<FactBody, { kind: 'paid' }> };

/** A date and its payment are told within this time of each other, in either order. */
const BESIDE_MILLISECONDS = 3 * 86_400_000;

/** `facts` in the order of their times. Without dates of payments: the same list. */
export function datePayments(facts: readonly Fact[]): readonly Fact[] {
  if (!facts.some(isDateOfPayment)) return facts;
  const stated = Map.groupBy(facts.filter(isDateOfPayment), ({ subject }) => subject);
  const paid = Map.groupBy(facts.filter(isPaid), ({ subject }) => subject);
  return facts.flatMap((fact) => {
    if (isDateOfPayment(fact)) return [];
    if (!isPaid(fact) || fact.body.until !== null) return [fact];
    const until = dateOf(fact, stated.get(fact.subject) ?? [], paid.get(fact.subject) ?? []);
    return [until === undefined ? fact : { ...fact, body: { ...fact.body, until } }];
  });
}

/** The latest date told beside the payment, else the first one told before the next payment. */
function dateOf(payment: Paid, stated: readonly Stated[], paid: readonly Paid[]): Day | undefined {
  const { at } = payment;
  const next = paid.find((other) => beginsPeriod(other) && other.at > at + BESIDE_MILLISECONDS);
  const end = next === undefined ? Number.POSITIVE_INFINITY : next.at - BESIDE_MILLISECONDS;
  const possible = stated.filter(
    (fact) =>
      fact.at >= at - BESIDE_MILLISECONDS && fact.at < end && isBeyond(fact.body.until, dayOf(at)),
  );
  const beside = possible.findLast((fact) => fact.at <= at + BESIDE_MILLISECONDS);
  return (beside ?? (beginsPeriod(payment) ? possible[0] : undefined))?.body.until;
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
