/** What a sale of a product entitles to. */
import { addPeriod, type Day, dayOf } from './day.ts';
import type { Entitlement } from './license.ts';
import type { Terms } from './terms.ts';

/** As many seats as two bytes hold (license-code-v1: seats). */
export const MOST_SEATS = 65_535;

/** A first code's term starts this long before it is made at the most: a code that is late must not be short. */
const LATEST_START_MILLISECONDS = 7 * 86_400_000;

/** The UTC day from which the term of a sale runs; both times in milliseconds since 1970-01-01. */
export function startOfTerm(soldAt: number, now: number): Day {
  return dayOf(Math.max(soldAt, now - LATEST_START_MILLISECONDS));
}

/** What differs from one sale of a product to another. */
export interface SaleOptions {
  readonly features?: readonly string[] | undefined;
  /** The last day of a trial, without grace. */
  readonly trialEnd?: Day | undefined;
}

/**
 * The entitlement of one license of a product sold on a UTC day. Where the product turns units into seats, one
 * license carries those of all units, 65,535 at most.
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

/** The bits of some of the product's features; of those that it grants where none are named. */
export function featureBits(
  terms: Pick<Terms, 'features' | 'grants'>,
  names: readonly string[] = terms.grants,
): number {
  return names.reduce((bits, feature) => bits | (1 << terms.features.indexOf(feature)), 0);
}
