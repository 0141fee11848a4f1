/** Signatures that no honest signer makes: RFC 8032, 5.1.6, with a chosen R. */
import { createHash } from 'node:crypto';

/** The order of the base point, and the prime of the field (RFC 8032, 5.1). */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const P = 2n ** 255n - 19n;

export interface Signer {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** The signature of a message with this R and S = r + hash × key. The default r = 0 suits an R of small order. */
export function signWithR(message: Uint8Array, R: Uint8Array, signer: Signer, r = 0n): Uint8Array {
  const s = (r + hash(R, signer.publicKey, message) * expand(signer.seed).scalar) % L;
  return Uint8Array.from([...R, ...littleEndian(s)]);
}

/**
 * The honest R plus a point of order 2, with its S; (x, y) + (0, -1) is (-x, -y). The signature satisfies the equation
 * with cofactor, but not the equation without cofactor, which this format requires.
 */
export function signWithTwistedR(message: Uint8Array, signer: Signer, honest: Uint8Array): Uint8Array {
  const r = hash(expand(signer.seed).prefix, message) % L;
  const written = fromLittleEndian(honest.subarray(0, 32));
  const sign = written >> 255n;
  const y = written & (2n ** 255n - 1n);
  return signWithR(message, littleEndian((P - y) | ((1n - sign) << 255n)), signer, r);
}

/** The signature with another S. */
export function withS(signature: Uint8Array, change: (s: bigint) => bigint): Uint8Array {
  const s = fromLittleEndian(signature.subarray(32));
  return Uint8Array.from([...signature.subarray(0, 32), ...littleEndian(change(s))]);
}

function expand(seed: Uint8Array): { readonly scalar: bigint; readonly prefix: Uint8Array } {
  const digest = createHash('sha512').update(seed).digest();
  const low = fromLittleEndian(digest.subarray(0, 32));
  return { scalar: (low & (2n ** 254n - 8n)) | (1n << 254n), prefix: digest.subarray(32) };
}

function hash(...parts: readonly Uint8Array[]): bigint {
  const sha = createHash('sha512');
  for (const part of parts) sha.update(part);
  return fromLittleEndian(sha.digest());
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function littleEndian(number: bigint): Uint8Array {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();
}
