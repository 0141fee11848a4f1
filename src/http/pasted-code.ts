/** A license code in the body of a request, as a person pastes it: what the endpoints share that take one. */
import { z } from 'zod';
import type { Proof, Refreshed } from '../domain/requests/refresh.ts';
import { AppError } from '../errors.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { explain, type Verdict } from '../license-code/verdict.ts';
import { checkMediaType } from './edge/body.ts';
import type { Operation } from './edge/endpoint.ts';
import { addressKey, BY_ADDRESS, BY_LICENSE, RateLimit } from './edge/rate-limit.ts';
import type { Context } from './edge/request.ts';
import { text } from './edge/schemas.ts';
import type { RunningService } from './running-service.ts';

/** Bytes. A code has 160, and a whole e-mail may be pasted; a text that looks like many codes costs most to search. */
const LARGEST_PASTE = 8 * 1024;

const TEXT = 'text/plain';
const JSON_TYPE = 'application/json';

const refreshRequest = z
  .strictObject({ code: z.string() })
  .meta({ id: 'RefreshRequest', description: 'A license code of any age, pasted as a person pastes' });

/** How such an endpoint describes itself. */
export const PASTED_CODE = {
  body: { [TEXT]: text, [JSON_TYPE]: refreshRequest },
  problems: [
    'license_suspended',
    'unknown_license',
    'license_revoked',
    'body_too_large',
    'unsupported_media_type',
    'not_a_valid_code',
    'too_many_requests',
    'ledger_unavailable',
    'ledger_damaged',
  ],
} as const satisfies Pick<Operation, 'body' | 'problems'>;

/** A Content-Encoding is refused before this. The parser's error quotes the body, so it is not passed on as a cause. */
const PARSER = {
  json: true,
  jsonTypes: [JSON_TYPE],
  jsonLimit: LARGEST_PASTE,
  text: true,
  textTypes: [TEXT],
  textLimit: LARGEST_PASTE,
  urlencoded: false,
  multipart: false,
  onError: (error: Error) => {
    const type = 'type' in error ? error.type : undefined;
    if (type === 'entity.too.large') {
      throw new AppError('body_too_large', `The body is larger than ${LARGEST_PASTE} bytes.`);
    }
    throw new AppError('malformed_request', 'The body broke off, or is not JSON.');
  },
};

let parser: Promise<(context: Context, next: () => Promise<void>) => Promise<void>> | undefined;

/** Loaded with the first request: koa-body loads a parser of uploads, some 12 MB for which no sale should wait. */
async function parseBody(context: Context): Promise<void> {
  parser ??= import('koa-body').then(({ koaBody }) => koaBody(PARSER));
  await (await parser)(context, async () => {});
}

export type ProofSources = Pick<RunningService, 'readCode' | 'refreshLimits' | 'sharedCounts'>;

/**
 * Reads the proof of a request. The limit by address comes before any work. The limit by license comes after the signature
 * check: a stranger must not use up what a customer may ask. `name`: of the limits, where processes count together.
 */
export function proofReader(
  name: string,
  { readCode, refreshLimits, sharedCounts }: ProofSources,
): (context: Context) => Promise<Proof> {
  const byAddress = new RateLimit(refreshLimits?.byAddress ?? BY_ADDRESS, `${name} by address`, sharedCounts);
  const byLicense = new RateLimit(refreshLimits?.byLicense ?? BY_LICENSE, `${name} by license`, sharedCounts);
  return async (context) => {
    await byAddress.consume(addressKey(context), context);
    const proof = requireGenuine(readCode(await readPaste(context)));
    const license = formatLicenseId(proof.id);
    context.state.facts['license'] = license;
    await byLicense.consume(license, context);
    return proof;
  };
}

async function readPaste(context: Context): Promise<string> {
  checkMediaType(context.req, [TEXT, JSON_TYPE]);
  await parseBody(context);
  const { body } = context.request;
  // The parser leaves the body undefined where none was sent.
  if (body === undefined) return '';
  if (typeof body === 'string') return body;
  const parsed = refreshRequest.safeParse(body);
  if (parsed.success) return parsed.data.code;
  throw new AppError('malformed_request', 'Send {"code": "…"}, or the code alone as text/plain.');
}

function requireGenuine(read: Proof | Verdict): Proof {
  if (!('verdict' in read)) return read;
  const { verdict } = read;
  throw new AppError('not_a_valid_code', explain(read), { detail: verdict, members: { verdict } });
}

export type Good = Extract<Refreshed, { readonly code: string }>;

/** The license has a code to give. */
export function requireGood(refreshed: Refreshed): Good {
  switch (refreshed.outcome) {
    case 'unknown':
      throw new AppError('unknown_license', 'There is no such license here.');
    case 'revoked':
      throw new AppError('license_revoked', 'This license was withdrawn (refunded, for example).');
    case 'suspended': {
      const { since } = refreshed;
      throw new AppError('license_suspended', `This license is suspended since ${since}.`, {
        members: { since },
      });
    }
    default:
      return refreshed;
  }
}
