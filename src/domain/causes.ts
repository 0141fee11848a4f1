/** Why licenses are in the ledger, where other rules look at it. */

/** Why a license is in the ledger, for its history. */
export const REQUEST = 'fulfillment request';

/** The same, where the request did not say whether it is a test: a test event may void what it was answered with. */
export const UNMARKED_REQUEST = 'fulfillment request that did not tell test from live';
