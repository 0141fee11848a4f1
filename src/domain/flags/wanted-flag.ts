/** Flags that the loaded data calls for, and the times after which a delivery or an event is late. */
import type { LedgerLicense } from '../changes.ts';
import type { RaisedFlag } from '../values/flag.ts';

/** A paid unit without a license, or an undelivered code, is late after an hour. */
export const DELIVERED_WITHIN_MILLISECONDS = 3_600_000;

/** The event that confirms an order or a charge is late one day after the request. */
export const CONFIRMED_WITHIN_MILLISECONDS = 86_400_000;

/** The keys of flags that settle by themselves, whatever their kind. */
export const DOUBT = 'doubt:';

/** The keys of flags that notes ask for. */
const NOTED = 'noted:';

/** The key of the flag that a note asks for, by the note's key. */
export function notedFlagKey(key: string): string {
  return `${NOTED}${key}`;
}

export function isNoted(flagKey: string): boolean {
  return flagKey.startsWith(NOTED);
}

export interface WantedFlag extends Pick<RaisedFlag, 'key' | 'kind' | 'reason' | 'order' | 'product'> {
  /** Raised from this time on, milliseconds since 1970-01-01; absent: at once. */
  readonly from?: number;
  /** The time of what it is about, milliseconds since 1970-01-01: raised again where a person settled it before. */
  readonly newsAt?: number;
  /** The license whose due date `from` sets; absent: any license of the order. */
  readonly license?: LedgerLicense;
  readonly cause?: string;
}
