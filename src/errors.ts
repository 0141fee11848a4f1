/** The errors of the whole program: one closed table of codes, each with its HTTP status and exit status. */

/** Where a code applies. A code without `http` is never sent; the answer has `internal` instead. */
interface Applies {
  /** The HTTP status, 400 to 599: a marketplace mails the body of a 200 as the license. */
  readonly http?: number;
  /** The HTTP status of a page of the console: no answer of the API. */
  readonly page?: number;
  /** The exit status of a command, and of a service that does not start. */
  readonly exit?: number;
}

export const ERRORS = {
  // The caller sent something wrong.
  malformed_request: { http: 400, exit: 1 }, // parse error: fields, encoding or values
  wrong_product: { http: 400, exit: 1 }, // a signed sale of another product of the marketplace
  bad_signature: { http: 401 }, // missing, not decodable, or made with a key that is not configured
  license_suspended: { http: 403 },
  cross_site: { page: 403 }, // a form of the console that another site sent
  refused_passkey: { page: 403 }, // an answer of a passkey that does not verify
  not_signed_in: { page: 403 }, // the console without a session, or a grave act without a recent proof
  unknown_path: { http: 404 },
  unknown_page: { page: 404 }, // the console has nothing at this address
  unknown_product: { http: 404 },
  unknown_license: { http: 404 }, // the code is genuine, and the ledger has no such license
  method_not_allowed: { http: 405 },
  request_timeout: { http: 408 }, // the request did not end in time
  order_conflict: { http: 409, exit: 1 }, // the order is known with another quantity: nothing was changed
  stale_form: { page: 409 }, // what a form of the console was about changed meanwhile
  license_revoked: { http: 410, exit: 1 },
  body_too_large: { http: 413 },
  unsupported_media_type: { http: 415 }, // another content type, or any Content-Encoding
  unfit_form: { page: 422 }, // a field of a form of the console is missing or wrong
  not_a_valid_code: { http: 422 }, // the license code was not minted here
  slow_read: { page: 503 }, // a page of the console read for too long: sales go on
  too_many_requests: { http: 429 },
  head_too_large: { http: 431 },
  // The seller's setup or a command's arguments are wrong.
  bad_configuration: { exit: 1 }, // settings, keys or product files: the service does not start until they are corrected
  bad_usage: { exit: 1 }, // a command's arguments
  not_found: { exit: 1 }, // a command found nothing
  nothing_changed: { exit: 1 }, // a decision left everything as it was
  not_licensed: { exit: 1 }, // a code was read, and it is not valid
  not_fulfilled: { exit: 1 }, // a simulated sale got no license
  not_sent: { exit: 1 }, // a ping or a test mail was not taken
  // Mintmark or its machine has the fault.
  overloaded: { http: 503 }, // the bodies being read together exceed the limit: retry
  event_failed: { http: 503 }, // an event could not be applied now; it is kept
  ledger_unavailable: { http: 503, exit: 1 }, // the ledger cannot be read or written now: retry
  ledger_damaged: { http: 503, exit: 1 }, // the ledger has content that Mintmark did not write
  downloads_unavailable: { http: 503, exit: 1 }, // the folder or bucket of releases cannot be read now: retry
  internal: { http: 500, exit: 1 }, // a bug in Mintmark
} as const satisfies Readonly<Record<string, Applies>>;

export type ErrorCode = keyof typeof ERRORS;

/** The codes that an answer can have. */
export type ProblemCode = {
  [Code in ErrorCode]: (typeof ERRORS)[Code] extends { readonly http: number } ? Code : never;
}[ErrorCode];

/** The HTTP status of an error in a page of the console. */
export function pageStatusOf(error: unknown): number {
  if (!(error instanceof AppError)) return 500;
  const applies: Applies = ERRORS[error.code];
  return applies.page ?? applies.http ?? 500;
}

export function isProblemCode(code: ErrorCode): code is ProblemCode {
  return 'http' in ERRORS[code];
}

/** The exit status of a process that ends with this error. */
export function exitStatusOf(error: unknown): number {
  const applies: Applies = error instanceof AppError ? ERRORS[error.code] : ERRORS.internal;
  return applies.exit ?? ERRORS.internal.exit;
}

/** Members of a problem beside the message (RFC 9457, 3.2). Anyone may read them. */
export interface PublicMembers {
  /** The verdict of a reader. */
  readonly verdict?: string;
  /** UTC day. */
  readonly since?: string;
}

/**
 * Anyone may read `message` and `members`; `detail` and the cause go to the log and the operator's terminal.
 * None of them holds a secret, a license code or personal data.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly members: PublicMembers | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { detail?: string; cause?: unknown; members?: PublicMembers } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.members = options.members;
  }
}
