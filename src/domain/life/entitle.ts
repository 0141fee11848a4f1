/** The entitlement of a sale. */
import { addPeriod, type Day, dayOf, holdable } from '../values/day.ts';
import type { Entitlement } from '../values/license.ts';
import type { Terms } from '../values/terms.ts';

/** The most seats that two bytes hold (license-code-v1: seats). */
export const MOST_SEATS = 65_535;

/**
 * The term of a first code starts at most this long before the code is made, so that a late code is not a
 * short one.
 */
const LATEST_START_MILLISECONDS = 7 * 86_400_000;

/** The UTC day on which the term of a sale starts; both times in milliseconds since 1970-01-01. */
export function startOfTerm(soldAt: number, now: number): Day {
  return holdable(dayOf(Math.max(soldAt, now - LATEST_START_MILLISECONDS)));
}

/** Options of one sale of a product. */
export interface SaleOptions {
  readonly features?: readonly string[] | undefined;
  /** The last day of a trial, without grace. */
  readonly trialEnd?: Day | undefined;
}

/**
 * The entitlement of one license of a product sold on a UTC day. With `quantity: seats` one license carries
 * the seats of all units, at most 65,535.
 */
export function entitle(terms: Terms, quantity: number, sold: Day, options: SaleOptions = {}): Entitlement {
  const { features, trialEnd } = options;
  const units = terms.quantity === 'seats' ? quantity : 1;
  const until = terms.term === 'perpetual' ? null : earlier(addPeriod(sold, terms.term), trialEnd);
  return {
    trial: terms.trial,
    issued: sold,
    lastValid: until === null ? null : addPeriod(until, terms.grace),
    updatesUntil: terms.updates === 'unlimited' ? null : addPeriod(sold, terms.updates),
    seats: Math.min(terms.seats * units, MOST_SEATS),
    features: featureBits(
      terms,
      features?.filter((name) => terms.features.includes(name)),
    ),
  };
}

/** A trial never lasts longer than a term. */
function earlier(termEnd: Day, trialEnd: Day | undefined): Day {
  return trialEnd !== undefined && trialEnd < termEnd ? trialEnd : termEnd;
}

/** The bits of the named features; without names, the bits of the granted features. */
export function featureBits(
  terms: Pick<Terms, 'features' | 'grants'>,
  names: readonly string[] = terms.grants,
): number {
  return names.reduce((bits, feature) => bits | (1 << terms.features.indexOf(feature)), 0);
}
