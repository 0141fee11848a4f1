/**
 * Authenticates Paddle Classic's calls. `p_signature` is RSA PKCS#1 v1.5 with SHA-1 over PHP's serialize() of all
 * other fields, sorted by name (classic.paddle.com, Verifying Webhooks). The same for fulfillment and alerts.
 */
import { hash, type KeyObject, verify } from 'node:crypto';
import type { Caller, Fields } from '../marketplace.ts';

export const SIGNATURE_FIELD = 'p_signature';

export type PaddleKeys = readonly (readonly [Caller, KeyObject])[];

/** The most calls whose signature is not checked again, by a digest each: about a megabyte. */
const MOST_REMEMBERED = 10_000;

/** The first key that verifies the signature; undefined also for a missing or undecodable signature. */
export function authenticate(fields: Fields, keys: PaddleKeys): Caller | undefined {
  return verified(readSigned(fields), keys);
}

/**
 * The same for one set of keys, and a call that was verified not long ago is not verified again. A marketplace that got
 * no reply in time sends the same bytes again, and RSA would be the largest part of what that costs.
 */
export function rememberingAuthenticator(
  keys: PaddleKeys,
  most = MOST_REMEMBERED,
): (fields: Fields) => Caller | undefined {
  // In two halves, of which the older one is forgotten as a whole: a Map is slow to find its oldest key after many deletions.
  let [recent, former] = [new Map<string, Caller>(), new Map<string, Caller>()];
  return (fields) => {
    const call = readSigned(fields);
    if (call === undefined) return undefined;
    const digest = digestOf(call);
    const known = recent.get(digest) ?? former.get(digest);
    if (known !== undefined) return known;
    const caller = verified(call, keys);
    if (caller === undefined) return undefined;
    if (recent.size >= most / 2) [recent, former] = [new Map(), recent];
    recent.set(digest, caller);
    return caller;
  };
}

interface Signed {
  readonly signed: Buffer;
  readonly signature: Buffer;
}

function readSigned(fields: Fields): Signed | undefined {
  const signature = decodeBase64(fields.get(SIGNATURE_FIELD) ?? '');
  return signature && { signed: signedBytes(fields), signature };
}

function verified(call: Signed | undefined, keys: PaddleKeys): Caller | undefined {
  if (call === undefined) return undefined;
  const { signed, signature } = call;
  return keys.find(([, key]) => verify('RSA-SHA1', signed, key, signature))?.[0];
}

/** Where the signed bytes end is said in themselves, so that none of them can count for the signature. */
function digestOf({ signed, signature }: Signed): string {
  return hash('sha256', Buffer.concat([signed, signature]), 'base64');
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
