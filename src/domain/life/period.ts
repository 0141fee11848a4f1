/** A period of a license, and what pays for it (periods.ts). */
import type { Day } from '../values/day.ts';

export interface LicensePeriod {
  /** The charge that paid for the period; '': none is named. */
  readonly charge: string;
  readonly start: Day;
  /** The day of the next charge; null: not stated, the first code's own day holds. */
  until: Day | null;
  /** The date that the payment stated; a later date moves `until` only. */
  paidUntil: Day | null;
  /** The day on which a date without a payment moved `until`. */
  movedOn?: Day | undefined;
  /** The end is assumed from the product's term until a date is stated. */
  assumed: boolean;
  /**
   * The payment came nearly a term late: the day on which the next charge is due then, if the assumed term is not what it paid
   * for.
   */
  due?: Day | undefined;
  /** The period stands for a charge that a request announced. */
  readonly asked: boolean;
  /** A trial, or a charge of zero. */
  free: boolean;
  /** Further charges paid for the same period, and when: milliseconds since 1970-01-01. */
  readonly again: { readonly charge: string; readonly at: number }[];
}

/** A paid charge as stated. */
export interface Payment {
  readonly charge: string;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  readonly until: Day | null;
  readonly free: boolean;
  readonly beginsPeriod: boolean;
  /** The charge issued the license: it pays for the current period, and no earlier charge does. */
  readonly isOwn?: boolean;
  /** A change that costs nothing: the charges of its period, each of which keeps what the change issued. */
  readonly payers?: readonly string[];
  /** The charge pays for a change of product: beside the other charges of the period, so that each of them keeps it. */
  readonly isBeside?: boolean;
  /** The charge is of another product: it is not the charge of a request for this one. */
  readonly isForOthers?: boolean;
  /** `until` does not shorten: a later day that is known stays. */
  readonly atLeast?: boolean;
  /** Charged when a person asks: without a date it pays a term from its own day, also within a known period. */
  readonly byHand?: boolean;
  /** Paid for the period after the present one: without a date it pays a term from that one's end. */
  readonly isAhead?: boolean;
}

export interface PeriodsLeft {
  readonly last: LicensePeriod | undefined;
  /** null: not stated, the first code's own day holds. */
  readonly end: Day | null;
  /** A later period was returned. */
  readonly cut: boolean;
  readonly hasReturned: boolean;
  /** The last remaining period that was paid with money. */
  readonly paid: LicensePeriod | undefined;
}
