/** Authenticates Stripe's webhooks (docs.stripe.com/webhooks/signatures). */
import { createHmac } from 'node:crypto';
import { anyEqual } from '../any-equal.ts';
import type { Secrets } from '../event-store.ts';
import type { Caller } from '../marketplace.ts';

export const SIGNATURE_HEADER = 'Stripe-Signature';

/** Seconds that a signature may be old, as in Stripe's own libraries. They do not limit times ahead; here they count too. */
const TOLERANCE_SECONDS = 300;

interface Signature {
  /** Seconds since 1970-01-01; new at each retry. */
  readonly at: string;
  /** Several while a secret is rotated. */
  readonly hashes: readonly string[];
}

/** `now` in milliseconds. Undefined: no secret signed the body, or the signature is too far from now. */
export function callerOf(
  body: Uint8Array,
  header: unknown,
  secrets: Secrets,
  now: number,
  tolerance = TOLERANCE_SECONDS,
): Caller | undefined {
  const signature = signatureIn(header);
  if (signature === undefined || Math.abs(now / 1000 - Number(signature.at)) > tolerance) return undefined;
  return secrets.find(([, own]) => own.some((secret) => isSigned(body, signature, secret)))?.[0];
}

/** Whether the header has the shape of a signature: without it, the body is not read. */
export function isSignatureShaped(header: unknown): boolean {
  return signatureIn(header) !== undefined;
}

/** The value of `v1`: HMAC-SHA256 over the time, a dot and the raw body, in hex. The key is the secret as text, `whsec_` included. */
export function hashOf(body: Uint8Array | string, at: string, secret: string): string {
  return createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
}

function isSigned(body: Uint8Array, { at, hashes }: Signature, secret: string): boolean {
  const wanted = hashOf(body, at, secret);
  return hashes.map((hash) => anyEqual([wanted], hash)).includes(true);
}

/** `t=1677834000,v1=0b14…,v0=135a…`; `v0` is a scheme of test mode, and other names are ignored too. */
function signatureIn(header: unknown): Signature | undefined {
  if (typeof header !== 'string') return undefined;
  const parts = header.split(',').map((part) => part.trim().split('=', 2));
  const valuesOf = (name: string) =>
    parts.flatMap(([key, value = '']) => (key === name && value !== '' ? [value] : []));
  const [at = ''] = valuesOf('t');
  const hashes = valuesOf('v1');
  return /^\d{1,12}$/.test(at) && hashes.length > 0 ? { at, hashes } : undefined;
}
