/** Flags about disputes. */
import type { Fact, FactKind, Subject } from '../facts/fact.ts';
import type { Evaluated } from '../life/evaluate.ts';
import { isPartOf } from '../money/money.ts';
import { dayOf } from '../values/day.ts';
import { moneyText } from '../values/money-text.ts';
import type { View } from '../view.ts';
import { knownOrder } from './flags-of-money.ts';
import { DOUBT, type WantedFlag } from './wanted-flag.ts';

/** A bank decides within two or three months. */
const DECIDED_WITHIN_MILLISECONDS = 120 * 86_400_000;

const OPENS: ReadonlySet<FactKind> = new Set(['disputed', 'charged-back']);

export function disputeFlags(view: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  return [...partDisputeFlags(view, evaluated), ...openDisputeFlags(view, evaluated)];
}

/** Flags a dispute of less than its charge, because it changes nothing; while the charge is not returned and the dispute not won. One flag a dispute. */
function partDisputeFlags(view: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  return view.facts.flatMap(({ body, subject, at, key, cause }): WantedFlag[] => {
    const charge = view.names.of(subject);
    const money = view.money.get(charge);
    const isDispute = body.kind === 'charged-back' || body.kind === 'dispute-lost';
    if (!isDispute || money?.total === undefined || !isPartOf(body, money) || money.fullAt !== undefined)
      return [];
    const known = knownOrder(charge, view, evaluated);
    // That it was lost says what its beginning said, and more.
    const isSettled = (fact: Fact) =>
      (fact.body.kind === 'dispute-won' && fact.at >= at) ||
      (fact.body.kind === 'dispute-lost' &&
        body.kind === 'charged-back' &&
        body.dispute !== undefined &&
        fact.body.dispute === body.dispute);
    if (known === undefined || view.factsOf(charge).some(isSettled)) return [];
    const { amount, currency } = body;
    const what = body.kind === 'charged-back' ? 'a chargeback' : 'a lost chargeback';
    const reason = `Order ${known.order}: ${what} of ${moneyText(amount ?? 0, currency)} of ${moneyText(money.total, money.currency)} does not say which license it is of: nothing was changed`;
    return [{ key: `${DOUBT}${key}`, kind: 'unclear', reason, ...known, cause }];
  });
}

/** Flags a dispute that nobody decided: not every marketplace reports a lost one, and its license stays suspended. */
function openDisputeFlags(view: View, evaluated: readonly Evaluated[]): WantedFlag[] {
  const held = new Map<Subject, Evaluated>();
  for (const one of evaluated)
    if (one.outcome.state !== 'revoked' && one.outcome.state !== 'ended')
      for (const charge of one.life.disputes) if (!held.has(charge)) held.set(charge, one);
  return [...held].flatMap(([charge, { license }]): WantedFlag[] => {
    const opened = view.factsOf(charge).findLast(({ body }) => OPENS.has(body.kind));
    const known = knownOrder(charge, view, evaluated);
    if (opened === undefined || known === undefined || view.money.get(charge)?.fullAt !== undefined)
      return [];
    const from = opened.at + DECIDED_WITHIN_MILLISECONDS;
    const reason = `Order ${known.order}: the dispute of ${dayOf(opened.at)} was not decided within 120 days, or was lost, which the marketplace may not report: see there, and revoke or reinstate its licenses`;
    const key = `${DOUBT}dispute:${opened.key}`;
    return [{ key, kind: 'unclear', reason, ...known, from, license, cause: opened.cause }];
  });
}
