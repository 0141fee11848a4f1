/** Makes what the other side said fit to be kept: no address, no code, at most 500 characters. */

const LONGEST = 500;

/** Also in angle brackets, quoted in whole or before the @, or encoded as in `=40`. */
const ADDRESS = /(?:"[^"]{1,64}"|[^\s<>"(),;:]+)(?:@|%40|=40|&#64;|\\u0040)[^\s<>"'(),;:]+/giu;

/** A license code, whole or in part, and other texts that no person reads. */
const LONG_WORD = /[A-Za-z0-9+/_=-]{41,}/g;

const CONTROL = /\p{Cc}+/gu;

export function cleanAnswer(text: string): string {
  // Cut before the search, with room for what the search shortens: an answer may be long.
  const cleaned = text
    .slice(0, 4 * LONGEST)
    .replaceAll(CONTROL, ' ')
    .replaceAll(ADDRESS, '(address)')
    .replaceAll(LONG_WORD, '(long word)')
    .trim();
  return [...cleaned].slice(0, LONGEST).join('');
}
