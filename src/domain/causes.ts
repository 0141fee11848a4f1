/** Why licenses are in the ledger, where other rules look at it. */

/** A request brought it about. */
export const REQUEST = 'fulfillment request';

/** The same, where the request did not say whether it is a test: a test event may void what it was answered with. */
export const UNMARKED_REQUEST = 'fulfillment request that did not tell test from live';

export function isRequest(cause: string): boolean {
  return cause === REQUEST || cause === UNMARKED_REQUEST;
}
