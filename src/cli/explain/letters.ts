/** The letters of a pasted text that could be of a code, each with its place in the text. */
import { ALPHABET } from '../../license-code/armor.ts';
import { type Letters as Read, lettersOf as readLetters, WRONG } from '../../license-code/letters.ts';

/** Characters that are looked at for what was mangled: far above any e-mail. */
const LONGEST = 2 ** 20;

const CAPITAL_U = 0x55;
const SMALL_U = 0x75;

export interface Letters {
  readonly text: string;
  /** As a reader reads them; what is in no code is a full stop, unless it is a U. */
  readonly letters: string;
  /** For each letter, where its character stands in the text: its number, from 1. */
  readonly positions: Read['positions'];
}

export function lettersOf(text: string): Letters {
  const { count, values, points, positions } = readLetters(text, LONGEST);
  let letters = '';
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? WRONG;
    letters +=
      value === WRONG
        ? points[i] === CAPITAL_U || points[i] === SMALL_U
          ? 'U'
          : '.'
        : ALPHABET.charAt(value);
  }
  return { text, letters, positions };
}

/** The piece of the text that these letters were read from. */
export function pieceOf({ text, positions }: Letters, from: number, count: number): string {
  const [first, last] = [positions[from] ?? 1, positions[from + count - 1] ?? 1];
  return [...text].slice(first - 1, last).join('');
}
