/** Flags about what a marketplace says and no payment confirms, for as long as it makes a difference to a license. */
import type { Fact, FactBody } from '../facts/fact.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { isBeyond } from '../subscriptions/charge-days.ts';
import { subscriptionOf } from '../values/order-subject.ts';
import type { View } from '../view.ts';
import { knownOrder } from './flags-of-money.ts';
import {
  CONFIRMED_WITHIN_MILLISECONDS,
  DELIVERED_WITHIN_MILLISECONDS,
  DOUBT,
  type WantedFlag,
} from './wanted-flag.ts';

/** Of subscriptions: from an hour after it was told, and of a date from a day after it, because the payment may arrive later. */
export function doubtFlags(view: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  const { facts, names } = view;
  const told = facts.flatMap((fact): WantedFlag[] => {
    const { body, key, subject, at, cause } = fact;
    if (body.kind !== 'noted' || body.doubt === undefined) return [];
    const { doubt, note } = body;
    if (doubt === 'won before') return againFlags(fact, note, view, evaluated);
    const subscription = subscriptionOf(names.of(subject));
    const one = evaluated.find((each) => each.subscription?.id === subscription && isOpen(doubt, each));
    if (one === undefined || subscription === undefined) return [];
    const { license } = one;
    const { order, product } = license;
    const reason = `Subscription ${subscription}: ${note}. No payment confirms it, so its licenses are unchanged`;
    const from = at + (doubt === 'overdue' ? DELIVERED_WITHIN_MILLISECONDS : CONFIRMED_WITHIN_MILLISECONDS);
    return [{ key: `${DOUBT}${key}`, kind: 'unclear', reason, order, product, from, license, cause }];
  });
  return [...told, ...oldOverdueFlags(view, evaluated)];
}

/** Overdue payments that suspend nothing, because a charge pays for the period that they name. */
function oldOverdueFlags({ facts }: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  const kept = new Map(
    evaluated
      .filter(({ outcome }) => outcome.state === 'active')
      .map((one) => [one.life.oldOverdue, one] as const),
  );
  return facts.flatMap(({ key, body, cause }): WantedFlag[] => {
    const one = body.kind === 'overdue' ? kept.get(key) : undefined;
    if (one === undefined || body.kind !== 'overdue' || one.subscription === undefined) return [];
    const { order, product } = one.license;
    const reason = `Subscription ${one.subscription.id}: the payment of ${body.due} is said to be overdue, but a charge pays for the period from that day on: nothing was changed, so see whether a payment is missing`;
    return [{ key: `${DOUBT}${key}`, kind: 'unclear', reason, order, product, cause }];
  });
}

type Doubt = Exclude<NonNullable<Extract<FactBody, { kind: 'noted' }>['doubt']>, 'won before'>;

function isOpen(doubt: Doubt, { life, outcome, coverage }: Evaluated): boolean {
  if (outcome.state === 'revoked' || outcome.state === 'ended' || coverage?.covered === false) return false;
  if (doubt === 'overdue') return life.holds.has('overdue');
  const { until } = life.periods;
  return until !== null && isBeyond(doubt.until, until);
}

/** What is told again of a dispute that was won before. It changes nothing, since the message may be an old one. */
function againFlags(
  { subject, key, at, cause }: Fact,
  note: string,
  view: View,
  evaluated: readonly Evaluated[],
): WantedFlag[] {
  const told = view.factsOf(subject);
  const won = told.findLast(({ body }) => body.kind === 'dispute-won');
  const isCounted = ({ body, at: since }: Fact) =>
    (body.kind === 'charged-back' || body.kind === 'dispute-lost') && won !== undefined && since >= won.at;
  if (won === undefined || won.at >= at || told.some(isCounted)) return [];
  const known = knownOrder(view.names.of(subject), view, evaluated);
  if (known === undefined) return [];
  const reason = `Order ${known.order}: ${note}, was told again after the dispute was won: nothing was changed, so see whether it is open again`;
  return [{ key: `${DOUBT}${key}`, kind: 'unclear', reason, ...known, cause }];
}
