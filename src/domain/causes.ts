/** Causes of licenses that rules depend on. */

/** A fulfillment request issued the license. */
export const REQUEST = 'fulfillment request';

/** As REQUEST, but the request did not tell test from live: an event of a test order may void its license. */
export const UNMARKED_REQUEST = 'fulfillment request that did not tell test from live';

export function isRequest(cause: string): boolean {
  return cause === REQUEST || cause === UNMARKED_REQUEST;
}

/** Ends the cause of a license whose code the marketplace held, and so had mailed, when it came into the ledger. */
export const ADOPTED = ': adopted the code that the marketplace holds';

/** The code was mailed when the license came into the ledger. */
export function isMailedAtOnce(cause: string): boolean {
  return isRequest(cause) || cause.endsWith(ADOPTED);
}
