/** The letters of a pasted text that could be of a code, each with its place in the text. */
import { ALPHABET } from '../../license-code/armor.ts';
import { fold, MEANINGLESS, readLookAlikes } from '../../license-code/fold.ts';

/** UTF-16 units that are looked at for what was mangled: far above any e-mail. */
const LONGEST = 2 ** 20;

const SKIPPED = new RegExp(`[${MEANINGLESS}]`, 'gu');
const SOFT_LINE_BREAK = /=\r?\n/g;

export interface Letters {
  readonly text: string;
  /** Folded as a reader folds; what is in no code is a full stop. */
  readonly letters: string;
  /** For each letter, where its character begins and ends in the text. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export function lettersOf(pasted: string): Letters {
  const text = pasted.slice(0, LONGEST);
  const softBreaks = new Map(
    [...text.matchAll(SOFT_LINE_BREAK)].map(({ index, 0: { length } }) => [index, length]),
  );
  const letters: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = 0; at < text.length; ) {
    const broken = softBreaks.get(at);
    if (broken !== undefined) {
      at += broken;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    for (const letter of readLookAlikes(fold(character).replace(SKIPPED, ''))) {
      letters.push(ALPHABET.includes(letter) || /^[A-Z]$/.test(letter) ? letter : '.');
      starts.push(at);
      ends.push(at + character.length);
    }
    at += character.length;
  }
  return { text, letters: letters.join(''), starts, ends };
}

/** The piece of the text that these letters were read from. */
export function pieceOf({ text, starts, ends }: Letters, from: number, count: number): string {
  return text.slice(starts[from] ?? 0, ends[from + count - 1] ?? 0);
}
