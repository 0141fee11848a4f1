/** What the page after a checkout may show: the codes of an order that is an hour old at most, to whoever knows its unguessable name. */
import type { Fact } from './fact.ts';
import type { LicenseStory } from './ledger-views.ts';
import { licenseIdText, licenseSubject } from './license-subject.ts';

/** Afterwards the name may stand in somebody's browser history, and the mail has the codes. */
export const CLAIMABLE_MILLISECONDS = 3_600_000;

export type Claim =
  /** Nothing is known yet, or the lines are awaited. */
  | { readonly outcome: 'waiting' }
  | { readonly outcome: 'codes'; readonly licenses: readonly LicenseStory[] }
  /** Too late, or nothing of it is active (any more). */
  | { readonly outcome: 'over' };

/** `licenses`: of the order, in one marketplace. `now` in milliseconds since 1970-01-01. */
export function claimOf(licenses: readonly LicenseStory[], now: number): Claim {
  if (licenses.length === 0) return { outcome: 'waiting' };
  const isRecent = ({ history }: LicenseStory) => now - (history[0]?.at ?? 0) <= CLAIMABLE_MILLISECONDS;
  const shown = licenses.filter((license) => license.state === 'active' && isRecent(license));
  return shown.length === 0 ? { outcome: 'over' } : { outcome: 'codes', licenses: shown };
}

/** Shown on a page, codes are delivered. */
export function shownFacts(licenses: readonly LicenseStory[], at: number): readonly Fact[] {
  return licenses
    .filter(({ handed, revision }) => handed === null || handed < revision)
    .map(({ id, marketplace, mode, revision }) => ({
      marketplace,
      mode,
      subject: licenseSubject(id),
      key: `claimed:${licenseIdText(id)}:${revision}`,
      at,
      cause: 'the page after the checkout',
      body: { kind: 'handed', revision, by: 'page' },
    }));
}
