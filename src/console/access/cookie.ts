/** The cookie of a session. Only at a local address, which has no TLS, it is not Secure. */
import type { Context } from '../../http/edge/request.ts';

const LIFETIME_SECONDS = 30 * 86_400;

function nameAt(origin: string): string {
  return origin.startsWith('https:') ? '__Host-mintmark' : 'mintmark-local';
}

export function readCookie(context: Context, origin: string): string | undefined {
  const wanted = `${nameAt(origin)}=`;
  const pairs = (context.get('Cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(wanted))?.slice(wanted.length);
}

/** An empty value removes the cookie. */
export function writeCookie(context: Context, origin: string, value: string): void {
  const name = nameAt(origin);
  const secure = origin.startsWith('https:') ? '; Secure' : '';
  const age = value === '' ? 0 : LIFETIME_SECONDS;
  context.append('Set-Cookie', `${name}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`);
}
