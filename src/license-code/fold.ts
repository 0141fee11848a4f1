/** What each character of a pasted text is read as (license-code-v1, "Reading", step 1). */

// Written out as of Unicode 17, and not as properties (\p{…}): some engines have none (Hermes before 2025), others an
// older Unicode, and a code must read the same in all of them.

/** Unicode's White_Space beyond ASCII. */
const WHITE_SPACE = String.raw`\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
/** Its Default_Ignorable_Code_Point, drawn as nothing: zero-width characters, soft hyphens, byte-order marks. */
const IGNORABLE = String.raw`\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}`;
/** Its Dash beyond ASCII, which has all hyphens and the minus signs, and the hyphen bullet, which is no Dash. */
const HYPHENS = String.raw`\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2053\u207b\u208b\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d\u{10d6e}\u{10ead}`;
/** Blocks of controls, punctuation, currency, arrows, shapes and pictures; in them, what folds to a letter is a letter. */
const SIGNS = String.raw`\x80-\xb4\xb6-\xbf\xd7\xf7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e2e\u2e30-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u3036\u3037\u303d-\u303f\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffef\ufff9-\ufffd\u{1f000}-\u{1faff}`;
/** The ranges outside which nothing folds to letters and digits of ASCII; a test looks at all code points. */
const MAY_FOLD = String.raw`\xaa-\u02e3\u1d2c-\u1dbb\u2000-\u217f\u2460-\u24ff\u2c7c-\u2c7d\u3250-\u33ff\ua7f1-\ua7f4\ufb00-\ufb06\ufe00-\uffef\u{107a5}\u{1ccd6}-\u{1ccf9}\u{1d400}-\u{1d7ff}\u{1f100}-\u{1f1ff}\u{1fbf0}-\u{1fbf9}`;

const isDropped = new RegExp(`[${WHITE_SPACE}${IGNORABLE}${HYPHENS}]`, 'u');
const isSign = new RegExp(`[${SIGNS}]`, 'u');
const mayFold = new RegExp(`[${MAY_FOLD}]`, 'u');
const ALL_DROPPED = new RegExp(
  `[^0-9A-Z\\x80-\\u{10ffff}]|[${WHITE_SPACE}${IGNORABLE}${HYPHENS}${SIGNS}]`,
  'gu',
);
const LETTERS = /^[0-9A-Z]+$/;

/** NFKC and upper case make at most five characters of the alphabet of one UTF-16 unit (of ㎯, RADS2). */
export const MOST_OF_ONE = 5;

const folds = new Map<number, string | null>();

/**
 * The letters and digits of ASCII that a code point beyond ASCII is read as, by itself: NFKC, upper case, and what is no
 * letter or digit dropped. Empty for what means nothing; null for what is read as nothing known.
 */
export function foldOf(point: number): string | null {
  const character = String.fromCodePoint(point);
  if (isDropped.test(character)) return '';
  if (mayFold.test(character)) {
    const folded = folds.get(point) ?? foldOne(character);
    folds.set(point, folded);
    if (folded !== null) return folded;
  }
  return isSign.test(character) ? '' : null;
}

/** The characters of the alphabet that it is read as: I and L as 1, O as 0. Null for a wrong character, as U is. */
export function readAs(point: number): string | null {
  const folded = foldOf(point);
  return folded === null || folded.includes('U') ? null : folded.replace(/[IL]/g, '1').replace(/O/g, '0');
}

function foldOne(character: string): string | null {
  const letters = character.normalize('NFKC').toUpperCase().replace(ALL_DROPPED, '');
  return LETTERS.test(letters) ? letters : null;
}
