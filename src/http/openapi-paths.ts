/** Each address in the words of the OpenAPI document. A test holds that these are the addresses that there are. */
import type { z } from 'zod';
import type { EventMarketplace, FulfillmentMarketplace } from '../marketplaces/marketplace.ts';
import { keyringQuery } from './keyring.ts';
import type { ProblemCode } from './openapi-problems.ts';
import type { SchemaName } from './openapi-schemas.ts';

export interface Answer {
  readonly description: string;
  /** By media type. */
  readonly content?: Readonly<Record<string, SchemaName>>;
  readonly headers?: readonly HeaderName[];
}

export interface Operation {
  readonly tag: 'for programs' | 'for marketplaces' | 'for operators';
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject | 'Fields';
  /** Request headers that must be there. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, SchemaName>>;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Beside those that every address may answer. */
  readonly problems: readonly ProblemCode[];
  /** Where this address answers a problem with another status than the usual one. */
  readonly statuses?: Partial<Record<ProblemCode, number>>;
}

export interface Path {
  readonly get?: Operation;
  readonly post?: Operation;
}

export const HEADERS = {
  ETag: 'Strong; send it as If-None-Match to learn whether anything changed',
  'Cache-Control': 'How long the answer may be kept',
} as const;

type HeaderName = keyof typeof HEADERS;

const CACHED = ['ETag', 'Cache-Control'] as const;
const UNCHANGED: Answer = { description: 'What If-None-Match names is still the newest', headers: CACHED };

const keyring = (summary: string, type: string, schema: SchemaName): Path => ({
  get: {
    tag: 'for programs',
    summary,
    description:
      'Both modes, or with ?mode=live what a build for customers embeds. Keys as of the last start.',
    query: keyringQuery,
    answers: {
      200: {
        description: 'All keys, also those that are next or retired',
        content: { [type]: schema },
        headers: CACHED,
      },
      304: UNCHANGED,
    },
    problems: [],
  },
});

const SIGNED = ['bad_signature', 'ledger_unavailable', 'ledger_damaged'] as const;

/** What has 200 is mailed as the license, and a marketplace knows no 403 or 410. */
const NOTHING_TO_DELIVER = { license_revoked: 409, license_suspended: 409 } as const;

export const fulfillmentPath = ({
  title,
  replyText,
}: Pick<FulfillmentMarketplace, 'title' | 'replyText'>): Path => {
  const operation: Operation = {
    tag: 'for marketplaces',
    summary: `${title} sold something and wants the license`,
    description: 'The same request again gets the same bytes. 200 means that it is durable.',
    answers: { 200: { description: replyText, content: { 'text/plain; charset=utf-8': 'Text' } } },
    problems: [
      ...SIGNED,
      ...(['unknown_product', 'wrong_product', 'order_conflict'] as const),
      ...(['license_revoked', 'license_suspended'] as const),
    ],
    statuses: NOTHING_TO_DELIVER,
  };
  return {
    get: { ...operation, query: 'Fields' },
    post: {
      ...operation,
      body: { 'application/x-www-form-urlencoded': 'Fields' },
      problems: [...operation.problems, 'body_too_large', 'unsupported_media_type', 'overloaded'],
    },
  };
};

export const webhookPath = ({
  title,
  mediaType,
  signedHead,
  partial,
}: Pick<EventMarketplace, 'title' | 'mediaType' | 'signedHead' | 'partial'>): Path => ({
  post: {
    tag: 'for marketplaces',
    summary: `${title} tells what happened after a sale`,
    description: 'Each event is kept once and applied; what was applied before changes nothing.',
    body: { [mediaType]: mediaType === 'application/json' ? 'Events' : 'Fields' },
    ...(signedHead && {
      headers: Object.fromEntries(
        Object.entries(signedHead.shape).map(([name, schema]) => [name, schema.meta()?.description ?? name]),
      ),
    }),
    answers: {
      200: { description: 'All is done', content: { 'text/plain; charset=utf-8': 'Text' } },
      ...(partial && { 202: IN_PART }),
    },
    problems: [...SIGNED, 'body_too_large', 'unsupported_media_type', 'overloaded', 'event_failed'],
  },
});

const IN_PART: Answer = {
  description: 'The ids of the events that are done, one a line; the others are to be sent again',
  content: { 'text/plain; charset=utf-8': 'Text' },
};

const NO_PROBLEMS = { tag: 'for operators', problems: [] } as const;

/** By path, as the router has it; a marketplace's are described by fulfillmentPath and webhookPath. */
export const PATHS: Readonly<Record<string, Path>> = {
  '/v1/keyring': keyring('The public keys, as keyring.json', 'application/json', 'Keyring'),
  '/v1/keyring.jwks': keyring('The public keys, as a JWK Set', 'application/jwk-set+json', 'JwkSet'),
  '/v1/revocations/:product': {
    get: {
      tag: 'for programs',
      summary: 'The signed list of withdrawn licenses',
      description: 'A compact JWS (RFC 7515), typ mintmark-revocations+jwt.',
      answers: {
        200: { description: 'The list', content: { 'application/jwt': 'Text' }, headers: CACHED },
        304: UNCHANGED,
      },
      problems: ['unknown_product', 'ledger_unavailable', 'ledger_damaged'],
    },
  },
  '/v1/licenses/refresh': {
    post: {
      tag: 'for programs',
      summary: 'The newest code of a license, for an older one',
      description:
        'The code is the proof: it may have expired, and no account is needed. A whole e-mail with one code in it will do. ' +
        'An ended license gets its last code; one that its subscription has left for another product, the code of that product.',
      body: { 'text/plain': 'Text', 'application/json': 'RefreshRequest' },
      answers: {
        200: { description: 'The newest code', content: { 'application/json; charset=utf-8': 'Refreshed' } },
      },
      problems: [
        ...([
          'license_suspended',
          'unknown_license',
          'license_revoked',
          'not_a_valid_code',
          'too_many_requests',
        ] as const),
        ...(['body_too_large', 'unsupported_media_type', 'ledger_unavailable', 'ledger_damaged'] as const),
      ],
    },
  },
  '/health/live': {
    get: {
      ...NO_PROBLEMS,
      summary: 'The process turns',
      answers: { 200: { description: 'It does', content: { 'application/json; charset=utf-8': 'Live' } } },
    },
  },
  '/health/ready': {
    get: {
      ...NO_PROBLEMS,
      summary: 'A sale that comes now will be delivered',
      answers: { 200: { description: 'It will', content: { 'application/json; charset=utf-8': 'Ready' } } },
      problems: ['ledger_unavailable', 'ledger_damaged'],
    },
  },
  '/metrics': {
    get: {
      ...NO_PROBLEMS,
      summary: "What is counted, in Prometheus' text format",
      answers: {
        200: { description: 'Metrics', content: { 'text/plain; version=0.0.4; charset=utf-8': 'Text' } },
      },
    },
  },
  '/openapi.json': {
    get: {
      ...NO_PROBLEMS,
      summary: 'This document',
      answers: {
        200: { description: 'OpenAPI 3.1', content: { 'application/json': 'Document' }, headers: CACHED },
        304: UNCHANGED,
      },
    },
  },
  '/docs': {
    get: {
      ...NO_PROBLEMS,
      summary: 'This document as a page',
      answers: {
        200: { description: 'HTML', content: { 'text/html; charset=utf-8': 'Text' }, headers: CACHED },
        304: UNCHANGED,
      },
    },
  },
};
