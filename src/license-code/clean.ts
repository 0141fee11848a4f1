/** From what a person pasted to the characters that are judged (license-code-v1, "Reading", step 1). */
import { ALPHABET, CODE_LENGTH } from './armor.ts';
import { dropMeaningless, fold, LONGEST_TEXT, MOST_OF_ONE, readLookAlikes, WHITE_SPACE } from './fold.ts';

const CODE = new RegExp(`^[${ALPHABET}]{${CODE_LENGTH}}$`);
const LINE_BREAK = /\r\n|[\n\v\f\r\x85\u2028\u2029]/;
const BETWEEN_WORDS = new RegExp(`[${WHITE_SPACE}]`);

/** Anything shorter cannot clean to a code. */
const SHORTEST = CODE_LENGTH / MOST_OF_ONE;

/**
 * The characters to judge: the code, if the text is one or exactly one of its lines or words is; otherwise the whole
 * text cleaned. Linear in the length of the text, of which no more than 8 Mi UTF-16 units are looked at.
 */
export function clean(text: string): string {
  const looked = text.slice(0, LONGEST_TEXT);
  const cleaned = once(cleanPiece(looked));
  return isCode(cleaned) ? cleaned : (onlyCodeIn(looked) ?? cleaned);
}

/** True for 160 characters of the alphabet. */
function isCode(cleaned: string): boolean {
  return cleaned.length === CODE_LENGTH && CODE.test(cleaned);
}

function cleanPiece(text: string): string {
  return readLookAlikes(dropMeaningless(fold(text)));
}

/** Half of a text that was pasted twice. */
function once(cleaned: string): string {
  const half = cleaned.slice(0, CODE_LENGTH);
  return cleaned.length === 2 * CODE_LENGTH && cleaned.endsWith(half) ? half : cleaned;
}

/** The one line or word that is a code; null for none, and for several: which is meant is not ours to guess. */
function onlyCodeIn(text: string): string | null {
  let found: string | null = null;
  for (const line of text.split(LINE_BREAK)) {
    for (const code of codesInLine(line)) {
      if (found !== null) return null;
      found = code;
    }
  }
  return found;
}

/** A line that is a code counts once, not again for the word that it holds. */
function codesInLine(line: string): readonly string[] {
  if (line.length < SHORTEST) return [];
  const whole = cleanPiece(line);
  if (isCode(whole)) return [whole];
  const words = line.split(BETWEEN_WORDS).filter((word) => word.length >= SHORTEST);
  return words.map(cleanPiece).filter(isCode);
}
