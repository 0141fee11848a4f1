/** Causes of licenses and facts that rules depend on. */

/** A fulfillment request issued the license. */
export const REQUEST = 'fulfillment request';

/** As REQUEST, but the request did not tell test from live: an event of a test order may void its license. */
export const UNMARKED_REQUEST = 'fulfillment request that did not tell test from live';

/** A fulfillment request that was answered with an error. */
export const REFUSED_REQUEST = 'refused fulfillment request';

/** Begins the cause of what a request of FastSpring states; its order follows. */
export const LICENSE_REQUEST = 'license request';

export const MAIL_REFUSED = 'a mail was refused';

const WITHOUT_EVENT = [REQUEST, REFUSED_REQUEST, LICENSE_REQUEST, MAIL_REFUSED];

/** The event id in the cause of a fact: `return.created abc` names event abc. null: no event told the fact. */
export function eventIn(cause: string): string | null {
  return WITHOUT_EVENT.some((own) => cause.startsWith(own)) ? null : (cause.split(' ')[1] ?? null);
}

export function isRequest(cause: string): boolean {
  return cause === REQUEST || cause === UNMARKED_REQUEST;
}

/** Ends the cause of a license whose code the marketplace held, and so had mailed, when it came into the ledger. */
export const ADOPTED = ': adopted the code that the marketplace holds';

/** The code was mailed when the license came into the ledger. */
export function isMailedAtOnce(cause: string): boolean {
  return isRequest(cause) || cause.endsWith(ADOPTED);
}
