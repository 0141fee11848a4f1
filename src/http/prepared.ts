/** Answers that are the same for everybody, prepared once and served from a cache wherever one is. */
import { createHash } from 'node:crypto';
import { allow, type Context } from './request.ts';

export interface Prepared {
  readonly body: Buffer;
  readonly type: string;
  /** Strong (RFC 9110, 8.8.3): the same bytes, and no others, have it. */
  readonly etag: string;
  readonly cacheControl: string;
}

/** `maxAge` in seconds. */
export function prepare(text: string, type: string, maxAge: number): Prepared {
  const body = Buffer.from(text);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { body, type, etag, cacheControl: `public, max-age=${maxAge}` };
}

/** 200 with the body, or 304 where the caller has it already. Throws AppError `method_not_allowed`. */
export function sendPrepared(context: Context, { body, type, etag, cacheControl }: Prepared): void {
  allow(context, 'GET', 'HEAD');
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
