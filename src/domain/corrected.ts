/** A customer's address that was corrected while nothing could be mailed: the codes go to it at the end of the suspension. */
import type { Found } from './changes.ts';
import type { Fact, FactBody } from './fact.ts';
import { orderSubject } from './order-subject.ts';

/** What a person, or the customer, did to the address; the history says so without it. */
export const ADDRESS_NOTES = {
  corrected: 'the customer’s address was corrected',
  changed: 'the customer gave another address',
  undone: 'the former address undid the change of address',
} as const;

const NOTES: ReadonlySet<string> = new Set(Object.values(ADDRESS_NOTES));

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

/** The address of an order's customer was corrected since its license, suspended until now, was held. */
export function isCorrectedMeanwhile({ facts }: Pick<Found, 'facts'>, order: string): boolean {
  const subject = orderSubject(order);
  let isHeld = false;
  let isCorrected = false;
  for (const fact of facts.toSorted((a, b) => a.at - b.at)) {
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
  return body.kind === 'noted' && NOTES.has(body.note);
}
