/** Errors on the wire: application/problem+json (RFC 9457), the status of each code in one place. */
import { AppError, type ErrorCode, type PublicMembers } from '../errors.ts';

/** `type` is a URN of the code; nothing of the inside is in it. */
export interface Problem extends PublicMembers {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Stable: programs may rely on it. */
  readonly code: ErrorCode;
  /** What the log line of this request carries too. */
  readonly request: string;
}

/** The status of each code. Never 200: whatever a fulfillment request gets with 200 is mailed as the license. */
export const STATUS: Record<ErrorCode, number> = {
  malformed_request: 400,
  bad_signature: 401,
  unknown_product: 404,
  unknown_path: 404,
  method_not_allowed: 405,
  order_conflict: 409,
  wrong_product: 400,
  body_too_large: 413,
  head_too_large: 431,
  request_timeout: 408,
  unsupported_media_type: 415,
  license_suspended: 403,
  unknown_license: 404,
  license_revoked: 410,
  not_a_valid_code: 422,
  too_many_requests: 429,
  overloaded: 503,
  event_failed: 503,
  ledger_unavailable: 503,
  ledger_damaged: 503,
  internal: 500,
  // Only commands and the start meet these.
  bad_configuration: 500,
  bad_usage: 500,
  not_found: 500,
  nothing_changed: 500,
  not_licensed: 500,
  not_fulfilled: 500,
};

/** Seconds after which a 503 is worth another try. Paddle's own interval is 15 minutes. */
export const RETRY_AFTER_SECONDS = 60;

/** What a stranger may read of an error; for what is not an AppError, nothing but that it happened. */
export function problemOf(error: unknown, request: string): Problem {
  const known =
    error instanceof AppError ? error : new AppError('internal', 'A fault on our side. It is in our log.');
  return {
    type: `urn:mintmark:problem:${known.code}`,
    title: known.message,
    status: known.status ?? STATUS[known.code],
    code: known.code,
    request,
    ...known.members,
  };
}
