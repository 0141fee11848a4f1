/** Recognizes what a text without a license code is, to help the person who pasted it (docs/license-code.md, "Say"). */

/** What was pasted instead of a license code. */
export type Seen = 'order-number' | 'e-mail-address' | 'link' | 'text';

const WORDS = /[^\t-\r ]+/g;
const AROUND = /^[^0-9A-Za-z]+|[^0-9A-Za-z]+$/g;
const ORDER_NUMBER = /^[0-9A-Za-z-]{4,40}$/;
/** A day, or a UUID: a license id. */
const NO_ORDER_NUMBER =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}-[0-9]{4}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$/;
const ADDRESS = /^[^@]+@[^@]+\.[^@]+$/;

/** Minimum digits of an order number: more than the 8 digits of a date. */
const FEWEST_DIGITS = { alone: 4, amongOthers: 9 } as const;

/** Minimum and maximum length of such a word in code points. */
const SHORTEST_WORD = 4;
const LONGEST_WORD = 200;

export function seenIn(text: string): Seen {
  const all = text.match(WORDS) ?? [];
  const words = all.filter(maySay).map((word) => word.replace(AROUND, ''));
  const fewest = all.length === 1 ? FEWEST_DIGITS.alone : FEWEST_DIGITS.amongOthers;
  if (words.some((word) => isOrderNumber(word, fewest))) return 'order-number';
  if (words.some((word) => ADDRESS.test(word))) return 'e-mail-address';
  return text.includes('://') ? 'link' : 'text';
}

function isOrderNumber(word: string, fewestDigits: number): boolean {
  const isLike = ORDER_NUMBER.test(word) && !NO_ORDER_NUMBER.test(word);
  return isLike && word.replace(/[^0-9]/g, '').length >= fewestDigits;
}

function maySay(word: string): boolean {
  if (word.length < SHORTEST_WORD) return false;
  return word.length <= LONGEST_WORD || [...word].length <= LONGEST_WORD;
}
