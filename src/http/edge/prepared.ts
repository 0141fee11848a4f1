/** Answers that are the same for every caller, made in advance; caches may keep them. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Operation } from './endpoint.ts';
import type { Context } from './request.ts';

export interface Prepared {
  readonly body: Buffer;
  readonly type: string;
  /** Strong (RFC 9110, 8.8.3): equal if and only if the bytes are equal. */
  readonly etag: string;
  readonly cacheControl: string;
}

/** `maxAge` in seconds. */
export function prepare(text: string, type: string, maxAge: number): Prepared {
  const body = Buffer.from(text);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { body, type, etag, cacheControl: `public, max-age=${maxAge}` };
}

/** 200 with the body, or 304 if the caller has it already. */
export function sendPrepared(context: Context, { body, type, etag, cacheControl }: Prepared): void {
  context.status = 200;
  context.set('ETag', etag);
  context.set('Cache-Control', cacheControl);
  if (context.fresh) {
    context.status = 304;
    return;
  }
  context.body = body;
  context.set('Content-Type', type);
}

const HEADERS = ['ETag', 'Cache-Control'] as const;

/** How an endpoint that sends a prepared answer describes it. */
export function preparedAnswers(description: string, type: string, schema: z.ZodType): Operation['answers'] {
  return {
    200: { description, content: { [type]: schema }, headers: HEADERS },
    304: { description: 'What If-None-Match names is still the newest', headers: HEADERS },
  };
}
