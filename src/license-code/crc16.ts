/** Check digits distinguish a typo from a forgery. They provide no security. */
import { numberAt } from './number-at.ts';

const POLYNOMIAL = 0x1021;
const INITIAL = 0xffff;

/** The register for each byte in its top half, after eight shifts. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let register = byte << 8;
  for (let bit = 0; bit < 8; bit++) register = (register << 1) ^ (register & 0x8000 ? POLYNOMIAL : 0);
  return register;
});

/**
 * CRC-16/CCITT-FALSE of the first `length` bytes (default: all), 0 to 0xFFFF.
 * Not reflected, no final XOR: "123456789" gives 0x29B1. Source: license-code-v1, "The record".
 */
export function crc16(bytes: Uint8Array, length: number = bytes.length): number {
  let register = INITIAL;
  for (let i = 0; i < length; i++) {
    const index = (register >> 8) ^ numberAt(bytes, i);
    register = ((register << 8) & 0xffff) ^ numberAt(TABLE, index);
  }
  return register;
}
