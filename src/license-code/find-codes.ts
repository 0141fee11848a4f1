/** Finds license codes in a whole e-mail. */
import { ALPHABET, CODE_LENGTH, unarmor } from './armor.ts';
import { crc16 } from './crc16.ts';
import { fold, LONGEST_TEXT, MEANINGLESS, readLookAlikes } from './fold.ts';
import { OFFSET, readTwo } from './record.ts';

/** RFC 2045, 6.7, rule 5: where a mail program broke a line that was none. */
const SOFT_LINE_BREAK = /=\r?\n/g;
const BETWEEN_WORDS = new RegExp(`[${MEANINGLESS}]`, 'u');
/** What is in no code, not even between its characters. */
const FOREIGN = new RegExp(`[^${ALPHABET}${MEANINGLESS}]`, 'gu');

/**
 * The codes in a text, cleaned, in order, each once; also those that were wrapped over several lines, quoted or grouped.
 * A code begins and ends where a word does, and its check digits fit; who signed it is for a reader to say. Linear in
 * the length of the text, of which no more than 8 Mi UTF-16 units are looked at. None in what is not a string.
 */
export function findCodes(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  const joined = text.slice(0, LONGEST_TEXT).replace(SOFT_LINE_BREAK, '');
  const codes = new Set<string>();
  for (const stretch of stretchesOf(readLookAlikes(fold(joined)))) {
    for (const code of codesIn(stretch)) codes.add(code);
  }
  return [...codes];
}

/** The stretches between foreign characters that are long enough to hold a code. */
function* stretchesOf(folded: string): Generator<string> {
  let start = 0;
  for (const { index, 0: foreign } of folded.matchAll(FOREIGN)) {
    if (index - start >= CODE_LENGTH) yield folded.slice(start, index);
    start = index + foreign.length;
  }
  if (folded.length - start >= CODE_LENGTH) yield folded.slice(start);
}

/** The codes among the words of a stretch. */
function* codesIn(stretch: string): Generator<string> {
  const words = stretch.split(BETWEEN_WORDS);
  const letters = words.join('');
  const edges = new Uint8Array(letters.length + 1);
  edges[0] = 1;
  let edge = 0;
  for (const word of words) {
    edge += word.length;
    edges[edge] = 1;
  }
  for (let start = 0; start + CODE_LENGTH <= letters.length; start++) {
    if (edges[start] !== 1 || edges[start + CODE_LENGTH] !== 1) continue;
    const code = letters.slice(start, start + CODE_LENGTH);
    if (!checkDigitsFit(code)) continue;
    yield code;
    start += CODE_LENGTH - 1;
  }
}

function checkDigitsFit(code: string): boolean {
  const bytes = unarmor(code);
  return crc16(bytes, OFFSET.check) === readTwo(bytes, OFFSET.check);
}
