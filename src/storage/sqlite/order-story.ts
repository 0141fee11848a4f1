/** All facts that concern an order, and which of them concern which of its licenses. */
import type { Fact } from '../../domain/fact.ts';

export interface Story {
  readonly own: readonly Fact[];
  /** Facts of each subscription that the order's licenses follow. */
  readonly bySubscription: ReadonlyMap<string, readonly Fact[]>;
}

/** The subscription that a product's licenses follow: the one told of the product, else the one told of the order. */
export function subscriptionOf(product: string, { own, bySubscription }: Story): string | null {
  let ofOrder: string | null = null;
  for (const { body } of own) {
    if (body.kind !== 'sold' && body.kind !== 'linked') continue;
    if (body.subscription === undefined) continue;
    if (body.product === product) return body.subscription;
    if (body.product === undefined) ofOrder = body.subscription;
  }
  for (const [subscription, facts] of bySubscription) {
    if (facts.some(({ body }) => body.kind === 'resized' && body.product === product)) return subscription;
  }
  return ofOrder;
}

/** A fact that was told of several subjects (a return, of its order and of its subscription) counts once. */
export function onceEach(facts: readonly Fact[]): readonly Fact[] {
  return [...new Map(facts.map((fact) => [fact.key, fact])).values()];
}
