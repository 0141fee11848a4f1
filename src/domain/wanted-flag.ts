/** A flag that a story calls for, and the times after which something counts as late. */
import type { LedgerLicense } from './changes.ts';
import type { RaisedFlag } from './flag.ts';

/** A paid unit without a license, or a code that was not delivered, is late after an hour. */
export const DELIVERED_WITHIN_MILLISECONDS = 3_600_000;

/** The event that confirms an order or a charge is late a day after the request. */
export const CONFIRMED_WITHIN_MILLISECONDS = 86_400_000;

export interface WantedFlag extends Pick<RaisedFlag, 'key' | 'kind' | 'reason' | 'order' | 'product'> {
  /** Wanted from this time on, in milliseconds since 1970-01-01; absent: at once. */
  readonly from?: number;
  /** The license whose due date is set by `from`; absent: any license of the order. */
  readonly license?: LedgerLicense;
  readonly cause?: string;
}
