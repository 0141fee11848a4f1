/** The letters of a pasted text that can be part of a code, each with its position in the text. */
import { ALPHABET } from '../license-code/armor.ts';
import { type Letters as Read, lettersOf as readLetters, WRONG } from '../license-code/letters.ts';

/** Characters that are searched for damaged codes: far more than any e-mail has. */
const LONGEST = 2 ** 20;

const CAPITAL_U = 0x55;
const SMALL_U = 0x75;

export interface Letters {
  readonly text: string;
  /** As a reader reads them. A character that no code has, other than U, is a full stop. */
  readonly letters: string;
  /** For each letter, the number of its character in the text, from 1. */
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

/** The part of the text from which these letters were read. */
export function pieceOf({ text, positions }: Letters, from: number, count: number): string {
  const [first, last] = [positions[from] ?? 1, positions[from + count - 1] ?? 1];
  return [...text].slice(first - 1, last).join('');
}
