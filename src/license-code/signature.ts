/** Strict Ed25519 verification: tweetnacl plus the checks that tweetnacl omits. */
import nacl from 'tweetnacl';
import { hasSmallOrder, isCanonical } from './small-order.ts';

export const SIGNATURE_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;

/** The order of the base point, L = 2^252 + 27742317777372353535851937790883648493, little-endian (RFC 8032, 5.1). */
const L = Uint8Array.of(
  ...[0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14],
  ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10],
);

/**
 * Accepts only signatures that libsodium also accepts: S < L against malleability (RFC 8032, 5.1.7 and 8.4); key and R
 * not of small order, canonical or not; canonical key; equation without cofactor, R compared as bytes. Never throws:
 * returns false unless signature and key have 64 and 32 bytes.
 */
export function verifyStrict(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (!isBytes(message) || !isBytes(signature) || signature.length !== SIGNATURE_BYTES) return false;
  if (!isUsablePublicKey(publicKey) || !isBelowL(signature) || hasSmallOrder(signature)) return false;
  return nacl.sign.detached.verify(message, signature, publicKey);
}

/** False for 32 bytes that cannot be an honest public key. True does not mean that they encode a point of the curve. */
export function isUsablePublicKey(bytes: Uint8Array): boolean {
  return isBytes(bytes) && bytes.length === PUBLIC_KEY_BYTES && isCanonical(bytes) && !hasSmallOrder(bytes);
}

/** True if S, bytes 32 to 63 of the signature, is below L. No secret data: constant time is not needed. */
function isBelowL(signature: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = (signature[32 + i] ?? 0) - (L[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}
