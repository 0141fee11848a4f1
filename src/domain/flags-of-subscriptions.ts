/** Flags about subscriptions: what cannot be mapped, changes that no charge named, payments for what is over. */

import { type Day, startOfDay } from './day.ts';
import type { Settled } from './evaluate.ts';
import type { Fact } from './fact.ts';
import { unmappedFlagKey } from './flag.ts';
import { subscriptionSubject } from './order-subject.ts';
import { newestReissues } from './units.ts';
import type { SubscriptionView, View } from './view.ts';
import type { WantedFlag } from './wanted-flag.ts';

/** How long after the charge's day an announced change is waited for. */
const CHANGE_WITHIN_MILLISECONDS = 3 * 86_400_000;

export function subscriptionFlags(view: View, settled: readonly Settled[]): WantedFlag[] {
  return [...view.subscriptions.values()].flatMap((subscription) => {
    const followers = settled.filter((one) => one.subscription?.id === subscription.id);
    const [first] = followers;
    if (first === undefined && subscription.ownLines.length === 0) return [];
    const order = subscription.ownLines[0]?.order ?? subscriptionSubject(subscription.id);
    const product = first?.license.product ?? null;
    return [
      ...subscription.coverage.unmapped.map((fact) => unmapped(fact, subscription, order, product)),
      ...changeFlags(subscription, followers, order, product),
      ...paidFlags(subscription, followers, order),
    ];
  });
}

function unmapped(
  { key, cause, body }: Fact,
  { id }: SubscriptionView,
  order: string,
  product: string | null,
): WantedFlag {
  const named =
    'line' in body && body.line
      ? body.line
      : body.kind === 'paid'
        ? (body.covers?.find((line) => line.product === null)?.line ?? '')
        : '';
  const what = named === '' ? 'something' : named;
  const reason = `Subscription ${id} is for ${what}, which no product file names: its licenses stay as they are`;
  return { key: unmappedFlagKey(id, named || key), kind: 'unmapped', reason, order, product, cause };
}

function changeFlags(
  { coverage, id }: SubscriptionView,
  followers: readonly Settled[],
  order: string,
  product: string | null,
): WantedFlag[] {
  const flag = ({ key, cause }: Fact, from?: { from: number; license: Settled['license'] }): WantedFlag => {
    const reason = `A change of subscription ${id} was told, and no paid charge named it: its licenses stay as they were`;
    return { key: `change:${key}`, kind: 'unconfirmed-change', reason, order, product, cause, ...from };
  };
  const unnamed = coverage.unnamed.map((fact) => flag(fact));
  const { pending } = coverage;
  // One that a charge brought about before its order was told may know no date.
  const { first, until } = latest(followers);
  if (
    pending?.body.kind !== 'announced' ||
    pending.body.product === null ||
    first === undefined ||
    until === undefined ||
    !isChange(pending.body, coverage.now, followers)
  )
    return unnamed;
  const from = Math.max(startOfDay(until), pending.at) + CHANGE_WITHIN_MILLISECONDS;
  return [...unnamed, flag(pending, { from, license: first.license })];
}

function latest(followers: readonly Settled[]): { first?: Settled; until?: Day } {
  // One that the subscription was for in between alone may never have been issued.
  const covered = followers.filter(({ coverage }) => coverage?.covered !== false);
  return covered.reduce<{ first?: Settled; until?: Day }>((best, first) => {
    const { until } = first.life.periods;
    return until !== null && (best.until === undefined || until > best.until) ? { first, until } : best;
  }, {});
}

function isChange(
  { product, quantity }: Extract<Fact['body'], { kind: 'announced' }>,
  now: SubscriptionView['coverage']['now'],
  followers: readonly Settled[],
): boolean {
  const covered = now?.find((line) => line.product === product)?.quantity;
  const sold = followers.find(({ line }) => line?.product === product)?.line?.units;
  return (covered ?? sold) !== quantity;
}

/** Somebody pays for a license that is over. */
function paidFlags({ id }: SubscriptionView, followers: readonly Settled[], order: string): WantedFlag[] {
  const newest = new Set(newestReissues(followers.map(({ license }) => license)));
  return followers.flatMap(({ license, outcome, life, coverage }) => {
    // One that was issued again is paid for by its successor.
    if (!newest.has(license)) return [];
    if (coverage?.covered === false || (outcome.state !== 'revoked' && outcome.state !== 'ended')) return [];
    if (life.paidAt <= life.adverseAt || life.adverseAt < 0) return [];
    const { product } = license;
    const reason = `A charge of subscription ${id} was paid, and its license of ${product} is ${outcome.state}`;
    return [{ key: `paid:${id}:${product}`, kind: 'revoked-but-paid' as const, reason, order, product }];
  });
}
