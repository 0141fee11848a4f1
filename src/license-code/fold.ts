/** What of a pasted text counts: one form for each letter, and which characters mean nothing. */

/** White space, and all that Unicode draws as nothing: zero-width characters, soft hyphens, byte-order marks. */
const BLANK = String.raw`\p{White_Space}\p{Default_Ignorable_Code_Point}`;
/** Hyphens and dashes; Dash has the minus signs, and the hyphen bullet has neither property. */
const HYPHENS = String.raw`\p{Pd}\p{Dash}\u2043`;
const MARKDOWN = '>*_`';

/** What means nothing in a code, wherever it stands: the inside of a class in a regular expression with the u flag. */
export const MEANINGLESS = BLANK + HYPHENS + MARKDOWN;

/** UTF-16 units of a text that are looked at: far above any e-mail, and what NFKC makes of them still fits a string. */
export const LONGEST_TEXT = 2 ** 23;

/** NFKC and upper case make at most four characters of the alphabet of one unit (of Ⅷ, VIII). */
export const MOST_OF_ONE = 4;

// No quantifiers: a long match of one would overflow the stack of the engine, which is an exception.
const NOT_ASCII = /\P{ASCII}/u;
const DROPPED = new RegExp(`[${MEANINGLESS}]`, 'gu');

/**
 * Thirty marks on one letter, with the half-width sound marks that become marks. Putting marks in order takes the square
 * of their number, so a longer run is broken by a character that is dropped again: stream-safe text (UAX #15, 13).
 */
const LONG_RUN_OF_MARKS = /[\p{M}\uff9e\uff9f]{30}/gu;
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
