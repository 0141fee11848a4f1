/** Which licenses stand on the revocation list, as what, and for how long. */
import { type Day, dayOf } from './day.ts';
import type { LicenseState } from './license.ts';

/** An entry of the list. It stands there on every listing day after `since` up to `until`. */
export interface Withdrawal {
  readonly listed: 'revoked' | 'suspended';
  /** null: at once. */
  readonly since: Day | null;
  /** Inclusive; null: for good. */
  readonly until: Day | null;
}

/**
 * Programs judge a code by their own computer's clock. An entry that went on the very last valid day would let a
 * computer whose clock is late read a withdrawn code as valid; the reader itself allows clocks 2 days of error.
 */
const LATE_CLOCK_MILLISECONDS = 2 * 86_400_000;

/** The UTC day that the list of a moment (milliseconds since 1970-01-01) is made for: all clocks have reached it. */
export function listingDay(at: number): Day {
  return dayOf(at - LATE_CLOCK_MILLISECONDS);
}

/**
 * The entry of a license by its state, the last valid day of its newest code and the latest one of all its codes (null:
 * perpetual); undefined where none is needed.
 *
 * - `revoked` and `suspended` are listed until the longest-lived of the codes has run out: a customer may have kept
 *   any of them, and offline each is as good as the newest.
 * - `active` and `ended` are good up to the newest code's last day. Where an older code reaches further (a charge was
 *   refunded, a subscription lost its grace), the license is listed as revoked after that day, so from the third day
 *   after it on, until the older code has run out.
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
