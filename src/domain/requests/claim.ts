/** What the page after a checkout may show: the codes of an order that is an hour old at most, to whoever knows its unguessable name. */
import type { Fact, Subject } from '../facts/fact.ts';
import { licenseIdText, licenseSubject } from '../facts/license-subject.ts';
import type { LicenseStory } from '../ports/ledger-views.ts';
import type { Marketplace, Mode } from '../values/order.ts';
import { orderSubject } from '../values/order-subject.ts';

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

/** Of one mode. */
export interface ClaimedOrder {
  readonly order: string;
  readonly mode: Mode;
}

/** The order of a claim, or AMBIGUOUS; undefined: none was told yet. A test order takes nothing from a live one. */
export function claimedOrder(
  facts: readonly Fact[],
  of: Marketplace,
): ClaimedOrder | typeof AMBIGUOUS | undefined {
  for (const mode of ['live', 'test'] as const) {
    const orders = new Set(
      facts.flatMap((fact) =>
        fact.marketplace === of && fact.mode === mode && fact.body.kind === 'claimable'
          ? [fact.body.order]
          : [],
      ),
    );
    const [order] = orders;
    if (order !== undefined) return orders.size > 1 ? AMBIGUOUS : { order, mode };
  }
  return undefined;
}

/**
 * `licenses`: all of the order, in one marketplace and mode. The hour counts from the first one: what is added or reissued later, such
 * as in place of a code that leaked, is not for whoever still has the address. `now` in milliseconds since 1970-01-01.
 */
export function claimOf(licenses: readonly LicenseStory[], now: number): Claim {
  if (licenses.length === 0) return { outcome: 'waiting' };
  const first = Math.min(...licenses.map(({ history }) => history[0]?.at ?? 0));
  if (now - first > CLAIMABLE_MILLISECONDS) return { outcome: 'over' };
  const shown = licenses.filter(({ state, reissue }) => state === 'active' && reissue === 0);
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
