/** Flags of licenses that you suspended or revoked: what is said of a license does not follow to the plan that takes its place. */
import type { Evaluated } from '../life/evaluate.ts';
import type { SubscriptionView } from '../view.ts';
import { DOUBT, type WantedFlag } from './wanted-flag.ts';

export function holdFlags(
  { id, ownLines }: SubscriptionView,
  followers: readonly Evaluated[],
  order: string,
): WantedFlag[] {
  // Of fewer units of a product, nothing took the place of those that were left.
  const stays = new Set(
    followers.filter(({ coverage }) => coverage?.covered !== false).map(({ license }) => license.product),
  );
  const flags = followers.flatMap(({ license, life, coverage }): WantedFlag[] => {
    const isSuspended = life.holds.has('operator');
    const isRevoked = life.revocations.has('operator');
    if (coverage?.covered !== false || stays.has(license.product) || !(isSuspended || isRevoked)) return [];
    const { leftAt = 0 } = coverage;
    const next = followers.find(
      (one) =>
        one.outcome.state === 'active' &&
        one.license.product !== license.product &&
        (ownLines.some((line) => line === one.line) || (one.coverage?.since ?? -1) >= leftAt),
    );
    if (next === undefined) return [];
    const { product } = next.license;
    const what = isRevoked ? 'revoked' : 'suspended';
    const reason = `Subscription ${id} changed from ${license.product}, whose license you ${what}, to ${product}, whose license is active: decide about that one too`;
    return [
      { key: `${DOUBT}${what}:${id}:${license.product}:${product}`, kind: 'unclear', reason, order, product },
    ];
  });
  return [...new Map(flags.map((flag) => [flag.key, flag])).values()];
}
