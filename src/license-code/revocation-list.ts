/** Builds the published revocation list, a compact JWS (license-code-v1, "Revocation list"). */
import nacl from 'tweetnacl';
import { toBase64Url } from './base64url.ts';
import { LICENSE_ID_BYTES } from './license-id.ts';
import { SIGNATURE_BYTES } from './signature.ts';
import { asciiBytes, toUtf8 } from './utf8.ts';

/** Bytes of a list per license. */
export const DIGEST_BYTES = 8;

export const REVOCATIONS_TYPE = 'mintmark-revocations+jwt';
export const REVOCATIONS_ISSUER = 'mintmark';

export interface RevocationList {
  /** The product id: a list is for one product. */
  readonly product: string;
  /** Rises by 1 with each change. A reader refuses a list with a lower number than its current list. */
  readonly seq: number;
  /** When the list was made, and when the next list is due at the latest: whole seconds since 1970. */
  readonly iat: number;
  readonly nxt: number;
  /** The digests of the licenses, sorted by bytes and concatenated. */
  readonly revoked: Uint8Array;
  readonly suspended: Uint8Array;
}

/** Returns a license's digest: the first 8 bytes of SHA-512 of its id. Throws a RangeError unless the id has 16 bytes. */
export function revocationDigest(licenseId: Uint8Array): Uint8Array {
  if (licenseId.length !== LICENSE_ID_BYTES) {
    throw new RangeError(`a license id has ${LICENSE_ID_BYTES} bytes`);
  }
  return nacl.hash(licenseId).slice(0, DIGEST_BYTES);
}

/**
 * Signs the list; the same content gives the same text. `sign` returns the 64 bytes of the signature by the key `keyId`.
 * Throws a RangeError for incomplete or unsorted digests, fractional numbers, and a signature of another length.
 */
export function encodeRevocationList(
  list: RevocationList,
  keyId: number,
  sign: (message: Uint8Array) => Uint8Array,
): string {
  const { product, seq, iat, nxt, revoked, suspended } = list;
  for (const number of [seq, iat, nxt, keyId]) {
    if (!isCount(number)) throw new RangeError('seq, iat, nxt and the key id are whole numbers from 0');
  }
  if (!areSortedDigests(revoked) || !areSortedDigests(suspended)) {
    throw new RangeError('the digests must be sorted and of 8 bytes each');
  }
  const header = { alg: 'EdDSA', kid: String(keyId), typ: REVOCATIONS_TYPE };
  const payload = {
    iss: REVOCATIONS_ISSUER,
    aud: product,
    seq,
    iat,
    nxt,
    revoked: toBase64Url(revoked),
    suspended: toBase64Url(suspended),
  };
  const signed = `${encodeJson(header)}.${encodeJson(payload)}`;
  const signature = sign(asciiBytes(signed));
  if (signature.length !== SIGNATURE_BYTES) throw new RangeError(`a signature has ${SIGNATURE_BYTES} bytes`);
  return `${signed}.${toBase64Url(signature)}`;
}

/** True for complete digests in the order of their bytes, as the binary search of a reader requires. */
export function areSortedDigests(bytes: Uint8Array): boolean {
  if (bytes.length % DIGEST_BYTES !== 0) return false;
  for (let i = DIGEST_BYTES; i < bytes.length; i += DIGEST_BYTES) {
    if (compareDigests(bytes, i - DIGEST_BYTES, bytes, i) > 0) return false;
  }
  return true;
}

/** Compares the 8 bytes of a and b at the given places: negative, 0 or positive. */
export function compareDigests(a: Uint8Array, atA: number, b: Uint8Array, atB: number): number {
  for (let i = 0; i < DIGEST_BYTES; i++) {
    const difference = (a[atA + i] ?? 0) - (b[atB + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** True for a whole number from 0 on that JSON represents exactly. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function encodeJson(value: object): string {
  return toBase64Url(toUtf8(JSON.stringify(value)));
}
