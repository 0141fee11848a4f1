/** What an operator may decide about what was sold: other terms, a path that gets its product, a path that is none. */

import type { OwedLine } from '../changes.ts';
import { BY_ITSELF, pathFlagKey } from '../flag.ts';
import type { Marketplace } from '../order.ts';
import { orderSubject } from '../order-subject.ts';
import { compareTerms, type TermDifference } from '../sold-terms.ts';
import type { Terms } from '../terms.ts';
import { type Settled, settleFlags } from './flags.ts';
import { causeOf, type Desk, type Grounds, type OrderName, operatorFact } from './operator.ts';

export type Applied =
  | { readonly outcome: 'applied'; readonly orders: number }
  /** All sold licenses live by these terms. */
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'no such product' }
  /** Sold codes would mean other features (fault 39). */
  | { readonly outcome: 'features moved'; readonly differences: readonly TermDifference[] };

/** Orders that are settled in one act: a sale beside it waits no longer than for a few of its own kind. */
const BATCH = 50;

/** Moves all sold licenses of a product to the terms of its file. `onBatch` hears how many orders are done so far. */
export async function applyTerms(
  { ledger, rules }: Desk,
  product: string,
  grounds: Grounds,
  now: number,
  onBatch: (orders: number) => void = () => {},
): Promise<Applied> {
  const current = rules.currentTerms(product);
  if (current === undefined) return { outcome: 'no such product' };
  const { digest, terms } = current;
  for (const sold of await ledger.countTerms()) {
    if (sold.product !== product || sold.digest === null) continue;
    const moved = movedFeatures(await ledger.findTerms(sold.digest), terms);
    if (moved.length > 0) return { outcome: 'features moved', differences: moved };
  }
  await ledger.keepTerms(current);
  const done = new Set<string>();
  for (;;) {
    const orders = await ledger.findOtherTerms(product, digest, BATCH);
    // An order that is named again did not take the terms: without this the loop would have no end.
    const fresh = orders.filter((name) => !done.has(keyOf(name)));
    if (fresh.length === 0)
      return done.size === 0 ? { outcome: 'unchanged' } : { outcome: 'applied', orders: done.size };
    const act = `apply the terms of ${product}`;
    await ledger.addFacts(
      fresh.map((name) =>
        operatorFact(
          name,
          orderSubject(name.order),
          { kind: 'termed', product, terms: digest },
          { act, at: now, grounds },
        ),
      ),
    );
    for (const name of fresh) done.add(keyOf(name));
    onBatch(done.size);
  }
}

function movedFeatures(kept: Terms | undefined, current: Terms): readonly TermDifference[] {
  return kept === undefined ? [] : compareTerms(kept, current).filter(({ isFault }) => isFault);
}

function keyOf({ marketplace, mode, order }: OrderName): string {
  return JSON.stringify([marketplace, mode, order]);
}

/** A path as a marketplace names it, and the product that it is here. */
export interface MappedPath {
  readonly marketplace: Marketplace;
  readonly path: string;
  readonly product: string;
}

export type PathDelivered =
  | { readonly outcome: 'delivered'; readonly orders: readonly DeliveredOrder[] }
  | { readonly outcome: 'nothing owed' };

export interface DeliveredOrder extends OrderName {
  /** Of this product, whose codes somebody has to hand out. */
  readonly licenses: number;
}

/** Issues what is owed of a path that no product file named when it was sold, and settles its flag. */
export async function deliverPath(
  desk: Pick<Desk, 'ledger'>,
  { marketplace, path, product }: MappedPath,
  grounds: Grounds,
  now: number,
): Promise<PathDelivered> {
  const { ledger } = desk;
  const line = path.toLowerCase();
  const owed = await ledger.findOwed(marketplace, line);
  const act = `deliver ${line} as ${product}`;
  for (let from = 0; from < owed.length; from += BATCH) {
    await ledger.addFacts(
      owed
        .slice(from, from + BATCH)
        .map((name: OwedLine & OrderName) =>
          operatorFact(
            name,
            orderSubject(name.order),
            { kind: 'mapped', line, product },
            { act, at: now, grounds },
          ),
        ),
    );
  }
  // Also after a crash between the two acts. Should the file be lost, a further sale of the path raises the flag again.
  const by = `${BY_ITSELF}: ${causeOf(act, grounds)}`;
  await settleFlags(desk, { key: pathFlagKey(line), marketplace }, grounds, now, by);
  if (owed.length === 0) return { outcome: 'nothing owed' };
  const orders: DeliveredOrder[] = [];
  for (const { mode, order } of owed) {
    const { licenses } = await ledger.showOrder(order);
    const its = licenses.filter((each) => each.marketplace === marketplace && each.mode === mode);
    const count = its.filter((each) => each.product === product && each.state === 'active').length;
    orders.push({ marketplace, mode, order, licenses: count });
  }
  return { outcome: 'delivered', orders };
}

/** What else the account sells: its flag is settled, and since it was, no further sale of the path raises one. */
export function ignorePath(
  desk: Pick<Desk, 'ledger'>,
  path: string,
  grounds: Grounds,
  now: number,
): Promise<Settled> {
  return settleFlags(desk, { key: pathFlagKey(path) }, grounds, now);
}
