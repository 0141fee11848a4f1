/** Moves sold licenses to the terms of today's product file. */

import { compareTerms, type TermDifference } from '../life/sold-terms.ts';
import type { OrderName } from '../values/order.ts';
import { orderSubject } from '../values/order-subject.ts';
import { type Desk, type Grounds, operatorFact } from './operator.ts';

export type Applied =
  | { readonly outcome: 'applied'; readonly orders: number }
  /** All sold licenses already have these terms. */
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'no such product' }
  /** Sold codes would stand for other features. */
  | { readonly outcome: 'features moved'; readonly differences: readonly TermDifference[] }
  /**
   * `quantity` differs: codes a unit and one code with all seats are different licenses, so a moved sale
   * would get both.
   */
  | { readonly outcome: 'quantity differs'; readonly differences: readonly TermDifference[] };

/** Orders changed in one act, few enough that a concurrent sale does not wait long. */
const BATCH = 50;

/** Orders found at once: finding them reads all licenses of the product. */
const FOUND = 1000;

/**
 * Moves all sold licenses of a product to the terms of its file. `onBatch` gets the number of orders done so far; `reads`
 * reads many licenses: a service does it apart from its sales.
 */
export async function applyTerms(
  { ledger, rules }: Desk,
  product: string,
  grounds: Grounds,
  now: number,
  onBatch: (orders: number) => void = () => {},
  reads: Pick<Desk['ledger'], 'countTerms' | 'findOtherTerms'> = ledger,
): Promise<Applied> {
  const current = rules.currentTerms(product);
  if (current === undefined) return { outcome: 'no such product' };
  const { digest, terms } = current;
  for (const sold of await reads.countTerms()) {
    if (sold.product !== product || sold.digest === null) continue;
    const kept = await ledger.findTerms(sold.digest);
    const differences = kept === undefined ? [] : compareTerms(kept, terms);
    const moved = differences.filter(({ isFault }) => isFault);
    if (moved.length > 0) return { outcome: 'features moved', differences: moved };
    const quantity = differences.filter(({ key }) => key === 'quantity');
    if (quantity.length > 0) return { outcome: 'quantity differs', differences: quantity };
  }
  await ledger.keepTerms(current);
  const done = new Set<string>();
  for (;;) {
    const orders = await reads.findOtherTerms(product, digest, FOUND);
    // A repeated order did not take the terms; without this check the loop would not end.
    const fresh = orders.filter((name) => !done.has(keyOf(name)));
    if (fresh.length === 0)
      return done.size === 0 ? { outcome: 'unchanged' } : { outcome: 'applied', orders: done.size };
    const act = `apply the terms of ${product}`;
    for (let place = 0; place < fresh.length; place += BATCH) {
      const batch = fresh.slice(place, place + BATCH);
      await ledger.addFacts(
        batch.map((name) =>
          operatorFact(
            name,
            orderSubject(name.order),
            { kind: 'termed', product, terms: digest },
            { act, at: now, grounds },
          ),
        ),
      );
      for (const name of batch) done.add(keyOf(name));
      onBatch(done.size);
    }
  }
}

function keyOf({ marketplace, mode, order }: OrderName): string {
  return JSON.stringify([marketplace, mode, order]);
}
