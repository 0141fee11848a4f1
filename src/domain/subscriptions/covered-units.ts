/** What a subscription covers: its lines over time, and how many units a line has. */
import type { SubscriptionView } from '../view.ts';
import { AS_SOLD, type Covered } from './stated-lines.ts';

/** The covered lines of a time. `from`: when they were stated; undefined: as sold. */
export interface Stated {
  readonly lines: readonly Covered[] | null;
  readonly from: number | undefined;
}

export function nowOf({ coverage: { now, before } }: SubscriptionView): Stated {
  return { lines: now, from: before.at(-1)?.until };
}

export function beforeOf({ coverage: { before } }: SubscriptionView) {
  return before.map(({ lines, until }, place) => ({ lines, from: before[place - 1]?.until, until }));
}

/** The units of a covered line. */
export function unitsOf({ product, quantity, atLeastSold }: Covered, subscription: SubscriptionView): number {
  if (quantity !== AS_SOLD && atLeastSold === undefined) return quantity;
  const isSold = subscription.ownLines.some((line) => line.product === product);
  if (atLeastSold === 'of product' && !isSold) return quantity;
  return Math.max(quantity, soldQuantity(subscription, product));
}

/** The sold units of a product; for a product that the subscription changed to, the units of its first product. */
function soldQuantity({ ownLines }: SubscriptionView, product: string): number {
  const sold = ownLines.filter((line) => line.product === product);
  const [first] = sold.length > 0 ? sold : ownLines;
  return first?.units ?? 1;
}
