/** Decisions of an operator about one license. */
import type { FactBody } from '../facts/fact.ts';
import { licenseSubject } from '../facts/license-subject.ts';
import type { LicenseStory } from '../ledger.ts';
import { type Day, LAST_DAY } from '../values/day.ts';
import { type Desk, decisionTime, type Grounds, operatorFact } from './operator.ts';
import { successorOf } from './successor.ts';

export type LicenseDecision =
  /** The new last valid day, inclusive. */
  | { readonly act: 'renew'; readonly until: Day }
  /** The last day of covered versions, inclusive. */
  | { readonly act: 'extend'; readonly updatesUntil: Day }
  | { readonly act: 'suspend' | 'reinstate' | 'revoke' };

export type Refused =
  | { readonly outcome: 'unknown' }
  /** The license was reissued; decide about its successor instead. */
  | { readonly outcome: 'replaced'; readonly by: LicenseStory }
  /** A perpetual license has no last valid day to move. */
  | { readonly outcome: 'perpetual'; readonly license: LicenseStory }
  /** The license already has unlimited updates. */
  | { readonly outcome: 'unlimited updates'; readonly license: LicenseStory }
  /** The day is before the license was issued, as by a slip in the year, or later than a code can hold. */
  | { readonly outcome: 'unfit day'; readonly from: Day; readonly to: Day };

export type LicenseDecided =
  /** `unchanged`: the decision is stored, and the license did not change. */
  { readonly outcome: 'changed' | 'unchanged'; readonly license: LicenseStory } | Refused;

/** Stores a decision; `now` in milliseconds since 1970-01-01. */
export async function decideLicense(
  desk: Desk,
  id: Uint8Array,
  decision: LicenseDecision,
  grounds: Grounds,
  now: number,
): Promise<LicenseDecided> {
  const license = await findLicense(desk, id);
  if (license === undefined) return { outcome: 'unknown' };
  const refused = (await replacement(desk, license)) ?? (await refusal(desk, license, decision));
  if (refused !== undefined) return refused;
  const { act } = decision;
  const at = await decisionTime(desk.ledger, license, now);
  const fact = operatorFact(license, licenseSubject(id), bodyOf(decision), { act, at, grounds });
  const changed = await desk.ledger.addFacts([fact]);
  const after = (await findLicense(desk, id)) ?? license;
  // A reissue that came in between takes no decision about the former license.
  const replaced = changed ? undefined : await replacement(desk, after);
  return replaced ?? { outcome: changed ? 'changed' : 'unchanged', license: after };
}

export type Reissued =
  | { readonly outcome: 'reissued'; readonly former: LicenseStory; readonly license: LicenseStory }
  | Extract<Refused, { readonly outcome: 'unknown' | 'replaced' }>;

/** Replaces a leaked code: the unit gets a new license, and its old license is revoked. */
export async function reissueLicense(
  desk: Desk,
  id: Uint8Array,
  grounds: Grounds,
  now: number,
): Promise<Reissued> {
  const former = await findLicense(desk, id);
  if (former === undefined) return { outcome: 'unknown' };
  const replaced = await replacement(desk, former);
  if (replaced !== undefined) return replaced;
  const at = await decisionTime(desk.ledger, former, now);
  const act = 'reissue';
  const fact = operatorFact(former, licenseSubject(id), { kind: 'withdrawn' }, { act, at, grounds });
  const license = await findLicense(desk, await desk.ledger.reissue(id, fact));
  return license === undefined ? { outcome: 'unknown' } : { outcome: 'reissued', former, license };
}

async function findLicense({ ledger }: Desk, id: Uint8Array): Promise<LicenseStory | undefined> {
  const [story] = await ledger.find({ by: 'license', id });
  return story;
}

/** One unit must not get two active licenses. */
async function replacement(
  { ledger }: Desk,
  license: LicenseStory,
): Promise<{ outcome: 'replaced'; by: LicenseStory } | undefined> {
  const by = await successorOf(license, ledger);
  return by && { outcome: 'replaced', by };
}

/** A perpetual license must not become dated, nor unlimited updates limited. */
async function refusal(
  desk: Desk,
  license: LicenseStory,
  decision: LicenseDecision,
): Promise<Refused | undefined> {
  const { issued, lastValid, updatesUntil } = desk.rules.minter.entitlementOf(license.code);
  switch (decision.act) {
    case 'extend':
      if (updatesUntil === null) return { outcome: 'unlimited updates', license };
      return unfitDay(decision.updatesUntil, issued);
    case 'renew': {
      const term = await termOf(desk, license);
      if (term === undefined ? lastValid === null : term === 'perpetual')
        return { outcome: 'perpetual', license };
      return unfitDay(decision.until, issued);
    }
    default:
      return undefined;
  }
}

function unfitDay(day: Day, issued: Day): Refused | undefined {
  return day < issued || day > LAST_DAY ? { outcome: 'unfit day', from: issued, to: LAST_DAY } : undefined;
}

/** The terms decide, not the code: a code after `ended: fallback` has no last day either, but may be renewed. */
async function termOf({ ledger, rules }: Desk, { terms, product }: LicenseStory) {
  const kept = terms === null ? undefined : await ledger.findTerms(terms);
  return (kept ?? rules.currentTerms(product)?.terms)?.term;
}

function bodyOf(decision: LicenseDecision): FactBody {
  switch (decision.act) {
    case 'renew':
      return { kind: 'set-until', until: decision.until };
    case 'extend':
      return { kind: 'set-updates', until: decision.updatesUntil };
    case 'suspend':
      return { kind: 'stopped' };
    case 'reinstate':
      return { kind: 'reinstated' };
    case 'revoke':
      return { kind: 'withdrawn' };
  }
}
