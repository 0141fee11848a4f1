/** Opens the public addresses, and no others, to programs in a browser (Fetch Standard, "CORS protocol"). */
import type { Next } from 'koa';
import type { Context } from './request.ts';

/** Every address below it is open to browsers. */
const PUBLIC = '/v1/';
const DOCUMENT = '/openapi.json';

/** Seconds that a browser may cache the preflight; browsers limit it to 2 to 24 hours. */
const MAX_AGE = '86400';

/**
 * Any origin, never with credentials: the answer depends on the request alone. The headers are set before anything can
 * fail, so that a program can read errors too. Not a library: its options must not be used here.
 */
export async function cors(context: Context, next: Next): Promise<void> {
  if (!isPublic(context.path)) return next();
  context.set('Access-Control-Allow-Origin', '*');
  context.set('Access-Control-Expose-Headers', 'ETag, Retry-After, X-Request-Id');
  if (context.method !== 'OPTIONS') return next();
  context.state.outcome = 'preflight';
  context.set('Access-Control-Allow-Methods', 'GET, HEAD, POST');
  // A browser may send If-None-Match from its cache; a program that sets it itself needs permission.
  context.set('Access-Control-Allow-Headers', 'Content-Type, If-None-Match');
  context.set('Access-Control-Max-Age', MAX_AGE);
  context.status = 204;
}

/** The router ignores case too. */
function isPublic(path: string): boolean {
  const asked = path.toLowerCase();
  return asked.startsWith(PUBLIC) || asked === DOCUMENT;
}
