/** Flags about what a marketplace says and no payment confirms, for as long as it makes a difference to a license. */
import { isBeyond } from './charge-days.ts';
import type { Evaluated } from './evaluate.ts';
import type { FactBody } from './fact.ts';
import { subscriptionOf } from './order-subject.ts';
import type { View } from './view.ts';
import { DELIVERED_WITHIN_MILLISECONDS, type WantedFlag } from './wanted-flag.ts';

/** The keys of flags that settle by themselves, whatever their kind. */
export const DOUBT = 'doubt:';

/** From an hour after it was told, because the payment may arrive later. */
export function doubtFlags({ facts, names }: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  return facts.flatMap(({ body, key, subject, at, cause }): WantedFlag[] => {
    if (body.kind !== 'noted' || body.doubt === undefined) return [];
    const { doubt, note } = body;
    const subscription = subscriptionOf(names.of(subject));
    const one = evaluated.find((each) => each.subscription?.id === subscription && isOpen(doubt, each));
    if (one === undefined || subscription === undefined) return [];
    const { license } = one;
    const { order, product } = license;
    const reason = `Subscription ${subscription}: ${note}. No payment confirms it, so its licenses are unchanged`;
    const from = at + DELIVERED_WITHIN_MILLISECONDS;
    return [{ key: `${DOUBT}${key}`, kind: 'unclear', reason, order, product, from, license, cause }];
  });
}

type Doubt = NonNullable<Extract<FactBody, { kind: 'noted' }>['doubt']>;

function isOpen(doubt: Doubt, { life, outcome, coverage }: Evaluated): boolean {
  if (outcome.state === 'revoked' || outcome.state === 'ended' || coverage?.covered === false) return false;
  if (doubt === 'overdue') return life.holds.has('overdue');
  const { until } = life.periods;
  return until !== null && isBeyond(doubt.until, until);
}
