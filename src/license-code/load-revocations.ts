/** Reads a revocation list that was fetched or stored. A bad list never replaces a good one. */
import { fromBase64Url } from './base64url.ts';
import { type PublicKeyEntry, parseKeyring, publicKeyBytes } from './keyring.ts';
import { parseLicenseId } from './license-id.ts';
import { productTag } from './product.ts';
import {
  areSortedDigests,
  compareDigests,
  DIGEST_BYTES,
  isCount,
  REVOCATIONS_ISSUER,
  REVOCATIONS_TYPE,
  type RevocationList,
  revocationDigest,
} from './revocation-list.ts';
import { SIGNATURE_BYTES, verifyStrict } from './signature.ts';
import { asciiBytes, fromUtf8 } from './utf8.ts';

/** Why a text was not taken as the revocation list. */
export type RevocationsRefusal =
  /** Nothing to read: not a string, or an empty one. */
  | 'missing'
  /** Not a revocation list, or only a part of one: an HTML page, a truncated file. */
  | 'malformed'
  /** A signed text of another type or algorithm. */
  | 'wrong-type'
  /** Signed by a key that is not in the keyring: the program may be older than the key. */
  | 'unknown-key'
  /** The signature is wrong. */
  | 'forged'
  /** Genuine, but for another product. */
  | 'wrong-product'
  /** Genuine, but older than the current list. */
  | 'older'
  /** Genuine and signed by a test key, while the current list is signed by a live key. */
  | 'test-list';

/** What `createReader` takes as `revocations`. */
export interface Revocations {
  /** Whether a license was revoked. A list that is signed by a test key revokes test licenses only. */
  revoked(licenseId: string, test?: boolean): boolean;
  /** Whether a license is suspended, for example by an open chargeback. Its code still reads `valid` until its last valid day. */
  suspended(licenseId: string, test?: boolean): boolean;
  /** The product id that the list is for. */
  readonly product: string;
  /** The number of the list, which rises with each change; -1 for no list. */
  readonly seq: number;
  /** When the list was signed, in seconds since 1970; null for no list. */
  readonly issuedAt: number | null;
  /** When the next list is due, in seconds since 1970; null for no list. An overdue list still counts. */
  readonly nextDue: number | null;
  /** Whether a test key signed it. */
  readonly test: boolean;
  /** The text to store, and to load at the next start; null for no list. */
  readonly jws: string | null;
  /** Why the last text was refused; null if it was accepted. */
  readonly refused: RevocationsRefusal | null;
}

interface SignedList extends RevocationList {
  readonly test: boolean;
}

/** Limit in UTF-16 units: twenty times the size of a list of 100,000 licenses. */
const LONGEST_LIST = 2 ** 25;

/**
 * Returns the list in `jws` if it is genuine, for this product and not older than `held`. Otherwise returns `held` (or an empty
 * list) with the reason in `refused`. No text makes it throw or lets a bad list revoke a license. Throws only for a keyring or
 * product that `createReader` refuses too.
 */
export function loadRevocations(
  jws: unknown,
  keyring: readonly PublicKeyEntry[],
  product: string,
  held?: Revocations | null,
): Revocations {
  productTag(product);
  const keys = parseKeyring(keyring);
  const kept = held?.product === product ? held : emptyList(product);
  if (typeof jws !== 'string' || jws.trim() === '') return { ...kept, refused: 'missing' };
  const text = jws.trim();
  const list = openList(text, keys, product);
  if (typeof list === 'string') return { ...kept, refused: list };
  if (kept.jws !== null && !kept.test && list.test) return { ...kept, refused: 'test-list' };
  if (kept.test === list.test && list.seq < kept.seq) return { ...kept, refused: 'older' };
  return toRevocations(list, text);
}

function openList(
  text: string,
  keys: readonly PublicKeyEntry[],
  product: string,
): SignedList | RevocationsRefusal {
  const [first = '', second = '', third = '', ...more] = text.length > LONGEST_LIST ? [] : text.split('.');
  const signature = fromBase64Url(third);
  const header = readJson(first);
  if (header === null || signature?.length !== SIGNATURE_BYTES || more.length > 0) return 'malformed';
  // RFC 7515, 4.1.11: an unknown critical extension must be refused, and this reader knows none.
  const { alg, typ, kid, crit } = header;
  if (alg !== 'EdDSA' || typ !== REVOCATIONS_TYPE || crit !== undefined) return 'wrong-type';
  const key = keys.find((entry) => String(entry.id) === kid);
  if (key === undefined) return typeof kid === 'string' ? 'unknown-key' : 'malformed';
  if (!verifyStrict(asciiBytes(`${first}.${second}`), signature, publicKeyBytes(key))) return 'forged';
  return readPayload(readJson(second), product, key.mode === 'test');
}

function readPayload(
  payload: Partial<Record<string, unknown>> | null,
  product: string,
  test: boolean,
): SignedList | RevocationsRefusal {
  if (payload === null) return 'malformed';
  const { iss, aud, seq, iat, nxt } = payload;
  const [revoked, suspended] = [readDigests(payload['revoked']), readDigests(payload['suspended'])];
  if (iss !== REVOCATIONS_ISSUER || !isCount(seq) || !isCount(iat) || !isCount(nxt)) return 'malformed';
  if (revoked === null || suspended === null) return 'malformed';
  if (aud !== product) return 'wrong-product';
  return { product, seq, iat, nxt, revoked, suspended, test };
}

function toRevocations(list: SignedList, jws: string): Revocations {
  const { product, seq, iat, nxt, revoked, suspended, test } = list;
  const isIn = (digests: Uint8Array, licenseId: string, ofTest: boolean) =>
    (ofTest || !test) && holds(digests, licenseId);
  return {
    revoked: (licenseId, ofTest = false) => isIn(revoked, licenseId, ofTest),
    suspended: (licenseId, ofTest = false) => isIn(suspended, licenseId, ofTest),
    product,
    seq,
    issuedAt: iat,
    nextDue: nxt,
    test,
    jws,
    refused: null,
  };
}

function emptyList(product: string): Revocations {
  const nobody = () => false;
  const none = { seq: -1, issuedAt: null, nextDue: null, test: false, jws: null };
  return { revoked: nobody, suspended: nobody, product, ...none, refused: null };
}

/** Binary search: 17 comparisons in 100,000 licenses. Returns false for an invalid license id. */
function holds(digests: Uint8Array, licenseId: string): boolean {
  const wanted = digestOf(licenseId);
  if (wanted === null) return false;
  let from = 0;
  let to = digests.length / DIGEST_BYTES;
  while (from < to) {
    const middle = (from + to) >> 1;
    const order = compareDigests(digests, middle * DIGEST_BYTES, wanted, 0);
    if (order === 0) return true;
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  return false;
}

function digestOf(licenseId: unknown): Uint8Array | null {
  try {
    return typeof licenseId === 'string' ? revocationDigest(parseLicenseId(licenseId)) : null;
  } catch {
    return null;
  }
}

function readDigests(value: unknown): Uint8Array | null {
  const digests = typeof value === 'string' ? fromBase64Url(value) : null;
  return digests !== null && areSortedDigests(digests) ? digests : null;
}

/** Parses the JSON object of a JWS part. The last of two equal names counts (RFC 7515, 4, allows this). */
function readJson(part: string): Partial<Record<string, unknown>> | null {
  const bytes = fromBase64Url(part);
  if (bytes === null) return null;
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
