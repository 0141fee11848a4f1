/** Finds license codes in a text of any length, such as a whole e-mail. */
import { wholeCodes } from './find.ts';
import { lettersOf } from './letters.ts';

/** Far above any e-mail. */
const LONGEST_TEXT = 2 ** 23;

/**
 * The codes in a text, in order, each once: as a reader finds them, before it asks who signed them. Linear in the length of
 * the text, of which no more than 8 Mi characters are looked at. None in what is not a string.
 */
export function findCodes(text: unknown): string[] {
  return typeof text === 'string' ? [...wholeCodes(lettersOf(text, LONGEST_TEXT))] : [];
}
