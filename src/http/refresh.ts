/** POST /v1/licenses/refresh: a license code comes in, the newest code of its license goes out. The code is the proof. */
import { z } from 'zod';
import type { Ledger } from '../domain/ledger.ts';
import { type Proof, type Refreshed, refresh } from '../domain/refresh.ts';
import { AppError } from '../errors.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { explain, type Verdict } from '../license-code/verdict.ts';
import { checkMediaType } from './body.ts';
import { type Allowance, addressKey, BY_ADDRESS, BY_LICENSE, RateLimit } from './rate-limit.ts';
import { allow, type Context } from './request.ts';

export interface RefreshParts {
  readonly ledger: Pick<Ledger, 'find' | 'addFacts'>;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  /** A genuine code of any product here, or a reader's verdict on what is none. Never throws. */
  readonly readCode: (text: string) => Proof | Verdict;
  readonly refreshLimits?: { readonly byAddress: Allowance; readonly byLicense: Allowance };
}

/** Bytes. A code has 160, and a whole e-mail may be pasted; what looks like many codes costs most to search. */
const LARGEST_PASTE = 8 * 1024;

const TEXT = 'text/plain';
const JSON_TYPE = 'application/json';

export const refreshRequest = z.strictObject({ code: z.string() });

export const refreshAnswer = z.looseObject({
  changed: z.boolean(),
  code: z.string().length(160),
  product: z
    .string()
    .optional()
    .describe('where the code is of another product, which the subscription is for now'),
  ended: z
    .literal(true)
    .optional()
    .describe('where the subscription of the license is over: the code is good to its last day'),
});

/**
 * The steps in their order. The limit by address comes before any work; the one by license behind the signature, else
 * a stranger could use up what a customer may ask.
 */
export function refreshEndpoint({ ledger, readCode, refreshLimits, now }: RefreshParts) {
  const byAddress = new RateLimit(refreshLimits?.byAddress ?? BY_ADDRESS);
  const byLicense = new RateLimit(refreshLimits?.byLicense ?? BY_LICENSE);
  return async (context: Context): Promise<void> => {
    allow(context, 'POST');
    await byAddress.consume(addressKey(context), context);
    const proof = requireGenuine(readCode(await readPaste(context)));
    const license = formatLicenseId(proof.id);
    context.state.facts['license'] = license;
    await byLicense.consume(license, context);
    reply(context, await refresh(proof, ledger, now()));
  };
}

/** Inflating is refused before it is asked; an error of the parser holds what was sent, so none is passed on. */
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

/** Loaded with the first paste: koa-body brings a parser of uploads along, some 12 MB that no sale should wait for. */
async function parseBody(context: Context): Promise<void> {
  parser ??= import('koa-body').then(({ koaBody }) => koaBody(PARSER));
  await (await parser)(context, async () => {});
}

async function readPaste(context: Context): Promise<string> {
  checkMediaType(context.req, [TEXT, JSON_TYPE]);
  await parseBody(context);
  const { body } = context.request;
  // Without a body there is nothing for the parser to do.
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

function reply(context: Context, refreshed: Refreshed): void {
  context.state.outcome = refreshed.outcome;
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
    default: {
      context.set('Cache-Control', 'no-store');
      const { code, product, ended } = refreshed;
      context.body = {
        changed: refreshed.outcome === 'changed',
        code,
        ...(product !== undefined && { product }),
        ...(ended && { ended }),
      };
    }
  }
}
