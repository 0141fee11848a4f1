/** The fingerprint of a public key, short enough to compare over the phone. */
import { createHash } from 'node:crypto';
import baseX from 'base-x';
import { ALPHABET } from '../license-code/armor.ts';

const base32 = baseX(ALPHABET);

/** 80 bits: nobody can make a second key with the same fingerprint. */
const BYTES = 10;
const DIGITS = 16;

/**
 * The first 80 bits of SHA-256 over the 32 bytes of the public key (64 hex digits in the keyring), as 16 digits of
 * Crockford's base 32 in groups of four: `7ZQW-01KM-9T3C-XH5E`.
 */
export function fingerprintOf(publicKey: string): string {
  const digest = createHash('sha256').update(Buffer.from(publicKey, 'hex')).digest();
  // base-x writes a number, so leading zeros can be missing.
  const digits = base32.encode(digest.subarray(0, BYTES)).padStart(DIGITS, '0');
  return digits.match(/.{4}/g)?.join('-') ?? digits;
}
