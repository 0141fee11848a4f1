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
 * The entry of a license in a state whose codes have these last valid days (null: perpetual), the newest code last;
 * undefined where none is needed.
 *
 * - `revoked` and `suspended` are listed until the longest-lived of the codes has run out: a customer may have kept
 *   any of them, and offline each is as good as the newest.
 * - `ended` is good up to its newest code's last day. Where an older code reaches further (a subscription that was
 *   ended before its paid day, or lost its grace), it is listed as revoked from then on until that one has run out.
 * - `active` never is, also when its day has passed: nobody told that it is over, and what was paid may be told late.
 */
export function withdrawalOf(state: LicenseState, lastDays: readonly (Day | null)[]): Withdrawal | undefined {
  const until = lastDays.reduce((a, b) => (a === null || b === null ? null : a > b ? a : b));
  if (state === 'revoked' || state === 'suspended') return { listed: state, since: null, until };
  const newest = lastDays.at(-1) ?? null;
  if (state === 'active' || newest === null || newest === until) return undefined;
  return { listed: 'revoked', since: newest, until };
}
