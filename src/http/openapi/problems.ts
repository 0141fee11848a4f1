/** The problems in the OpenAPI document: their schema, and when each of them is answered. */
import { z } from 'zod';
import { ERRORS, type ErrorCode, isProblemCode, type ProblemCode } from '../../errors.ts';

export const WHEN: Readonly<Record<ProblemCode, string>> = {
  malformed_request:
    'the request cannot be parsed as what this address takes, or has a parameter that is not known',
  wrong_product: 'a signed sale of another product of the marketplace',
  bad_signature: 'the signature is missing, or was made with a key that is not set here',
  license_suspended:
    'the license is suspended for now; for programs, `since` is the UTC day on which that was recorded',
  unknown_product: 'no product of that name is here',
  unknown_path: 'there is nothing at this address',
  unknown_license: 'the code is genuine, and there is no such license here',
  method_not_allowed: 'another method; the header Allow names those that are taken',
  request_timeout: 'the request did not end in time',
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
  ledger_damaged: 'the ledger holds data that the service did not write',
  downloads_unavailable: 'the folder or bucket of the releases cannot be read now',
  event_failed: 'no event of the delivery could be applied; it is to be sent again',
};

/** What every endpoint may answer. */
export const EVERYWHERE: readonly ProblemCode[] = [
  'malformed_request',
  'method_not_allowed',
  'request_timeout',
  'head_too_large',
  'internal',
];

const CODES = (Object.keys(ERRORS) as ErrorCode[]).filter(isProblemCode);

/** Open, as all answers are to which members may be added (RFC 9457, 3.2). */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('urn:mintmark:problem: and the code'),
    title: z.string().describe('a sentence for people'),
    status: z.int().min(400).max(599),
    code: z.enum(CODES).describe('stable: programs may rely on it'),
    request: z.string().describe('the X-Request-Id, which is in the log line of this request too'),
    verdict: z.string().optional().describe('with not_a_valid_code: the verdict of a reader'),
    since: z.iso.date().optional().describe('with license_suspended: the UTC day on which it was recorded'),
  })
  .describe('RFC 9457, application/problem+json');
