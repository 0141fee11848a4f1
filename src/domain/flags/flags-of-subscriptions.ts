/** Flags about subscriptions: unmapped lines, changes without a charge, payments for a license that has ended. */

import type { LedgerLicense } from '../changes.ts';
import type { Fact } from '../facts/fact.ts';
import { byTime } from '../facts/fact-order.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { namedIn } from '../sales/sold-as.ts';
import { unclearReason } from '../subscriptions/unclear-charges.ts';
import { type Day, startOfDay } from '../values/day.ts';
import { unmappedFlagKey } from '../values/flag.ts';
import { subscriptionSubject } from '../values/order-subject.ts';
import type { SubscriptionView, View } from '../view.ts';
import { holdFlags } from './flags-of-holds.ts';
import { newestOf } from './newest-units.ts';
import { DOUBT, type WantedFlag } from './wanted-flag.ts';

/** How long after the charge's day an announced change may stay unconfirmed. */
const CHANGE_WITHIN_MILLISECONDS = 3 * 86_400_000;

export function subscriptionFlags(view: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  return [...view.subscriptions.values()].flatMap((subscription) => {
    const followers = newestOf(evaluated).filter((one) => one.subscription?.id === subscription.id);
    const [first] = followers;
    if (first === undefined && subscription.ownLines.length === 0) return [];
    const order = subscription.ownLines[0]?.order ?? subscriptionSubject(subscription.id);
    const product = first?.license.product ?? null;
    return [
      ...subscription.coverage.unmapped
        .filter((fact) => !isRestated(fact, subscription))
        .map((fact) => unmapped(fact, subscription, order, product)),
      ...changeFlags(subscription, followers, order, product),
      ...paidFlags(subscription, followers, order),
      ...unchargedFlags(subscription, followers),
      ...unclearFlags(subscription, followers, order),
      ...holdFlags(subscription, followers, order),
    ];
  });
}

/** Until a charge states all lines again. */
function unclearFlags(
  { id, coverage }: SubscriptionView,
  [first]: readonly Evaluated[],
  order: string,
): WantedFlag[] {
  return coverage.unclear.map((unclear): WantedFlag => {
    const { fact, from } = unclear;
    const product = first?.license.product ?? null;
    return {
      key: `${DOUBT}${fact.key}`,
      kind: 'unclear',
      reason: unclearReason(id, unclear),
      order,
      product,
      cause: fact.cause,
      ...(from !== undefined && { from }),
      ...(first !== undefined && { license: first.license }),
    };
  });
}

/** The subscription was stated again since, and all of that is known. What a charge paid for stays so. */
function isRestated(fact: Fact, { facts }: SubscriptionView): boolean {
  const { kind } = fact.body;
  if (kind === 'paid') return false;
  return facts.some(
    (other) =>
      other.body.kind === kind &&
      byTime(other, fact) > 0 &&
      namedIn(other.body).every(({ product }) => product !== null),
  );
}

function unmapped(
  { key, cause, body }: Fact,
  { id }: SubscriptionView,
  order: string,
  product: string | null,
): WantedFlag {
  const named = namedIn(body).find((line) => line.product === null)?.line;
  const reason = `Subscription ${id} is for ${named || 'something'}, which no product file names: its licenses are unchanged`;
  return { key: unmappedFlagKey(id, named || key), kind: 'unmapped', reason, order, product, cause };
}

function changeFlags(
  { coverage, id }: SubscriptionView,
  followers: readonly Evaluated[],
  order: string,
  product: string | null,
): WantedFlag[] {
  const flag = ({ key, cause }: Fact, reason: string): WantedFlag => {
    return { key: `change:${key}`, kind: 'unconfirmed-change', reason, order, product, cause };
  };
  const announced = `A change of subscription ${id} was announced, but`;
  const unnamed = coverage.unnamed.map((fact) =>
    flag(fact, `${announced} its next paid charge names something else: its licenses are what was charged`),
  );
  const { pending } = coverage;
  // A license that a charge issued before its order was known may have no date.
  const last = latest(followers);
  if (
    pending?.body.kind !== 'announced' ||
    pending.body.product === null ||
    last === undefined ||
    !isChange(pending.body, coverage.now, followers)
  )
    return unnamed;
  const from = Math.max(startOfDay(last.until), pending.at) + CHANGE_WITHIN_MILLISECONDS;
  const reason = `${announced} no paid charge names it: its licenses are unchanged`;
  return [...unnamed, { ...flag(pending, reason), from, license: last.license }];
}

/** The license with the latest day of its next charge, of those that the subscription covers. */
function latest(followers: readonly Evaluated[]): { license: LedgerLicense; until: Day } | undefined {
  // One that the subscription was for in between alone may never have been issued, and after its end nothing is charged.
  const covered = followers.filter((one) => isCovered(one) && one.outcome.state !== 'ended');
  return covered.reduce<ReturnType<typeof latest>>((best, { license, life }) => {
    const { until } = life.periods;
    return until !== null && (best === undefined || until > best.until) ? { license, until } : best;
  }, undefined);
}

function isCovered({ coverage }: Evaluated): boolean {
  return coverage?.covered !== false;
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
  const isPaid = ({ line, life: { paidAt, adverseAt } }: Evaluated) =>
    adverseAt >= 0 &&
    // A trial that had ended and goes on may be told as another order of its subscription.
    (paidAt > adverseAt || (line?.isIssuedByEvent === true && !line.trial && line.at > adverseAt));
  // A payment without a date does not say whether the cancellation was withdrawn.
  const isPaidAfterEnd = ({ life: { canceled, canceledAt, paidAt } }: Evaluated) =>
    canceled !== null && paidAt >= startOfDay(canceled) && paidAt > canceledAt;
  return followers
    .filter((one) => isCovered(one) && (isPaid(one) || isPaidAfterEnd(one)))
    .filter(({ outcome: { state } }) => state === 'revoked' || state === 'ended')
    .map(({ license: { product }, outcome: { state }, life, line }) => ({
      key: `paid:${id}:${product}`,
      newsAt: Math.max(life.paidAt, line?.isIssuedByEvent === true ? line.at : 0),
      kind: 'revoked-but-paid',
      reason: `A charge of subscription ${id} was paid, and its license of ${product} is ${state}`,
      order,
      product,
    }));
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
  return followers.flatMap((one) => {
    const { license, line, outcome } = one;
    const { product } = license;
    if (line === undefined || named.has(product) || !isCovered(one) || outcome.state !== 'active') return [];
    const charge = charges.find(({ at }) => at > line.at);
    if (charge === undefined) return [];
    const reason = `Charges of subscription ${id} do not name ${product}, which was sold for it: its license is renewed all the same`;
    const key = `uncharged:${id}:${product}`;
    return [{ key, kind: 'surplus' as const, reason, order: line.order, product, cause: charge.cause }];
  });
}
