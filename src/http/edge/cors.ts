/** Lets programs in a browser use the public addresses, and no others (Fetch Standard, "CORS protocol"). */
import type { Next } from 'koa';
import type { Context } from './request.ts';

/** Whatever is added below it is open to browsers without further ado. */
const PUBLIC = '/v1/';
const DOCUMENT = '/openapi.json';

/** Seconds that a browser may keep a preflight's answer; browsers cap it at 2 to 24 hours. */
const MAX_AGE = '86400';

/**
 * Any origin, never with credentials: what is answered is the same for everybody who sends the same. The headers are
 * set before anything can fail, so that a program can read errors too. Thirty lines of our own: a library has the many
 * options that must not be used here.
 */
export async function cors(context: Context, next: Next): Promise<void> {
  if (!isPublic(context.path)) return next();
  context.set('Access-Control-Allow-Origin', '*');
  context.set('Access-Control-Expose-Headers', 'ETag, Retry-After, X-Request-Id');
  if (context.method !== 'OPTIONS') return next();
  context.state.outcome = 'preflight';
  context.set('Access-Control-Allow-Methods', 'GET, HEAD, POST');
  // A browser itself sends If-None-Match from its cache; a program that sends it needs leave.
  context.set('Access-Control-Allow-Headers', 'Content-Type, If-None-Match');
  context.set('Access-Control-Max-Age', MAX_AGE);
  context.status = 204;
}

/** As the router finds it: in either case. */
function isPublic(path: string): boolean {
  const asked = path.toLowerCase();
  return asked.startsWith(PUBLIC) || asked === DOCUMENT;
}
