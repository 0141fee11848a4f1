/**
 * Computes check digits from characters instead of bytes. The CRC of a whole code is 0, and a CRC is linear (XOR):
 * each character at each place adds its own weight, so a nonzero remainder shows which single slips to try.
 */
import { CODE_LENGTH } from './armor.ts';
import { WRONG } from './letters.ts';
import { numberAt } from './number-at.ts';

const POLYNOMIAL = 0x1021;
const INITIAL = 0xffff;

/** The register change for each value of its five top bits. */
const TABLE = Uint16Array.from({ length: 32 }, (_, bits) => {
  let register = bits << 11;
  for (let i = 0; i < 5; i++) register = (register << 1) ^ (register & 0x8000 ? POLYNOMIAL : 0);
  return register;
});

/** Advances the CRC-16/CCITT-FALSE register by one character of 5 bits. */
function step(register: number, value: number): number {
  return ((register << 5) & 0xffff) ^ numberAt(TABLE, (register >> 11) ^ value);
}

/** The weight of each value at each place of a code. */
const WEIGHTS = new Uint16Array(32 * CODE_LENGTH);
for (let value = 0; value < 32; value++) {
  let weight = step(0, value);
  for (let place = CODE_LENGTH - 1; place >= 0; place--) {
    WEIGHTS[32 * place + value] = weight;
    weight = step(weight, 0);
  }
}

export function weightOf(place: number, value: number): number {
  return numberAt(WEIGHTS, 32 * place + value);
}

/** The result for each register bit after the length of a code. */
const OVER_A_CODE = Uint16Array.from({ length: 16 }, (_, bit) => {
  let register = 1 << bit;
  for (let i = 0; i < CODE_LENGTH; i++) register = step(register, 0);
  return register;
});

function overACode(register: number): number {
  let moved = 0;
  for (let bit = 0; bit < 16; bit++) if (register & (1 << bit)) moved ^= numberAt(OVER_A_CODE, bit);
  return moved;
}

/** The weight of the initial register. XORed with the weights of all characters of a code it gives 0. */
export const START = overACode(INITIAL);

/** Returns a test for 160 characters from a place: all in the alphabet, check digits correct. Uses prefix sums. */
export function fitsOf(values: Uint8Array, count: number): (from: number) => boolean {
  const registers = new Uint16Array(count + 1);
  const wrongs = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) {
    const value = numberAt(values, i);
    const wrong = value === WRONG;
    registers[i + 1] = step(numberAt(registers, i), wrong ? 0 : value);
    wrongs[i + 1] = numberAt(wrongs, i) + (wrong ? 1 : 0);
  }
  return (from) => {
    const to = from + CODE_LENGTH;
    if (to > count || wrongs[from] !== wrongs[to]) return false;
    return (numberAt(registers, to) ^ overACode(numberAt(registers, from) ^ INITIAL)) === 0;
  };
}
