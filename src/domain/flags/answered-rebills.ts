/** Answers to requests that took their order for a charge: its order has no license of its own to show them. */
import { orderSubject } from '../values/order-subject.ts';
import type { View } from '../view.ts';

/** The key of the note that a request was answered which took its order for a charge. `at` in milliseconds since 1970-01-01. */
export function rebillKey(order: string, product: string, at: number | ''): string {
  return `answered:${order}:${product}:${at}`;
}

/** When a request was last answered that took its order for a charge, milliseconds since 1970-01-01; -1: never. */
export function answeredAsRebill(
  order: string,
  product: string | null,
  { factsOf }: Pick<View, 'factsOf'>,
): number {
  if (product === null) return -1;
  const times = factsOf(orderSubject(order)).flatMap(({ key, at }) =>
    key.startsWith(rebillKey(order, product, '')) ? [at] : [],
  );
  return Math.max(-1, ...times);
}
