/** What the page after a checkout may show: the codes of an order that is an hour old at most, to whoever knows its unguessable name. */
import type { Fact, Subject } from './fact.ts';
import type { LicenseStory } from './ledger-views.ts';
import { licenseIdText, licenseSubject } from './license-subject.ts';
import type { Marketplace } from './order.ts';
import { orderSubject } from './order-subject.ts';

/** Afterwards the name may stand in somebody's browser history, and the mail has the codes. */
export const CLAIMABLE_MILLISECONDS = 3_600_000;

export type Claim =
  /** Nothing is known yet, or the lines are awaited. */
  | { readonly outcome: 'waiting' }
  | { readonly outcome: 'codes'; readonly licenses: readonly LicenseStory[] }
  /** Too late, or nothing of it is active (any more). */
  | { readonly outcome: 'over' };

/** What the address of the page names: an order, or the digest of a secret that an event told with its order. */
export type ClaimName = string | { readonly claim: string };

/** The name under which the order of a claim is stored. */
export function claimOrder(digest: string): string {
  return `claim:${digest}`;
}

export function claimSubject(digest: string): Subject {
  return orderSubject(claimOrder(digest));
}

/** Instead of an order: several orders told the same secret, so it is none. */
export const AMBIGUOUS = 'several orders';

/** The order of a claim, or AMBIGUOUS; undefined: none was told yet. */
export function claimedOrder(facts: readonly Fact[], of: Marketplace): string | undefined {
  const orders = new Set(
    facts.flatMap(({ marketplace, body }) =>
      marketplace === of && body.kind === 'claimable' ? [body.order] : [],
    ),
  );
  return orders.size > 1 ? AMBIGUOUS : [...orders][0];
}

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
