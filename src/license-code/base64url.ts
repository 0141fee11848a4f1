/** Base64url without padding (RFC 4648, 5; required by RFC 7515), fast enough for a list of 100,000 licenses. */
import { numberAt } from './number-at.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NOT_IN_ALPHABET = 0xff;

/** Maps each value of 12 bits to its two letters. */
const PAIRS: readonly string[] = Array.from(
  { length: 4096 },
  (_, bits) => ALPHABET.charAt(bits >> 6) + ALPHABET.charAt(bits & 63),
);
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = ALPHABET.indexOf(String.fromCharCode(code));
  return value < 0 ? NOT_IN_ALPHABET : value;
});

export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  const whole = bytes.length - (bytes.length % 3);
  for (let i = 0; i < whole; i += 3) {
    const bits = (numberAt(bytes, i) << 16) | (numberAt(bytes, i + 1) << 8) | numberAt(bytes, i + 2);
    text += `${PAIRS[bits >> 12]}${PAIRS[bits & 4095]}`;
  }
  if (whole === bytes.length) return text;
  const bits = (numberAt(bytes, whole) << 16) | (numberAt(bytes, whole + 1) << 8);
  const last = `${PAIRS[bits >> 12]}${PAIRS[bits & 4095]}`;
  return text + last.slice(0, bytes.length - whole + 1);
}

/** Decodes the canonical output of toBase64Url. Returns null for any other text, so each value has one text. */
export function fromBase64Url(text: string): Uint8Array | null {
  const rest = text.length % 4;
  if (rest === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let at = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? NOT_IN_ALPHABET;
    if (value === NOT_IN_ALPHABET) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    const place = i % 4;
    if (place !== 0) bytes[at++] = bits >> (6 - 2 * place);
  }
  const unused = rest === 0 ? 0 : bits & (rest === 2 ? 0b1111 : 0b11);
  return unused === 0 ? bytes : null;
}
