/** State and dates of a subscription object. Dates are read, never computed. */
import type { Day } from '../../domain/values/day.ts';
import { subscriptionSubject } from '../../domain/values/order-subject.ts';
import { booleanOf, dayIn, type Loose, listOf, numberOf, textOf } from '../loose.ts';
import type { Told } from './told.ts';

/** Lower case; undefined where absent. */
export function stateOf(subscription: Loose): string | undefined {
  return textOf(subscription['state'])?.toLowerCase();
}

export function isTrial(subscription: Loose): boolean {
  return stateOf(subscription) === 'trial';
}

/** Its billing instructions begin with a trial. */
export function startsWithTrial(subscription: Loose): boolean {
  return listOf(subscription['instructions']).some(({ type }) => textOf(type)?.toLowerCase() === 'trial');
}

/** A pause is scheduled or in effect. */
export function isPausing(subscription: Loose): boolean {
  return stateOf(subscription) === 'paused' || booleanOf(subscription['isPauseScheduled']) === true;
}

/** A pause begins at the next charge. */
export function isPauseAhead(subscription: Loose): boolean {
  return stateOf(subscription) !== 'paused' && isPausing(subscription);
}

/** FastSpring charges it automatically. A managed subscription has no dates, and a manual one is paid by hand (75). */
export function isAutomatic(subscription: Loose): boolean {
  return booleanOf(subscription['adhoc']) !== true && booleanOf(subscription['autoRenew']) !== false;
}

/** The customer pays for the next period, before its day (docs/manual-renewal-subscriptions); a managed one is never manual. */
export function isManual(subscription: Loose): boolean {
  return booleanOf(subscription['adhoc']) !== true && !isAutomatic(subscription);
}

/** States in which the next charge is due on its date. */
const RUNNING: ReadonlySet<string | undefined> = new Set(['active', 'trial', 'overdue']);

/** The day of the next charge, where it is the end of the paid period (7, 75). */
export function nextCharge(subscription: Loose): Day | undefined {
  if (!RUNNING.has(stateOf(subscription))) return undefined;
  if (isPausing(subscription) || !isAutomatic(subscription)) return undefined;
  return dayIn(subscription['nextChargeDate']) ?? dayIn(subscription['next']);
}

/** The day of the next charge, reported without a payment. */
export function datedFacts(id: string, subscription: Loose): Told[] {
  const until = nextCharge(subscription);
  if (until === undefined) return [];
  const state = stateOf(subscription);
  return [
    {
      subject: subscriptionSubject(id),
      body: {
        kind: 'dated',
        until,
        sequence: numberOf(subscription['sequence']) ?? null,
        ...(state === 'active' && { active: true }),
        ...(state === 'trial' && { trial: true }),
      },
    },
  ];
}
