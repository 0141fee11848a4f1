/** A customer's address that was corrected while nothing could be mailed: the codes go to it at the end of the suspension. */
import type { Found, LedgerLicense } from './changes.ts';
import type { Fact, FactBody } from './fact.ts';
import { orderSubject, subscriptionOf } from './order-subject.ts';

/** What a person, or the customer, did to the address; the history says so without it. */
export const ADDRESS_NOTES = {
  corrected: 'the customer’s address was corrected',
  changed: 'the customer gave another address',
  undone: 'the former address undid the change of address',
} as const;

export function addressNote(note: (typeof ADDRESS_NOTES)[keyof typeof ADDRESS_NOTES]): FactBody {
  return { kind: 'noted', note, address: true };
}

const HOLDS: ReadonlySet<FactBody['kind']> = new Set([
  'overdue',
  'paused',
  'reviewed',
  'disputed',
  'charged-back',
  'stopped',
]);
const LIFTS: ReadonlySet<FactBody['kind']> = new Set([
  'paid',
  'recovered',
  'resumed',
  'cleared',
  'dispute-won',
  'reinstated',
]);

/** The address of the customer was corrected since a license, suspended until now, was held. */
export function isCorrectedMeanwhile(
  { facts }: Pick<Found, 'facts'>,
  { order, subscription }: Pick<LedgerLicense, 'order' | 'subscription'>,
): boolean {
  const subject = orderSubject(order);
  // Another subscription of the order neither holds the license nor lifts anything.
  const isOther = (fact: Fact) => (subscriptionOf(fact.subject) ?? subscription) !== subscription;
  let isHeld = false;
  let isCorrected = false;
  for (const fact of facts.toSorted((a, b) => a.at - b.at)) {
    if (isOther(fact)) continue;
    if (HOLDS.has(fact.body.kind)) isHeld = true;
    else if (isLift(fact)) isHeld = isCorrected = false;
    else if (isHeld && fact.subject === subject && isCorrection(fact)) isCorrected = true;
  }
  return isCorrected;
}

function isLift({ body }: Fact): boolean {
  return LIFTS.has(body.kind) || (body.kind === 'dated' && body.active === true);
}

function isCorrection({ body }: Fact): boolean {
  return body.kind === 'noted' && body.address === true;
}
