/** All facts that concern an order, and which of them concern which of its licenses. */
import type { Day } from '../../domain/day.ts';
import type { Fact } from '../../domain/fact.ts';
import type { Product } from '../../domain/product.ts';
import { countsBefore } from './facts.ts';

export interface Story {
  readonly order: string;
  readonly own: readonly Fact[];
  /** Facts of each subscription that the order's licenses follow. */
  readonly bySubscription: ReadonlyMap<string, readonly Fact[]>;
}

/** Units of a product that must be there, and since when. */
export interface Wanted {
  readonly product: Product;
  readonly quantity: number;
  readonly sold: Day;
  readonly features: readonly string[] | undefined;
  readonly cause: string;
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

/** A fact that was told of several subjects (a return, of its order and of its subscription) counts once: the earliest. */
export function onceEach(facts: readonly Fact[]): readonly Fact[] {
  const once = new Map<string, Fact>();
  for (const fact of facts) {
    const other = once.get(fact.key);
    if (other === undefined || countsBefore(asTold(fact), asTold(other))) once.set(fact.key, fact);
  }
  return [...once.values()];
}

function asTold({ at, body }: Fact) {
  return { at, body: JSON.stringify(body) };
}

/**
 * How many units a subscription was for, where this order is its first: a rebill that was given a license of its own
 * gets no more by it.
 */
export function resizes({ order, own, bySubscription }: Story): readonly Fact[] {
  const rebills = new Set(
    own.map(({ subject, body }) => (subject === `order:${order}` && body.kind === 'alias' ? body.of : null)),
  );
  return [...bySubscription].flatMap(([subscription, facts]) =>
    rebills.has(`subscription:${subscription}`) ? [] : facts.filter(({ body }) => body.kind === 'resized'),
  );
}

/** What a subscription tells of the licenses of a product; a companion keeps its size. */
export function followed(product: string, subscription: string | null, story: Story): readonly Fact[] {
  const facts = (subscription !== null && story.bySubscription.get(subscription)) || [];
  if (subscription === null || !isCompanion(product, subscription, story)) return facts;
  return facts.filter(({ body }) => body.kind !== 'resized');
}

/**
 * True for a product that was sold with another one and follows that one's subscription, such as an add-on: what the
 * subscription is for says nothing of it.
 */
function isCompanion(product: string, subscription: string, { own, bySubscription }: Story): boolean {
  const told = new Set<string>();
  for (const { body } of [...own, ...(bySubscription.get(subscription) ?? [])]) {
    if (body.kind === 'resized') told.add(body.product);
    if (body.kind === 'linked' && body.subscription === subscription && body.product !== undefined)
      told.add(body.product);
  }
  if (told.has(product)) return false;
  return own.some(
    ({ body }) => body.kind === 'sold' && body.subscription === subscription && told.has(body.product),
  );
}
