/** When each problem comes, in the words of the OpenAPI document. */
import type { ErrorCode } from '../errors.ts';

/** What only commands and the start meet is never answered. */
export type ProblemCode = Exclude<
  ErrorCode,
  'bad_configuration' | 'bad_usage' | 'not_found' | 'nothing_changed' | 'not_licensed' | 'not_fulfilled'
>;

export const WHEN: Readonly<Record<ProblemCode, string>> = {
  malformed_request:
    'the request cannot be read as what this address takes, or has a parameter that is not known',
  wrong_product: 'a signed sale of another product of the marketplace',
  bad_signature: 'the signature is missing, or was made by no key that is set',
  license_suspended:
    'the license is suspended for now; for programs, `since` is the UTC day on which that was recorded',
  unknown_product: 'no product of that name is here',
  unknown_path: 'there is nothing at this address',
  unknown_license: 'the code is genuine, and there is no such license here',
  method_not_allowed: 'another method; the header Allow names those that are taken',
  request_timeout: 'the request did not come to its end in time',
  order_conflict:
    'the order was delivered with another quantity, more units are asked for than are known to be paid for, or ' +
    'the order reference has an unusual shape and others like it wait for a person; nothing was delivered',
  license_revoked: 'the license was withdrawn: refunded, charged back, ended, or replaced by another',
  body_too_large: 'the body is too large',
  unsupported_media_type: 'another content type, another charset than UTF-8, or any Content-Encoding',
  not_a_valid_code: 'no license code that was made here; `verdict` says what is wrong with it',
  too_many_requests: 'too many requests for this license or from this address; Retry-After has the seconds',
  head_too_large: 'the head of the request is too large',
  overloaded: 'too much is being sent to the service at once; Retry-After has the seconds',
  internal: 'a fault of the service, which is in its log',
  ledger_unavailable:
    'the ledger cannot be used now, or the service is stopping; Retry-After has the seconds',
  ledger_damaged: 'the ledger holds what the service did not write',
  event_failed: 'no event of the delivery could be applied; it is to be sent again',
};

/** What every address may answer. */
export const EVERYWHERE: readonly ProblemCode[] = [
  'malformed_request',
  'method_not_allowed',
  'request_timeout',
  'head_too_large',
  'internal',
];
