/**
 * A subscription begins with one first charge. Paddle Classic marks the start of a trial as `initial_payment`;
 * whether it marks the first payment after the trial too is not documented, so such a payment counts as a
 * further charge, not as a sale. So does a checkout that names the subscription of an earlier one; it is flagged.
 */
import { orderOf, orderSubject, subscriptionSubject } from '../values/order-subject.ts';
import type { Fact, FactBody, Subject } from './fact.ts';
import { byTime } from './fact-order.ts';

type First = FactBody & { readonly kind: 'paid'; readonly charge: Subject };

/**
 * Of several first charges that of a sale is the one, else the earliest. `licensed`: the orders that have licenses.
 * `nameOf`: the one name of an order, which messages may call by its reference and by its internal id.
 */
export function readFirstCharges(
  facts: readonly Fact[],
  licensed: ReadonlySet<string>,
  nameOf: (order: Subject) => Subject,
): readonly Fact[] {
  const firsts = Map.groupBy(facts.filter(isFirst), ({ subject }) => subject);
  // A subscription that came from another marketplace began there.
  const moved = new Set(facts.filter(({ body }) => body.kind === 'moved').map(({ subject }) => subject));
  const isIssued = ({ body }: Fact) => body.kind === 'sold' && body.failed !== true;
  const sales = new Set<Subject>([
    ...[...licensed].map(orderSubject),
    ...facts.filter(isIssued).map(({ subject }) => nameOf(subject)),
  ]);
  const further = new Map(
    [...firsts].map(([subject, told]) => {
      const charges = new Set([...told].sort(byTime).map(({ body }) => nameOf(body.charge)));
      if (moved.has(subject)) return [subject, charges];
      const [earliest] = charges;
      const sale = [...charges].find((charge) => sales.has(charge)) ?? earliest;
      return [subject, new Set([...charges].filter((charge) => charge !== sale))];
    }),
  );
  if ([...further.values()].every(({ size }) => size === 0)) return facts;
  const isFurther = (subscription: Subject, order: Subject) =>
    further.get(subscription)?.has(nameOf(order)) === true;
  const payers = new Map(
    facts.flatMap(({ subject, body }) =>
      body.kind === 'linked' && isFurther(subscriptionSubject(body.subscription), subject)
        ? [[`${nameOf(subject)} ${body.line}`, body.subscription]]
        : [],
    ),
  );
  return facts.flatMap((fact) => {
    const { subject, body } = fact;
    const payer = body.kind === 'sold' ? payers.get(`${nameOf(subject)} ${body.line}`) : undefined;
    if (body.kind !== 'sold' || payer === undefined) return [asFurther(fact, facts, isFurther)];
    return [{ ...fact, body: { ...body, subscription: payer } }, soldAgain(fact, payer)];
  });
}

function isFirst(fact: Fact): fact is Fact & { readonly body: First } {
  return fact.body.kind === 'paid' && fact.body.part === 'first' && fact.body.charge !== undefined;
}

function asFurther(
  fact: Fact,
  facts: readonly Fact[],
  isFurther: (subscription: Subject, order: Subject) => boolean,
): Fact {
  const { body, subject } = fact;
  if (body.kind === 'linked' && isFurther(subscriptionSubject(body.subscription), subject))
    return { ...fact, body: { kind: 'alias', of: subscriptionSubject(body.subscription) } };
  if (!isFirst(fact) || !isFurther(subject, fact.body.charge)) return fact;
  const { part: _, ...rest } = fact.body;
  return { ...fact, body: { ...rest, ...(isShorter(fact, facts) && { atLeast: true }) } };
}

/** Whether charges of the subscription had paid for more by then. */
function isShorter(
  { subject, at, body: { until } }: Fact & { readonly body: First },
  facts: readonly Fact[],
) {
  return facts.some(
    (other) =>
      other.subject === subject &&
      other.at <= at &&
      other.body.kind === 'paid' &&
      (other.body.until ?? '') > (until ?? ''),
  );
}

/** The lines of a subscription are what the marketplace states of it, so such a sale is no sale of its own. */
function soldAgain(fact: Fact, subscription: string): Fact {
  const order = orderOf(fact.subject) ?? fact.subject;
  const note = `${order} was sold as the beginning of subscription ${subscription}, which began before: it counts as a charge, and has no licenses of its own`;
  return {
    ...fact,
    key: `again:${subscription}:${order}`,
    body: { kind: 'noted', note, flag: true, why: 'unclear' },
  };
}
