/** Finds codes that a program repairs, though a slip in their beginning keeps the ledger from finding them. */
import type { Proof } from '../domain/requests/refresh.ts';
import type { ReadCode } from '../keyring/code-reader.ts';
import { CODE_LENGTH } from '../license-code/armor.ts';
import { type Letters, pieceOf } from './letters.ts';
import { slipsOf } from './slips.ts';

export interface RepairedCode {
  /** The text as pasted. */
  readonly piece: string;
  readonly proof: Proof;
  readonly slips: readonly string[];
}

/** Lines that may hold a code of their own. */
const LINE = { shortest: CODE_LENGTH - 1, longest: 4 * CODE_LENGTH };

/** Lines that are read: repairing takes a while. */
const MOST_LINES = 20;

/** Reads the whole text and its long lines. `without`: codes that are found already. */
export function repairedCodes(
  letters: Letters,
  without: readonly string[],
  readCode: ReadCode,
): readonly RepairedCode[] {
  const known = new Set(without);
  const lines = letters.text
    .split(/\r?\n/)
    .filter(({ length }) => length >= LINE.shortest && length <= LINE.longest);
  return [letters.text, ...lines.slice(0, MOST_LINES)].flatMap((text) => {
    const proof = readCode(text);
    if ('verdict' in proof || known.has(proof.code)) return [];
    known.add(proof.code);
    return [{ proof, ...pastedAs(letters, proof.code) }];
  });
}

/** Letters behind the beginning that are as they were sent: a program repairs one slip. */
const [AFTER, ENOUGH] = [60, 60];

function pastedAs(letters: Letters, code: string): Pick<RepairedCode, 'piece' | 'slips'> {
  const at = letters.letters.indexOf(code.slice(AFTER, AFTER + ENOUGH)) - AFTER;
  const starts = [at, at - 1, at + 1].filter((start) => start >= 0);
  const read = starts.map((start) => {
    const pasted = letters.letters.slice(start, at + CODE_LENGTH);
    return { start, length: pasted.length, ...slipsOf(pasted, code) };
  });
  const [best] = read.sort((a, b) => a.count - b.count);
  if (best === undefined) return { piece: letters.text, slips: [] };
  return { piece: pieceOf(letters, best.start, best.length), slips: best.words };
}
