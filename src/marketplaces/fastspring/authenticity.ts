/** Authenticates FastSpring's calls: the hash of its license requests, the signature of its webhooks. */
import { createHash, createHmac } from 'node:crypto';
import { anyEqual } from '../any-equal.ts';
import type { Fields } from '../marketplace.ts';

export const HASH_FIELD = 'security_request_hash';

export type Encoding = 'utf8' | 'latin1';

/**
 * A license request carries the hex MD5 of all other values in the ordinal order of their names, followed by the
 * private key (FastSpring's wording in Labs64/NetLicensing-Gateway, FastSpring.java). The scheme is weak: nothing
 * separates the values and no value is unique. Issuing exactly once has to compensate.
 * `encodings`: of the hashed text. `latin1` only where no character is above U+00FF: it drops their high bytes.
 */
export function isLicenseRequest(
  fields: Fields,
  privateKeys: readonly string[],
  encodings: readonly Encoding[] = ['utf8'],
): boolean {
  const given = fields.get(HASH_FIELD)?.toLowerCase();
  if (given === undefined) return false;
  const others = [...fields].filter(([name]) => name !== HASH_FIELD).sort(byOrdinal);
  const values = others.map(([, value]) => value).join('');
  return anyEqual(
    privateKeys.flatMap((key) =>
      encodings.map((encoding) => createHash('md5').update(values, encoding).update(key).digest('hex')),
    ),
    given,
  );
}

/** Whether the value of `X-FS-Signature` is well-formed: the base64 of 32 bytes. */
export function isSignatureShaped(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(value.trim());
}

/** `X-FS-Signature` is the base64 of HMAC-SHA256 over the raw body (developer.fastspring.com, Message Security). */
export function isWebhook(
  body: Uint8Array,
  signature: string | undefined,
  secrets: readonly string[],
): boolean {
  if (signature === undefined) return false;
  return anyEqual(
    secrets.map((secret) => createHmac('sha256', secret).update(body).digest('base64')),
    signature.trim(),
  );
}

/** By UTF-16 unit, like .NET's StringComparer.Ordinal. Names are unique. */
function byOrdinal([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
