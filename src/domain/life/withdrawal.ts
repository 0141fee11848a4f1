/** Which licenses are on the revocation list, in which list, and for how long. */
import { type Day, dayOf } from '../values/day.ts';
import type { LicenseState } from '../values/license.ts';

/** An entry of the revocation list, listed on every listing day after `since` up to `until`. */
export interface Withdrawal {
  readonly listed: 'revoked' | 'suspended';
  /** null: at once. */
  readonly since: Day | null;
  /** Inclusive; null: for good. */
  readonly until: Day | null;
}

/**
 * Programs judge a code by their computer's clock. An entry removed on the last valid day would let a
 * computer with a late clock accept a withdrawn code; the reader itself tolerates 2 days of clock error.
 */
const LISTED_LATER_MILLISECONDS = 2 * 86_400_000;

/** The UTC day of a list made at a moment (milliseconds since 1970-01-01); all clocks have reached that day. */
export function listingDay(at: number): Day {
  return dayOf(at - LISTED_LATER_MILLISECONDS);
}

/**
 * The list entry of a license; undefined: none is needed. `newest` is the last valid day of the newest code
 * and `reach` the latest of all its codes; null: perpetual.
 * - `revoked` and `suspended` are listed until the last code expires: a customer may have kept any code, and
 *   offline an old code is as good as the newest.
 * - `active` and `ended` are valid up to the newest code's last day. If an older code is valid longer (a
 *   refunded charge, a lost grace period), the license is listed as revoked from the third day after that day
 *   until the older code expires.
 */
export function withdrawalOf(
  state: LicenseState,
  newest: Day | null,
  reach: Day | null,
): Withdrawal | undefined {
  if (state === 'revoked' || state === 'suspended') return { listed: state, since: null, until: reach };
  if (newest === null || newest === reach) return undefined;
  return { listed: 'revoked', since: newest, until: reach };
}

/** The later of two last valid days; null: perpetual. */
export function laterDay(a: Day | null, b: Day | null): Day | null {
  if (a === null || b === null) return null;
  return a > b ? a : b;
}

export function isSameWithdrawal(a: Withdrawal | undefined, b: Withdrawal | undefined): boolean {
  return a?.listed === b?.listed && a?.since === b?.since && a?.until === b?.until;
}
