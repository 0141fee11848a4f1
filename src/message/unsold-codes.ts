/**
 * Proves that a reader finds no code in a reply beside the sold codes, without a search of each reply: a search takes as
 * long as a signature. The fixed texts of a skeleton are searched once.
 *
 * Why it is sound: what a reader finds (license-code/find.ts) begins and ends at edges of words, has a multiple of 160
 * letters and no wrong letter, such as U. A sold code has 160 letters and no edge inside, so it lies wholly within the
 * find or outside. If the find is not a row of sold codes, it has 160 or more other letters: of one text, where the search
 * finds it, or around a slot, where the letters are counted here.
 */
import { CODE_LENGTH } from '../license-code/armor.ts';
import { ESCAPES } from '../license-code/escapes.ts';
import { wholeCodes } from '../license-code/find.ts';
import { lettersOf, WRONG } from '../license-code/letters.ts';

/** Not beginning with `3D`, after which a reader sees an edge (license-code/letters.ts). */
const SOLD_CODE = /^(?:2|3(?!D))[0-9A-HJKMNP-TV-Z]{159}$/;

/** A tag may go over the end of a line; other escapes end within it. */
const OPEN_ESCAPE = new RegExp(`<|[${ESCAPES.replace('\\', '\\\\')}].*$`);

/**
 * Values whose letters can be counted: characters of ASCII and letters of Latin-1. Not: the beginnings of escapes and of
 * wrongly decoded UTF-8 (license-code/escapes.ts).
 */
const COUNTABLE = /^(?:[\x20-$'-;>-[\]-~\xc0\xc1\xc3-\xe1\xe3-\xee\xf0-\xff]|\\[^\\unrtpl'\x80-\uffff])*$/;

/** How many letters values may add to these texts, which stand between slots; below 0: nothing is proven. */
export function roomOf(texts: readonly string[]): number {
  let around = 0;
  let most = 0;
  for (const [place, text] of texts.entries()) {
    if (place < texts.length - 1 && OPEN_ESCAPE.test(text)) return -1;
    const letters = lettersOf(text, text.length);
    if (wholeCodes(letters).size > 0) return -1;
    const values = letters.values.subarray(0, letters.count);
    const first = values.indexOf(WRONG);
    if (first < 0) {
      around += letters.count;
      continue;
    }
    most = Math.max(most, around + first);
    around = letters.count - 1 - values.lastIndexOf(WRONG);
  }
  return CODE_LENGTH - 1 - Math.max(most, around);
}

/** The most letters that a reader sees in a value; Infinity where they cannot be counted. */
export function lettersIn(value: string): number {
  // A letter of Latin-1 has two bytes and stands for two letters at most: ß for SS.
  return COUNTABLE.test(value) ? Buffer.byteLength(value) : Number.POSITIVE_INFINITY;
}

/** False for a code of an edited ledger. */
export function isSoldCode(code: string): boolean {
  return SOLD_CODE.test(code);
}
