/** Diagnoses a text that contains no whole code (license-code-v1, "Reading", step 5). */
import { CODE_LENGTH } from './armor.ts';
import { HEAD_LENGTH, type Heads } from './heads.ts';
import { EDGE, type Letters, WRONG } from './letters.ts';
import { numberAt } from './number-at.ts';
import { seenIn } from './seen.ts';
import type { Verdict } from './verdict.ts';

type Damage = Extract<
  Verdict,
  { verdict: 'empty' | 'no-code' | 'bad-character' | 'too-short' | 'too-long' | 'mistyped' }
>;

/** A range of letters that was probably meant as a code. */
interface Piece {
  readonly from: number;
  readonly to: number;
  /** Whether the range begins like a code of this product, with at most one slip. */
  readonly known: boolean;
}

const GROUP = 8;
/** Minimum characters of a word too long for prose, and of a text with the digits of a code. */
const LONG_WORD = 20;
const LONG_TEXT = 40;
/** Divisor: at least one character in 5 of a long text is a digit. The alphabet has 10 digits in 32 characters. */
const DIGITS = 5;
/** Shorter words after a longer word are prose. */
const SHORT_WORD = 4;
const MOST_WRONG = 2;

/** 1 for lower case, 2 for upper case. I, l and O are typed for 1 and 0. */
const CASES = new Map(
  [...'abcdefghjkmnpqrstuvwxyz'].flatMap((letter) => [
    [letter.charCodeAt(0), 1] as const,
    [letter.toUpperCase().charCodeAt(0), 2] as const,
  ]),
);

/** `text` is the source of the letters. */
export function damageOf(letters: Letters, starts: readonly number[], heads: Heads, text: string): Damage {
  if (letters.count === 0) return { verdict: 'empty' };
  const piece = knownPiece(letters, starts, heads) ?? longWord(letters) ?? manyDigits(letters);
  if (piece === null) return { verdict: 'no-code', seen: seenIn(text) };
  const { values, points, positions } = letters;
  const count = piece.to - piece.from;
  const group = groupOf(letters, piece, heads);
  const told = group === undefined ? {} : { group };
  const wrong = values.subarray(piece.from, piece.to).indexOf(WRONG);
  if (count >= CODE_LENGTH - 1 && wrong >= 0) {
    const at = piece.from + wrong;
    const character = String.fromCodePoint(numberAt(points, at));
    return { verdict: 'bad-character', character, position: numberAt(positions, at), ...told };
  }
  if (count < CODE_LENGTH) return { verdict: 'too-short', count, ...told };
  return count > CODE_LENGTH ? { verdict: 'too-long', count } : { verdict: 'mistyped', ...told };
}

/** The first range that begins like a code of this product. A short range must match exactly: numbers would match. */
function knownPiece(letters: Letters, starts: readonly number[], heads: Heads): Piece | null {
  for (const from of starts) {
    const to = endOf(letters, from);
    if (to - from >= LONG_WORD || heads.begins(letters, from)) return { from, to, known: true };
  }
  // Fewer than a start needs: the user begins to type.
  return letters.count < 4 && heads.begins(letters, 0) ? { from: 0, to: letters.count, known: true } : null;
}

/** The range from the longest word on (the first of equals), if that word is long enough. */
function longWord(letters: Letters): Piece | null {
  let best: Piece | null = null;
  for (let from = 0; from < letters.count; ) {
    const to = wordEnd(letters, from);
    const isBetter = to - from >= LONG_WORD && (best === null || to - from > best.to - best.from);
    if (isBetter && wrongsIn(letters, from, to) <= MOST_WRONG && !isMixed(letters, from, to))
      best = { from, to, known: false };
    from = to;
  }
  return best && { ...best, to: endOf(letters, best.from) };
}

/** The whole text, if it is long and has as many digits as a code. */
function manyDigits(letters: Letters): Piece | null {
  const { count } = letters;
  const isLike = count >= LONG_TEXT && digitsIn(letters, 0, count) * DIGITS >= count;
  return isLike ? { from: 0, to: count, known: false } : null;
}

/** An edge at the length of a code plus or minus 1; otherwise the start of prose. */
function endOf(letters: Letters, from: number): number {
  const near = proseAfter(letters, from, CODE_LENGTH + 1);
  const isEnd = (length: number) => from + length <= near && letters.edges[from + length] !== 0;
  const length = [CODE_LENGTH, CODE_LENGTH - 1, CODE_LENGTH + 1].find(isEnd);
  return length === undefined ? proseAfter(letters, from, letters.count) : from + length;
}

/** Where prose begins, or the end of the word that reaches a length. */
function proseAfter(letters: Letters, from: number, enough: number): number {
  const { count, edges } = letters;
  let end = wordEnd(letters, from);
  let last = end - from;
  while (end - from < enough && end < count && (numberAt(edges, end) & EDGE.paragraph) === 0) {
    const next = wordEnd(letters, end);
    if (isProse(letters, end, next, last) || wrongsIn(letters, end, next) > MOST_WRONG) break;
    last = next - end;
    end = next;
  }
  return end;
}

/**
 * A short word after a longer word, or a word without digits that is no group like the word before it: a group that
 * lacks a character, or has one too many, is still a group.
 */
function isProse(letters: Letters, from: number, to: number, last: number): boolean {
  const length = to - from;
  const isLast = to === letters.count;
  if (length < SHORT_WORD && last >= SHORT_WORD && !isLast) return true;
  // The user may still be typing the last group.
  if (Math.abs(length - last) <= 1 || (isLast && length < last && last < LONG_WORD)) return false;
  return digitsIn(letters, from, to) === 0;
}

/** The first gap after a place. A wrong character does not end a word. */
function wordEnd({ count, edges }: Letters, from: number): number {
  let end = from + 1;
  while (end < count && (numberAt(edges, end) & EDGE.gap) === 0) end++;
  return end;
}

function wrongsIn({ values }: Letters, from: number, to: number): number {
  let wrongs = 0;
  for (let at = from; at < to; at++) if (values[at] === WRONG) wrongs++;
  return wrongs;
}

function digitsIn({ points }: Letters, from: number, to: number): number {
  let digits = 0;
  for (let at = from; at < to; at++) if (numberAt(points, at) >= 48 && numberAt(points, at) <= 57) digits++;
  return digits;
}

/** Upper and lower case in one word, as in base64 and in links. */
function isMixed({ points }: Letters, from: number, to: number): boolean {
  let cases = 0;
  for (let at = from; at < to; at++) cases |= CASES.get(numberAt(points, at)) ?? 0;
  return cases === 3;
}

/**
 * The number of the wrong group of eight, from 1, if known. A wrong group holds a wrong character, or is the first and
 * differs from the product's head, or has more or fewer than eight characters.
 */
function groupOf(letters: Letters, { from, to, known }: Piece, heads: Heads): number | undefined {
  const wrong = letters.values.subarray(from, to).indexOf(WRONG);
  if (wrong >= 0) return Math.floor(wrong / GROUP) + 1;
  if (known && to - from >= HEAD_LENGTH && !heads.begins(letters, from)) return 1;
  const lengths: number[] = [];
  for (let at = from; at < to; ) {
    const end = Math.min(wordEnd(letters, at), to);
    lengths.push(end - at);
    at = end;
  }
  // The user may still be typing the last group.
  if (to - from < CODE_LENGTH) lengths.pop();
  const odd = lengths.filter((length) => length !== GROUP).length;
  const first = lengths.findIndex((length) => length !== GROUP) + 1;
  return odd > 0 && odd <= 2 && lengths.length - odd >= 2 ? first : undefined;
}
