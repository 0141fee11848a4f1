/** Which subscription a line follows, where links alone tell it. */
import type { Fact } from './fact.ts';
import type { Names } from './names.ts';
import { orderSubject } from './order-subject.ts';

/** The subscription that links tell: of the line, else of its product, else of the order. */
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
      // Of two subscriptions of one path the line stays with the one that it was asked for.
      if (body.subscription === known) return known;
      ofLine ??= body.subscription;
    } else if (product === null) continue;
    else if (body.product === product) ofProduct ??= body.subscription;
    else if (body.product === undefined) ofOrder ??= body.subscription;
  }
  return ofLine ?? ofProduct ?? ofOrder;
}
