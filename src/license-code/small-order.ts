/** Detects encodings of curve points that no honest key or signature contains. */
import { numberAt } from './number-at.ts';

/**
 * The y coordinates, little-endian hex, of the 8 torsion points of edwards25519 (order divides 8), plus p and p + 1 as
 * non-canonical y = 0 and y = 1. The sign bit is ignored, so that x = -0 matches too. The same list as libsodium's
 * ge25519_has_small_order.
 */
const SMALL_ORDER_Y: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** True if the first 32 bytes encode, canonically or not, a point whose order divides 8. */
export function hasSmallOrder(bytes: Uint8Array): boolean {
  let y = '';
  for (let i = 0; i < 31; i++) y += numberAt(bytes, i).toString(16).padStart(2, '0');
  y += (numberAt(bytes, 31) & 0x7f).toString(16).padStart(2, '0');
  return SMALL_ORDER_Y.has(y);
}

/** True if the y coordinate in the first 32 bytes is below p = 2^255 - 19 (RFC 8032, 5.1.3, step 1). */
export function isCanonical(bytes: Uint8Array): boolean {
  if ((numberAt(bytes, 31) & 0x7f) !== 0x7f) return true;
  for (let i = 30; i > 0; i--) if (bytes[i] !== 0xff) return true;
  return numberAt(bytes, 0) < 0xed;
}
