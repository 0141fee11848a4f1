/** Finds license codes in a text of any length, such as a whole e-mail. */
import { wholeCodes } from './find.ts';
import { lettersOf } from './letters.ts';

/** Far above any e-mail. */
const LONGEST_TEXT = 2 ** 23;

/**
 * Returns the codes in a text, in order, each once, as a reader finds them before it checks signatures. Takes time linear in
 * the length of the text and looks at its first 8 Mi characters. Returns no codes for anything but a string.
 */
export function findCodes(text: unknown): string[] {
  return typeof text === 'string' ? [...wholeCodes(lettersOf(text, LONGEST_TEXT)).keys()] : [];
}
