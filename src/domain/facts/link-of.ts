/** Finds the subscription of a line from `linked` facts. */
import { orderSubject } from '../values/order-subject.ts';
import type { Fact } from './fact.ts';
import type { Names } from './names.ts';

/** The subscription linked to the line, else to its product, else to the order; with the product '' to the line or the order, with null to the line. */
export function linkOf(
  order: string,
  product: string | null,
  line: string,
  facts: readonly Fact[],
  names: Names,
  known: string | null = null,
): string | null {
  let ofLine: string | null = null;
  let ofProduct: string | null = null;
  let ofOrder: string | null = null;
  for (const { subject, body } of facts) {
    if (body.kind !== 'linked' || names.of(subject) !== orderSubject(order)) continue;
    if (body.line !== undefined) {
      if (body.line !== line && (line !== '' || body.product !== product)) continue;
      // If one path has two subscriptions, the line keeps the subscription that its request named.
      if (body.subscription === known) return known;
      ofLine ??= body.subscription;
    } else if (product === null) continue;
    else if (body.product === product) ofProduct ??= body.subscription;
    else if (body.product === undefined) ofOrder ??= body.subscription;
  }
  return ofLine ?? ofProduct ?? ofOrder;
}
