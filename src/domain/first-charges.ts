/**
 * A subscription begins with one first charge. Paddle marks the start of a trial as `initial_payment`;
 * whether it marks the first payment after the trial too is not documented, so such a payment counts as a
 * further charge, not as a sale.
 */
import type { Fact, FactBody, Subject } from './fact.ts';
import { byTime } from './fact-order.ts';
import { orderOf, subscriptionSubject } from './order-subject.ts';

type First = FactBody & { readonly kind: 'paid'; readonly charge: Subject };

/** `licensed`: the orders with licenses. Of several first charges the one with licenses counts, else the earliest. */
export function readFirstCharges(facts: readonly Fact[], licensed: ReadonlySet<string>): readonly Fact[] {
  const bySubscription = Map.groupBy(facts.filter(isFirst), ({ subject }) => subject);
  const further = new Map(
    [...bySubscription].map(([subject, firsts]) => [subject, furtherOf(firsts, licensed)]),
  );
  if ([...further.values()].every(({ size }) => size === 0)) return facts;
  return facts.map((fact) => asFurther(fact, further));
}

function isFirst(fact: Fact): fact is Fact & { readonly body: First } {
  return fact.body.kind === 'paid' && fact.body.part === 'first' && fact.body.charge !== undefined;
}

function furtherOf(
  firsts: readonly (Fact & { readonly body: First })[],
  licensed: ReadonlySet<string>,
): ReadonlySet<Subject> {
  const charges = new Set([...firsts].sort(byTime).map(({ body }) => body.charge));
  const isLicensed = (charge: Subject) => licensed.has(orderOf(charge) ?? '');
  const [earliest] = charges;
  charges.delete([...charges].find(isLicensed) ?? earliest ?? 'order:');
  return charges;
}

function asFurther(fact: Fact, further: ReadonlyMap<Subject, ReadonlySet<Subject>>): Fact {
  const { body, subject } = fact;
  if (body.kind === 'linked' && further.get(subscriptionSubject(body.subscription))?.has(subject))
    return { ...fact, body: { kind: 'alias', of: subscriptionSubject(body.subscription) } };
  if (!isFirst(fact) || !further.get(subject)?.has(fact.body.charge)) return fact;
  const { part: _, ...rest } = fact.body;
  return { ...fact, body: rest };
}
