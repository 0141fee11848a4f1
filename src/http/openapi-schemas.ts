/** What goes over the wire, by the names under which the OpenAPI document has it. */
import { z } from 'zod';
import { jwkSetAnswer, keyringAnswer } from './keyring.ts';
import { type ProblemCode, WHEN } from './openapi-problems.ts';
import { refreshAnswer, refreshRequest } from './refresh.ts';

const CODES = Object.keys(WHEN) as [ProblemCode, ...ProblemCode[]];

/** Open, as all answers are that may say more one day (RFC 9457, 3.2). */
const problem = z
  .looseObject({
    type: z.string().describe('urn:mintmark:problem: and the code'),
    title: z.string().describe('a sentence for people'),
    status: z.int().min(400).max(599),
    code: z.enum(CODES).describe('stable: programs may rely on it'),
    request: z.string().describe('the X-Request-Id; what the log line of this request carries too'),
    verdict: z.string().optional().describe('with not_a_valid_code: the verdict of a reader'),
    since: z.iso.date().optional().describe('with license_suspended: the UTC day on which it was recorded'),
  })
  .describe('RFC 9457, application/problem+json');

export const SCHEMAS = {
  Problem: problem,
  Keyring: keyringAnswer.describe('The public keys, as in keyring.json'),
  JwkSet: jwkSetAnswer.describe('RFC 7517 and RFC 8037'),
  RefreshRequest: refreshRequest.describe('A license code of any age, pasted as a person pastes'),
  Refreshed: refreshAnswer.describe('The newest code; changed says that it is not the one that was sent'),
  Live: z.looseObject({ status: z.literal('ok') }),
  Ready: z.looseObject({
    status: z.literal('ok'),
    ledger: z.literal('writable'),
    keys: z.array(z.enum(['live', 'test'])).describe('the modes in which a sale can come in'),
    products: z.int().nonnegative(),
  }),
  Fields: z
    .record(z.string(), z.string())
    .describe('The fields that the marketplace sends and has signed; no name twice'),
  Events: z.looseObject({ events: z.array(z.unknown()) }).describe('Events as the marketplace sends them'),
  Document: z
    .looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) })
    .describe('This document'),
  Text: z.string(),
} as const;

export type SchemaName = keyof typeof SCHEMAS;
