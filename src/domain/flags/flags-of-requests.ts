/** Flags about requests that no event has confirmed. */
import type { Market } from '../changes.ts';
import type { Fact } from '../facts/fact.ts';
import type { Evaluated } from '../life/evaluate.ts';
import type { Rules } from '../rules.ts';
import { isNear } from '../subscriptions/charge-days.ts';
import { isForOthers } from '../subscriptions/paid-lines.ts';
import { dayOf } from '../values/day.ts';
import { orderSubject } from '../values/order-subject.ts';
import type { SubscriptionView, View } from '../view.ts';
import { CONFIRMED_WITHIN_MILLISECONDS, type WantedFlag } from './wanted-flag.ts';

export function requestFlags(
  { marketplace, mode }: Market,
  view: View,
  evaluated: readonly Evaluated[],
  rules: Rules,
): WantedFlag[] {
  if (!rules.expectsEvents(marketplace)) return [];
  return [
    ...(mode === 'live' ? orderFlags(view, evaluated) : []),
    ...[...view.subscriptions.values()].flatMap((subscription) => chargeFlags(subscription, view, evaluated)),
  ];
}

/**
 * Flags a license without an event: where events are expected, the order's event is due within a day of the
 * request.
 */
function orderFlags({ names, factsOf }: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  return evaluated.flatMap(({ license, line, subscription }) => {
    const { order, product, answer, at } = license;
    if (answer === null || line === undefined || license.reissue > 0 || license.unit > 0) return [];
    if (factsOf(orderSubject(order)).some(isConfirmation)) return [];
    if (subscription !== undefined && names.chargedTo(orderSubject(order)).has(subscription.id)) return [];
    const reason = `Order ${order}: its license request was answered, but no event confirms the order`;
    const from = at + CONFIRMED_WITHIN_MILLISECONDS;
    return [
      {
        key: `unconfirmed:${order}`,
        kind: 'unconfirmed-order' as const,
        reason,
        order,
        product,
        from,
        license,
      },
    ];
  });
}

function isConfirmation({ body }: Fact): boolean {
  return body.kind === 'sold' || body.kind === 'confirmed' || body.kind === 'voided';
}

/** Flags a rebill request whose charge was not reported. */
function chargeFlags(
  { id, facts, coverage: { beside } }: SubscriptionView,
  view: View,
  evaluated: readonly Evaluated[],
): WantedFlag[] {
  const paid = facts.flatMap(({ body, at, key }) => (body.kind === 'paid' ? [{ body, at, key }] : []));
  return facts.flatMap(({ body, at, key }) => {
    if (body.kind !== 'asked') return [];
    const order = view.names.of(orderSubject(body.order));
    if (view.factsOf(order).some(isConfirmation)) return [];
    const isOfOthers = (one: (typeof paid)[number]) =>
      beside.has(one.key) && isForOthers(one.body, body.product);
    const isPaid = paid.some(
      (one) =>
        (one.body.charge !== undefined && view.names.of(one.body.charge) === order) ||
        (isNear(dayOf(one.at), dayOf(at)) && !isOfOthers(one)),
    );
    if (isPaid) return [];
    const license = evaluated.find((candidate) => candidate.subscription?.id === id)?.license;
    if (license === undefined) return [];
    const reason = `Order ${body.order} of subscription ${id}: a license was asked for, but no event reports the charge`;
    const flag = {
      key: `asked:${key}`,
      kind: 'assumed-unconfirmed' as const,
      reason,
      order: body.order,
      product: body.product,
    };
    return [{ ...flag, from: at + CONFIRMED_WITHIN_MILLISECONDS, license }];
  });
}
