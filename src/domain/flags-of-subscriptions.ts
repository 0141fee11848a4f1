/** Flags about subscriptions: unmapped lines, changes without a charge, payments for a license that has ended. */

import { type Day, startOfDay } from './day.ts';
import type { Evaluated } from './evaluate.ts';
import type { CoveredLine, Fact } from './fact.ts';
import { unmappedFlagKey } from './flag.ts';
import { subscriptionSubject } from './order-subject.ts';
import { newestReissues } from './units.ts';
import type { SubscriptionView, View } from './view.ts';
import type { WantedFlag } from './wanted-flag.ts';

/** How long after the charge's day an announced change may stay unconfirmed. */
const CHANGE_WITHIN_MILLISECONDS = 3 * 86_400_000;

export function subscriptionFlags(view: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  return [...view.subscriptions.values()].flatMap((subscription) => {
    const followers = evaluated.filter((one) => one.subscription?.id === subscription.id);
    const [first] = followers;
    if (first === undefined && subscription.ownLines.length === 0) return [];
    const order = subscription.ownLines[0]?.order ?? subscriptionSubject(subscription.id);
    const product = first?.license.product ?? null;
    return [
      ...subscription.coverage.unmapped.map((fact) => unmapped(fact, subscription, order, product)),
      ...changeFlags(subscription, followers, order, product),
      ...paidFlags(subscription, followers, order),
      ...unchargedFlags(subscription, followers),
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
        ? unnamedIn(body.covers)
        : body.kind === 'covered'
          ? unnamedIn(body.lines)
          : '';
  const what = named === '' ? 'something' : named;
  const reason = `Subscription ${id} is for ${what}, which no product file names: its licenses are unchanged`;
  return { key: unmappedFlagKey(id, named || key), kind: 'unmapped', reason, order, product, cause };
}

function unnamedIn(lines: readonly CoveredLine[] = []): string {
  return lines.find(({ product }) => product === null)?.line ?? '';
}

function changeFlags(
  { coverage, id }: SubscriptionView,
  followers: readonly Evaluated[],
  order: string,
  product: string | null,
): WantedFlag[] {
  const flag = ({ key, cause }: Fact, from?: { from: number; license: Evaluated['license'] }): WantedFlag => {
    const reason = `A change of subscription ${id} was announced, but no paid charge names it: its licenses are unchanged`;
    return { key: `change:${key}`, kind: 'unconfirmed-change', reason, order, product, cause, ...from };
  };
  const unnamed = coverage.unnamed.map((fact) => flag(fact));
  const { pending } = coverage;
  // A license that a charge issued before its order was known may have no date.
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

function latest(followers: readonly Evaluated[]): { first?: Evaluated; until?: Day } {
  // One that the subscription was for in between alone may never have been issued.
  const covered = followers.filter(({ coverage }) => coverage?.covered !== false);
  return covered.reduce<{ first?: Evaluated; until?: Day }>((best, first) => {
    const { until } = first.life.periods;
    return until !== null && (best.until === undefined || until > best.until) ? { first, until } : best;
  }, {});
}

function isChange(
  { product, quantity }: Extract<Fact['body'], { kind: 'announced' }>,
  now: SubscriptionView['coverage']['now'],
  followers: readonly Evaluated[],
): boolean {
  const covered = now?.find((line) => line.product === product)?.quantity;
  const sold = followers.find(({ line }) => line?.product === product)?.line?.units;
  return (covered ?? sold) !== quantity;
}

/** A charge was paid for a revoked or ended license. */
function paidFlags({ id }: SubscriptionView, followers: readonly Evaluated[], order: string): WantedFlag[] {
  const newest = new Set(newestReissues(followers.map(({ license }) => license)));
  return followers.flatMap(({ license, line, outcome, life, coverage }) => {
    // The successor of a reissued license is what the charge pays for.
    if (!newest.has(license)) return [];
    if (coverage?.covered === false || (outcome.state !== 'revoked' && outcome.state !== 'ended')) return [];
    // A trial that had ended and goes on may be told as another order of its subscription.
    const soldAt = line?.isIssuedByEvent === true && !line.trial ? line.at : -1;
    if (Math.max(life.paidAt, soldAt) <= life.adverseAt || life.adverseAt < 0) return [];
    const { product } = license;
    const reason = `A charge of subscription ${id} was paid, and its license of ${product} is ${outcome.state}`;
    return [{ key: `paid:${id}:${product}`, kind: 'revoked-but-paid' as const, reason, order, product }];
  });
}

/**
 * A line that was sold for the subscription, such as an add-on, and that its charges do not name: it may be charged otherwise,
 * so it is renewed with the others until a charge has named it once.
 */
function unchargedFlags(
  { id, facts, named }: SubscriptionView,
  followers: readonly Evaluated[],
): WantedFlag[] {
  const charges = facts.filter(
    ({ body }) => body.kind === 'paid' && body.covers !== undefined && body.part === undefined,
  );
  return followers.flatMap(({ license, line, coverage, outcome }) => {
    const { product } = license;
    if (line === undefined || named.has(product) || coverage?.covered === false) return [];
    if (outcome.state !== 'active') return [];
    const charge = charges.find(({ at }) => at > line.at);
    if (charge === undefined) return [];
    const reason = `Charges of subscription ${id} do not name ${product}, which was sold for it: its license is renewed all the same`;
    const key = `uncharged:${id}:${product}`;
    return [{ key, kind: 'surplus' as const, reason, order: line.order, product, cause: charge.cause }];
  });
}
