/** Products that license requests asked for with certain charges of a subscription alone. */
import type { Fact, FactBody, Subject } from '../facts/fact.ts';
import type { Names } from '../facts/names.ts';
import { orderSubject } from '../values/order-subject.ts';

type Paid = Extract<FactBody, { kind: 'paid' }>;

/** Products that requests asked for with such charges alone. */
export function productsAskedWith(
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
