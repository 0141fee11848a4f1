/** Every small edit of a license code, and every bit flip of its bytes. */
import { ALPHABET, armor, CODE_BYTES, CODE_LENGTH, unarmor } from '../../../src/license-code/armor.ts';
import { crc16 } from '../../../src/license-code/crc16.ts';
import { OFFSET, writeTwo } from '../../../src/license-code/record.ts';

export interface Edit {
  /** What was done, and where: never the code itself. */
  readonly what: string;
  readonly text: string;
}

/** The one letter that is in no code and reads as nothing else. */
const STRANGE = 'U';

/** One letter made another, left out or put in, two swapped: at every place, and nothing that leaves the code as it was. */
export function* editsOf(code: string): Generator<Edit> {
  for (let at = 0; at <= CODE_LENGTH; at++) {
    const [before, after] = [code.slice(0, at), code.slice(at)];
    // At an end it stands beside a whole code, which is then found in a text: not every script puts spaces there.
    const inserted = at === 0 || at === CODE_LENGTH ? ALPHABET : ALPHABET + STRANGE;
    for (const letter of inserted) yield { what: `${letter} put in at ${at}`, text: before + letter + after };
    if (at === CODE_LENGTH) continue;
    const rest = after.slice(1);
    yield { what: `letter ${at} left out`, text: before + rest };
    for (const letter of ALPHABET) {
      if (letter !== code[at]) yield { what: `letter ${at} made ${letter}`, text: before + letter + rest };
    }
  }
  yield* swapsOf(code);
}

/** Any two letters that differ, neighbours and others. */
function* swapsOf(code: string): Generator<Edit> {
  for (let a = 0; a < CODE_LENGTH; a++) {
    for (let b = a + 1; b < CODE_LENGTH; b++) {
      const [first, second] = [code.charAt(a), code.charAt(b)];
      if (first === second) continue;
      const text = code.slice(0, a) + second + code.slice(a + 1, b) + first + code.slice(b + 1);
      yield { what: `letters ${a} and ${b} swapped`, text };
    }
  }
}

/** Each bit of the 100 bytes flipped, as it is. */
export function* bitFlipsOf(code: string): Generator<Edit> {
  for (let bit = 0; bit < 8 * CODE_BYTES; bit++) {
    yield { what: `bit ${bit} flipped`, text: armor(flipped(code, bit)) };
  }
}

/** Each bit before the check digits flipped, and these made to fit; every `step`th from `first` on. */
export function* fittingFlipsOf(code: string, first = 0, step = 1): Generator<Edit> {
  for (let bit = first; bit < 8 * OFFSET.check; bit += step) {
    yield { what: `bit ${bit} flipped, check digits made to fit`, text: withCheckDigits(flipped(code, bit)) };
  }
}

export function withCheckDigits(bytes: Uint8Array): string {
  writeTwo(bytes, OFFSET.check, crc16(bytes, OFFSET.check));
  return armor(bytes);
}

function flipped(code: string, bit: number): Uint8Array {
  const bytes = unarmor(code);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
  return bytes;
}
