/**
 * Authenticates Paddle Classic's calls. `p_signature` is RSA PKCS#1 v1.5 with SHA-1 over PHP's serialize() of all
 * other fields, sorted by name (classic.paddle.com, Verifying Webhooks). The same for fulfillment and alerts.
 */
import { type KeyObject, verify } from 'node:crypto';
import type { Caller, Fields } from '../marketplace.ts';

export const SIGNATURE_FIELD = 'p_signature';

export type PaddleKeys = readonly (readonly [Caller, KeyObject])[];

/** The first key that verifies the signature; undefined also for a missing or undecodable signature. */
export function authenticate(fields: Fields, keys: PaddleKeys): Caller | undefined {
  const signature = decodeBase64(fields.get(SIGNATURE_FIELD) ?? '');
  if (signature === undefined) return undefined;
  const signed = signedBytes(fields);
  return keys.find(([, key]) => verify('RSA-SHA1', signed, key, signature))?.[0];
}

/** The bytes that Paddle signs: `a:2:{s:1:"a";s:1:"1";s:1:"b";s:0:"";}`, lengths in bytes, nothing escaped. */
export function signedBytes(fields: Fields): Buffer {
  const names = [...fields.keys()].filter((name) => name !== SIGNATURE_FIELD);
  names.sort(names.every(isOrdinary) ? undefined : byPhpKey);
  let text = `a:${names.length}:{`;
  for (const name of names) {
    text += isPhpInteger(name) ? `i:${name};` : phpString(name);
    text += phpString(fields.get(name) ?? '');
  }
  return Buffer.from(`${text}}`);
}

function phpString(text: string): string {
  return `s:${Buffer.byteLength(text)}:"${text}";`;
}

/** For usual names, the plain order is PHP's order. */
function isOrdinary(name: string): boolean {
  return /^[A-Za-z_][\w.[\]-]*$/.test(name);
}

/** PHP turns such array keys into integers, up to 64 bits (php.net, Arrays: key casts). */
function isPhpInteger(name: string): boolean {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(name)) return false;
  return BigInt.asIntN(64, BigInt(name)) === BigInt(name);
}

/** ksort(): integers by value, all others by byte (php-src, php_array_key_compare_unstable_i). */
function byPhpKey(a: string, b: string): number {
  if (isPhpInteger(a) && isPhpInteger(b)) return BigInt(a) < BigInt(b) ? -1 : 1;
  if (isAscii(a) && isAscii(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** UTF-16 order is byte order for ASCII, but not for all of Unicode. */
function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Buffer skips characters that are not base64, so the text is encoded again and compared.
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : undefined;
}
