/**
 * Converts 100 bytes to 160 characters and back, 5 bits at a time. The text equals the text of base-x
 * (license-code-v1, "The record") at a twentieth of its cost; a property test compares the two.
 */
import { numberAt } from './number-at.ts';

/** Crockford's base32: no I, L, O, U. */
export const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Bytes of a whole code: record, signature, check digits. */
export const CODE_BYTES = 100;

/** Characters of a license code. */
export const CODE_LENGTH = 160;

const NOT_IN_ALPHABET = 0xff;

/** Maps each value of 10 bits to its two characters. */
const PAIRS: readonly string[] = Array.from(
  { length: 1024 },
  (_, bits) => ALPHABET.charAt(bits >> 5) + ALPHABET.charAt(bits & 31),
);

/** Maps each ASCII character to its value. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = ALPHABET.indexOf(String.fromCharCode(code));
  return value < 0 ? NOT_IN_ALPHABET : value;
});

/** Encodes 100 bytes as 160 characters. Throws a RangeError for another number of bytes. */
export function armor(bytes: Uint8Array): string {
  if (bytes.length !== CODE_BYTES) throw new RangeError(`a license code has ${CODE_BYTES} bytes`);
  let text = '';
  for (let i = 0; i < CODE_BYTES; i += 5) {
    const middle = numberAt(bytes, i + 2);
    const high = (numberAt(bytes, i) << 12) | (numberAt(bytes, i + 1) << 4) | (middle >> 4);
    const low = ((middle & 15) << 16) | (numberAt(bytes, i + 3) << 8) | numberAt(bytes, i + 4);
    text += `${PAIRS[high >> 10]}${PAIRS[high & 1023]}${PAIRS[low >> 10]}${PAIRS[low & 1023]}`;
  }
  return text;
}

/**
 * Decodes 160 upper-case characters of the alphabet to 100 bytes. Throws a RangeError for any other text, so
 * normalize a pasted text first.
 */
export function unarmor(text: string): Uint8Array {
  if (text.length !== CODE_LENGTH) throw new RangeError(`a license code has ${CODE_LENGTH} characters`);
  const bytes = new Uint8Array(CODE_BYTES);
  for (let i = 0, at = 0; i < CODE_BYTES; i += 5, at += 8) {
    const high = twentyBits(text, at);
    const low = twentyBits(text, at + 4);
    bytes[i] = high >> 12;
    bytes[i + 1] = high >> 4;
    bytes[i + 2] = (high << 4) | (low >> 16);
    bytes[i + 3] = low >> 8;
    bytes[i + 4] = low;
  }
  return bytes;
}

function twentyBits(text: string, at: number): number {
  let bits = 0;
  for (let i = at; i < at + 4; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? NOT_IN_ALPHABET;
    if (value === NOT_IN_ALPHABET) throw new RangeError(`character ${i + 1} is outside the alphabet`);
    bits = (bits << 5) | value;
  }
  return bits;
}
