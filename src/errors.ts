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
  // What the seller set up.
  | 'bad_configuration' // settings, keys or product files: nothing starts until it is mended
  | 'bad_usage' // a command's words
  | 'not_found' // a command found nothing by what it was given
  | 'not_licensed' // a code was read, and it is not valid
  | 'not_fulfilled' // a simulated sale got no license
  // What went wrong here.
  | 'ledger_unavailable' // the ledger cannot be read or written now: try again
  | 'ledger_damaged' // the ledger holds what Mintmark did not write
  | 'internal'; // a fault of Mintmark's own

/**
 * An error with two faces: `message` may be shown to anyone, `detail` (and the cause) is for the log and the
 * terminal of the person who runs the service. Neither ever holds a secret, a license code or personal data.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, message: string, options: { detail?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
  }
}
