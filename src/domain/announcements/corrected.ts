/** Whether an address was corrected while a license was suspended or revoked, so that its code is mailed there once it is active again. */
import type { Found, LedgerLicense } from '../changes.ts';
import type { Fact, FactBody, Subject } from '../facts/fact.ts';
import { licenseSubject } from '../facts/license-subject.ts';
import { orderSubject, subscriptionOf } from '../values/order-subject.ts';

/** What a person, or the customer, did to the address; the history says so without it. */
export const ADDRESS_NOTES = {
  corrected: 'the customer’s address was corrected',
  changed: 'the customer gave another address',
  undone: 'the former address undid the change of address',
} as const;

export function addressNote(note: (typeof ADDRESS_NOTES)[keyof typeof ADDRESS_NOTES]): FactBody {
  return { kind: 'noted', note, address: true };
}

/** What suspends or revokes. A return may have been of a part, and have held nothing: then the code goes there twice. */
const HOLDS: ReadonlySet<FactBody['kind']> = new Set([
  'overdue',
  'paused',
  'reviewed',
  'disputed',
  'charged-back',
  'stopped',
  'withdrawn',
  'refunded',
  'repaid',
  'dispute-lost',
  'voided',
]);
const LIFTS: ReadonlySet<FactBody['kind']> = new Set([
  'paid',
  'recovered',
  'resumed',
  'cleared',
  'dispute-won',
  'reinstated',
]);

type Held = Pick<LedgerLicense, 'id' | 'order' | 'subscription'>;

/** The address of the customer was corrected, by any of their orders, since a license, suspended or revoked until now, was held. */
export function isCorrectedMeanwhile(
  { facts, licenses }: Pick<Found, 'facts' | 'licenses'>,
  license: Held,
): boolean {
  const own = licenses.find(({ id }) => Buffer.compare(id, license.id) === 0)?.customer ?? null;
  const theirs = licenses.filter(({ customer }) => own !== null && customer === own);
  const subjects = new Set<Subject>([license, ...theirs].map(({ order }) => orderSubject(order)));
  return heldFacts(facts, license).some((fact) => subjects.has(fact.subject) && isCorrection(fact));
}

/** What was said since a license, suspended or revoked until now, was held: first what holds it. */
function heldFacts(facts: readonly Fact[], { id, subscription }: Held): readonly Fact[] {
  const own = licenseSubject(id);
  // Another subscription or license of the order neither holds the license nor lifts anything.
  const isOther = ({ subject }: Fact) =>
    (subscriptionOf(subject) ?? subscription) !== subscription ||
    (subject.startsWith('license:') && subject !== own);
  let held: Fact[] = [];
  for (const fact of facts.toSorted((a, b) => a.at - b.at)) {
    if (isOther(fact)) continue;
    if (isLift(fact)) held = [];
    else if (held.length > 0 || HOLDS.has(fact.body.kind)) held.push(fact);
  }
  return held;
}

function isLift({ body }: Fact): boolean {
  return LIFTS.has(body.kind) || (body.kind === 'dated' && body.active === true);
}

function isCorrection({ body }: Fact): boolean {
  return body.kind === 'noted' && body.address === true;
}
