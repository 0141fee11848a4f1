/** Sessions: who is there, for how long, and whether it was proved just now. */
import type { ConsoleAccess, Session } from '../../domain/ports/console-access.ts';
import type { Context } from '../../http/edge/request.ts';
import { readCookie, writeCookie } from './cookie.ts';
import { digestOf, newSessionSecret } from './secret.ts';

const MINUTE = 60_000;
const UNUSED_MILLISECONDS = 12 * 60 * MINUTE;
const LONGEST_MILLISECONDS = 30 * 24 * 60 * MINUTE;
const PROVED_MILLISECONDS = 15 * MINUTE;
const TOUCH_MILLISECONDS = 5 * MINUTE;

/** The session of a request; undefined: none, or it ended. Notes its use at most every 5 minutes. */
export async function sessionOf(
  context: Context,
  { access, origin, now }: { readonly access: ConsoleAccess; readonly origin: string; readonly now: number },
): Promise<Session | undefined> {
  const secret = readCookie(context, origin);
  if (secret === undefined || secret === '') return undefined;
  const session = await access.findSession(digestOf(secret));
  if (session === undefined || !isOpen(session, now)) return undefined;
  if (now - session.usedAt > TOUCH_MILLISECONDS) await access.touchSession(session.digest, now);
  return session;
}

export function isOpen({ usedAt, openedAt }: Session, now: number): boolean {
  return now - usedAt <= UNUSED_MILLISECONDS && now - openedAt <= LONGEST_MILLISECONDS;
}

/** True if a passkey or a link was used within the last 15 minutes. Decisions of consequence require it. */
export function isProved({ provedAt }: Session, now: number): boolean {
  return now - provedAt <= PROVED_MILLISECONDS;
}

/** Makes a session with `open`, and gives its secret to the browser. Another session of this browser ends. */
export async function enter<T extends Session | undefined>(
  context: Context,
  { access, origin, now }: { readonly access: ConsoleAccess; readonly origin: string; readonly now: number },
  open: (session: Omit<Session, 'person' | 'passkey'>) => Promise<T>,
): Promise<T> {
  const secret = newSessionSecret();
  const before = await sessionOf(context, { access, origin, now });
  const session = await open({ digest: digestOf(secret), openedAt: now, usedAt: now, provedAt: now });
  if (session === undefined) return session;
  writeCookie(context, origin, secret);
  if (before !== undefined) {
    const what = 'got in again: the session before ended';
    await access.endSessions({ digest: before.digest }, { at: now, person: before.person, what });
  }
  return session;
}
