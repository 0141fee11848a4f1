/** Maps each character of a pasted text to characters of the alphabet (license-code-v1, "Reading", step 1). */

// Literal ranges of Unicode 17 instead of properties (\p{…}): some engines lack properties (Hermes before 2025) or have
// an older Unicode, and a code must read the same in every engine.

/** Unicode's White_Space beyond ASCII. */
const WHITE_SPACE = String.raw`\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
/** Unicode's Default_Ignorable_Code_Point (invisible): zero-width characters, soft hyphens, byte-order marks. */
const IGNORABLE = String.raw`\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}`;
/** Unicode's Dash beyond ASCII (all hyphens and minus signs), and the hyphen bullet, which is not a Dash. */
const HYPHENS = String.raw`\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2053\u207b\u208b\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d\u{10d6e}\u{10ead}`;
/** Blocks of controls, punctuation, currency, arrows, shapes and pictures. Characters that fold to letters are kept. */
const SIGNS = String.raw`\x80-\xb4\xb6-\xbf\xd7\xf7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e2e\u2e30-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u3036\u3037\u303d-\u303f\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffef\ufff9-\ufffd\u{1f000}-\u{1faff}`;
/** All ranges that contain characters folding to ASCII letters and digits. A test checks every code point. */
const MAY_FOLD = String.raw`\xaa-\u02e3\u1d2c-\u1dbb\u2000-\u217f\u2460-\u24ff\u2c7c-\u2c7d\u3250-\u33ff\ua7f1-\ua7f4\ufb00-\ufb06\ufe00-\uffef\u{107a5}\u{1ccd6}-\u{1ccf9}\u{1d400}-\u{1d7ff}\u{1f100}-\u{1f1ff}\u{1fbf0}-\u{1fbf9}`;

const isDropped = new RegExp(`[${WHITE_SPACE}${IGNORABLE}${HYPHENS}]`, 'u');
const isSign = new RegExp(`[${SIGNS}]`, 'u');
const mayFold = new RegExp(`[${MAY_FOLD}]`, 'u');
const ALL_DROPPED = new RegExp(
  `[^0-9A-Z\\x80-\\u{10ffff}]|[${WHITE_SPACE}${IGNORABLE}${HYPHENS}${SIGNS}]`,
  'gu',
);
const LETTERS = /^[0-9A-Z]+$/;

/** NFKC and upper case turn one UTF-16 unit into at most five characters of the alphabet (㎯ into RADS2). */
export const MOST_OF_ONE = 5;

const folds = new Map<number, string | null>();
/** What `readAs` returned for the few code points that fold to characters. */
const reads = new Map<number, string | null>();

/**
 * Folds one code point beyond ASCII to ASCII letters and digits: NFKC, upper case, other characters dropped.
 * Returns an empty string for an ignored code point and null for an unknown code point.
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

/** Maps a code point to the alphabet: folded, I and L to 1, O to 0. Returns null for a wrong character such as U. */
export function readAs(point: number): string | null {
  const kept = reads.get(point);
  if (kept !== undefined) return kept;
  const folded = foldOf(point);
  if (folded === null || folded === '') return folded;
  const read = folded.includes('U') ? null : folded.replace(/[IL]/g, '1').replace(/O/g, '0');
  reads.set(point, read);
  return read;
}

function foldOne(character: string): string | null {
  const letters = character.normalize('NFKC').toUpperCase().replace(ALL_DROPPED, '');
  return LETTERS.test(letters) ? letters : null;
}
