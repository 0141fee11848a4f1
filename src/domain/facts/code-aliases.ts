/**
 * Orders whose event has a license code of another order. A request may have named the order by a word that no event has, so that
 * both are one sale; or the code is foreign.
 */
import { orderSubject, subscriptionOf } from '../values/order-subject.ts';
import type { Fact, Subject } from './fact.ts';

const BY_CODE = 'same:';

/** The key of the alias of an order whose event has a license code of the other order. */
export function codeKey(order: string): string {
  return `${BY_CODE}${order}`;
}

export function isByCode(key: string): boolean {
  return key.startsWith(BY_CODE);
}

/** In the order of their arrival: of two orders with a code of one order, only the first is that order. */
export function codeAliases(
  facts: readonly Fact[],
): readonly { readonly sale: Subject; readonly other: Subject }[] {
  return facts
    .filter(({ key }) => isByCode(key))
    .sort((a, b) => a.at - b.at)
    .flatMap(({ subject, body }) => (body.kind === 'alias' ? [{ sale: subject, other: body.of }] : []));
}

/**
 * The two are different orders: the sale has a license of its own, an event names the other as a sale or as a charge of a
 * subscription, or they follow different subscriptions.
 */
export function areApart(
  sale: Subject,
  other: Subject,
  facts: readonly Fact[],
  licensed: ReadonlySet<string>,
  rootOf: (name: Subject) => Subject,
): boolean {
  const [root, rootOfOther] = [rootOf(sale), rootOf(other)];
  if ([...licensed].some((order) => rootOf(orderSubject(order)) === root)) return true;
  const ofOther = facts.filter(({ subject }) => rootOf(subject) === rootOfOther);
  if (ofOther.some(isTold)) return true;
  const own = payersOf(facts.filter(({ subject }) => rootOf(subject) === root));
  const payers = payersOf(ofOther);
  return own.size > 0 && payers.size > 0 && ![...own].some((subscription) => payers.has(subscription));
}

function isTold({ body }: Fact): boolean {
  if (body.kind === 'sold') return body.failed !== true;
  return body.kind === 'confirmed' || (body.kind === 'alias' && subscriptionOf(body.of) !== undefined);
}

/** The subscriptions that an order's lines follow. */
function payersOf(facts: readonly Fact[]): ReadonlySet<string> {
  return new Set(
    facts.flatMap(({ body }) =>
      body.kind === 'linked' || body.kind === 'sold' ? (body.subscription ?? []) : [],
    ),
  );
}
