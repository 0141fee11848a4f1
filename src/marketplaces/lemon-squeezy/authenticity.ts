/** Authenticates Lemon Squeezy's webhooks (docs.lemonsqueezy.com, Signing requests). */
import { createHmac } from 'node:crypto';
import { anyEqual } from '../any-equal.ts';
import type { Secrets } from '../event-store.ts';
import type { Caller } from '../marketplace.ts';

export const SIGNATURE_HEADER = 'X-Signature';

/** Undefined: no secret signed the body. There is no time in the signature: a repeat is known by what it says. */
export function callerOf(body: Uint8Array, header: unknown, secrets: Secrets): Caller | undefined {
  if (!isSignatureShaped(header)) return undefined;
  const given = header.toLowerCase();
  return secrets.find(([, own]) =>
    anyEqual(
      own.map((secret) => signatureOf(body, secret)),
      given,
    ),
  )?.[0];
}

/** Whether the header has the shape of a signature: without it, the body is not read. */
export function isSignatureShaped(header: unknown): header is string {
  return typeof header === 'string' && /^[\da-f]{64}$/i.test(header);
}

/** HMAC-SHA256 over the raw body, in hex. The key is the secret as text. */
export function signatureOf(body: Uint8Array | string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}
