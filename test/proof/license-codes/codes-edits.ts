/** Every small edit of a license code, and every bit flip of its bytes. */
import { ALPHABET, armor, CODE_BYTES, CODE_LENGTH, unarmor } from '../../../src/license-code/armor.ts';
import { crc16 } from '../../../src/license-code/crc16.ts';
import { OFFSET, writeTwo } from '../../../src/license-code/record.ts';
import { pick, type Tools } from '../proof.ts';

export interface Edit {
  /** Kind and position of the edit: never the code itself. */
  readonly what: string;
  readonly text: string;
  /** More than one slip, or a forgery: it must not even read as the original code. */
  readonly refused?: true;
}

/** The only letter that no code has and that reads as no other letter. */
const STRANGE = 'U';

/** One letter changed, inserted or removed, two swapped: at every position, except edits without effect. */
export function* editsOf(code: string): Generator<Edit> {
  for (let at = 0; at <= CODE_LENGTH; at++) {
    const [before, after] = [code.slice(0, at), code.slice(at)];
    // At an end, the letter is next to a whole code, which is found in a text: not every script separates by spaces.
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

/** Any two different letters, adjacent or not. */
function* swapsOf(code: string): Generator<Edit> {
  for (let a = 0; a < CODE_LENGTH; a++) {
    for (let b = a + 1; b < CODE_LENGTH; b++) {
      const [first, second] = [code.charAt(a), code.charAt(b)];
      if (first === second) continue;
      const text = code.slice(0, a) + second + code.slice(a + 1, b) + first + code.slice(b + 1);
      const what = `letters ${a} and ${b} swapped`;
      yield b === a + 1 ? { what, text } : { what, text, refused: true };
    }
  }
}

/** Each bit of the 100 bytes flipped, without further changes. */
export function* bitFlipsOf(code: string): Generator<Edit> {
  for (let bit = 0; bit < 8 * CODE_BYTES; bit++) {
    yield { what: `bit ${bit} flipped`, text: armor(flipped(code, bit)) };
  }
}

/** Each bit before the check digits flipped, with matching check digits; every `step`th from `first` on. */
export function* fittingFlipsOf(code: string, first = 0, step = 1): Generator<Edit> {
  for (let bit = first; bit < 8 * OFFSET.check; bit += step) {
    const what = `bit ${bit} flipped, check digits made to fit`;
    yield { what, text: withCheckDigits(flipped(code, bit)), refused: true };
  }
}

/** So many pairs of different single slips at distant positions, which no single slip could make. */
export function* doubleSlipsOf(code: string, amount: number, tools: Pick<Tools, 'random'>): Generator<Edit> {
  for (let i = 0; i < amount; i++) {
    // Distant, and without equal letters in between: otherwise two slips could equal one.
    const first = pick(CODE_LENGTH - 40, tools);
    const second = first + 20 + pick(CODE_LENGTH - first - 20, tools);
    const [a, b] = [slipAt(code, first, tools), slipAt(code, second, tools)];
    const text =
      code.slice(0, first) + a.put + code.slice(first + a.cut, second) + b.put + code.slice(second + b.cut);
    yield { what: `double slip ${i}, at ${first} and ${second}`, text, refused: true };
  }
}

/** Inserted instead of so many letters: never the same letters. */
function slipAt(code: string, at: number, tools: Pick<Tools, 'random'>): { cut: number; put: string } {
  const letter = code.charAt(at);
  const next = code.charAt(at + 1);
  const another = ALPHABET.charAt(
    (ALPHABET.indexOf(letter) + 1 + pick(ALPHABET.length - 1, tools)) % ALPHABET.length,
  );
  const kind = pick(4, tools);
  if (kind === 0) return { cut: 1, put: '' };
  if (kind === 1) return { cut: 0, put: another };
  return kind === 2 && next !== '' && next !== letter
    ? { cut: 2, put: next + letter }
    : { cut: 1, put: another };
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
