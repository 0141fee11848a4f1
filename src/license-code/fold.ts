/** What of a pasted text counts: one form for each letter, and which characters mean nothing. */

// Written out as of Unicode 17, and not as properties (\p{…}): some engines have none (Hermes before 2025), others an
// older Unicode, and a code must read the same in all of them.

/** Unicode's White_Space. */
export const WHITE_SPACE = String.raw`\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
/** Its Default_Ignorable_Code_Point, drawn as nothing: zero-width characters, soft hyphens, byte-order marks. */
const IGNORABLE = String.raw`\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}`;
/** Its Dash, which has all hyphens and the minus signs, and the hyphen bullet, which is no Dash. */
const HYPHENS = String.raw`\-\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2053\u207b\u208b\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d\u{10d6e}\u{10ead}`;
const MARKDOWN = '>*_`';

/** What means nothing in a code, wherever it stands: the inside of a class in a regular expression with the u flag. */
export const MEANINGLESS = WHITE_SPACE + IGNORABLE + HYPHENS + MARKDOWN;

/** UTF-16 units of a text that are looked at: far above any e-mail, and what NFKC makes of them still fits a string. */
export const LONGEST_TEXT = 2 ** 23;

/** NFKC and upper case make at most four characters of the alphabet of one unit (of Ⅷ, VIII). */
export const MOST_OF_ONE = 4;

// No quantifiers: a long match of one would overflow the stack of the engine, which is an exception.
const NOT_ASCII = /[^\0-\x7f]/;
const DROPPED = new RegExp(`[${MEANINGLESS}]`, 'gu');

/**
 * Thirty characters that may be marks on one letter. Putting marks in order takes the square of their number, so a longer
 * run is broken by a character that is dropped again: stream-safe text (UAX #15, 13). All marks are in these ranges, and
 * nothing that folds to a letter or digit of ASCII, so a break changes no code.
 */
export const MAY_BE_MARKS = String.raw`\u0300-\u1cf9\u1dc0-\u1dff\u20d0-\u20f0\u2cef-\u309a\ua66f-\ua6f1\ua802-\uabed\ufb1e-\ufe2f\uff9e-\uffff\u{10000}-\u{1037a}\u{10a01}-\u{1bc9e}\u{1cf00}-\u{1d244}\u{1da00}-\u{1e94a}\u{e0100}-\u{e01ef}`;
const LONG_RUN_OF_MARKS = new RegExp(`[${MAY_BE_MARKS}]{30}`, 'gu');
const COMBINING_GRAPHEME_JOINER = '\u034f';

/** Two ligatures that NFKC writes out as 18 and 8 Arabic letters, and the letter that each begins with: as foreign. */
const LONG_LIGATURES: ReadonlyMap<string, string> = new Map([
  ['\ufdfa', '\u0635'],
  ['\ufdfb', '\u062c'],
]);

/** NFKC, then upper case: so full-width letters, ligatures and the dotless i are read as what they look like. */
export function fold(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toUpperCase();
  return text
    .replace(/[\ufdfa\ufdfb]/g, (ligature) => LONG_LIGATURES.get(ligature) ?? ligature)
    .replace(LONG_RUN_OF_MARKS, `$&${COMBINING_GRAPHEME_JOINER}`)
    .normalize('NFKC')
    .toUpperCase();
}

export function dropMeaningless(folded: string): string {
  return folded.replace(DROPPED, '');
}

/** I and L read as 1, O as 0. */
export function readLookAlikes(folded: string): string {
  return folded.replace(/[IL]/g, '1').replace(/O/g, '0');
}
