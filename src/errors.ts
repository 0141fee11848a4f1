/**
 * The errors of the whole program: one closed set of codes, so that each has a meaning, an HTTP status
 * (http/problem.ts) and an exit status (cli) and a new one without them does not compile.
 */

export type ErrorCode =
  // What a caller sent.
  | 'malformed_request' // not to be read as what the endpoint takes: fields, encoding, values
  | 'head_too_large'
  | 'request_timeout' // the request did not come to its end in time
  | 'unsupported_media_type' // another content type, or any Content-Encoding
  | 'body_too_large'
  | 'bad_signature' // missing, not decodable, or made by no key that is configured
  | 'unknown_product'
  | 'unknown_path'
  | 'method_not_allowed'
  | 'order_conflict' // the order is known with another quantity: nothing was changed
  | 'event_failed' // an event could not be applied now; it is kept
  | 'wrong_product' // a signed sale of another product of the marketplace
  | 'not_a_valid_code' // what was sent as a license code is none that was minted here
  | 'unknown_license' // a genuine code, and the ledger has no such license
  | 'license_suspended'
  | 'license_revoked'
  | 'too_many_requests'
  | 'overloaded' // the bodies that are being read are too large together: try again
  // What the seller set up.
  | 'bad_configuration' // settings, keys or product files: nothing starts until it is mended
  | 'bad_usage' // a command's words
  | 'not_found' // a command found nothing by what it was given
  | 'nothing_changed' // a decision left everything as it was
  | 'not_licensed' // a code was read, and it is not valid
  | 'not_fulfilled' // a simulated sale got no license
  // What went wrong here.
  | 'ledger_unavailable' // the ledger cannot be read or written now: try again
  | 'ledger_damaged' // the ledger holds what Mintmark did not write
  | 'internal'; // a fault of Mintmark's own

/** What a program may be told beside the message, as members of the problem (RFC 9457, 3.2): for anyone to read. */
export interface PublicMembers {
  /** The verdict of a reader. */
  readonly verdict?: string;
  /** UTC day. */
  readonly since?: string;
}

/**
 * An error with two faces: `message` and `members` may be shown to anyone, `detail` (and the cause) is for the log and the
 * terminal of the person who runs the service. Neither ever holds a secret, a license code or personal data.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly members: PublicMembers | undefined;
  /** Where an endpoint's status for the code is another than the usual one (http/problem.ts). */
  readonly status: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { detail?: string; cause?: unknown; members?: PublicMembers; status?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.members = options.members;
    this.status = options.status;
  }
}
