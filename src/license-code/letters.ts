/** Reduces a pasted text to possible code characters with their positions (license-code-v1, "Reading", step 1). */
import { ALPHABET } from './armor.ts';
import { ESCAPES, escapeAt, mojibakeEnd } from './escapes.ts';
import { MOST_OF_ONE, readAs } from './fold.ts';
import { numberAt } from './number-at.ts';

/** The value of a character outside the alphabet. It may replace a code character by a slip. */
export const WRONG = 32;

/** Flags of the place before a character. `head`: a code of the reader's product begins, set by its heads. */
export const EDGE = { gap: 1, wrong: 2, paragraph: 4, equals: 8, head: 16 } as const;

export interface Letters {
  readonly count: number;
  /** 0 to 31, or WRONG. */
  readonly values: Uint8Array;
  /** The source code point of each value. */
  readonly points: Uint32Array;
  /** The position of the source code point in the text, from 1, in code points. */
  readonly positions: Uint32Array;
  /** EDGE flags before each value and after the last value; 0 within a word. */
  readonly edges: Uint8Array;
  /** The number of code points that were read. */
  readonly length: number;
}

const NOTHING = 33;
const ESCAPE = 34;
const LF = 10;
const CR = 13;

/** Maps each ASCII character to its value. */
const ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code).toUpperCase();
  if (letter === 'U') return WRONG;
  if (ESCAPES.includes(letter)) return ESCAPE;
  const value = ALPHABET.indexOf(letter.replace(/[IL]/, '1').replace('O', '0'));
  return value < 0 ? NOTHING : value;
});

/** Reads the first `most` code points of a text in linear time. */
export function lettersOf(pasted: string, most: number): Letters {
  const text = firstOf(pasted, most);
  const size = MOST_OF_ONE * text.length;
  const values = new Uint8Array(size);
  const points = new Uint32Array(size);
  const positions = new Uint32Array(size);
  const edges = new Uint8Array(size + 1);
  let count = 0;
  let position = 1;
  let edge = EDGE.gap as number;
  let lineBreaks = 0;

  function put(value: number, point: number) {
    values[count] = value;
    points[count] = point;
    positions[count] = position;
    const wrong = value === WRONG || (count > 0 && values[count - 1] === WRONG) ? EDGE.wrong : 0;
    const equals = edge === 0 && isAfterEquals() ? EDGE.equals : 0;
    edges[count++] = edge | wrong | equals | (lineBreaks > 1 ? EDGE.paragraph : 0);
    edge = 0;
    lineBreaks = 0;
  }

  /** Rewritten links hold `-3D` or `*3D` instead of `=`: a code may begin after `3D` at the start of a word. */
  function isAfterEquals(): boolean {
    const begins = count > 1 && (numberAt(edges, count - 2) & EDGE.gap) !== 0;
    return begins && edges[count - 1] === 0 && values[count - 2] === 0x3 && values[count - 1] === 0xd;
  }

  function putPoint(point: number) {
    const value = point < 128 ? (ASCII[point] ?? NOTHING) : NOTHING;
    if (value <= WRONG) return put(value, point);
    const read = point < 128 ? '' : readAs(point);
    if (read === null) return put(WRONG, point);
    if (read === '') edge = EDGE.gap;
    for (const letter of read) put(ALPHABET.indexOf(letter), point);
  }

  for (let unit = 0; unit < text.length; ) {
    const code = text.charCodeAt(unit);
    const value = code < 128 ? (ASCII[code] ?? NOTHING) : NOTHING;
    if (value <= WRONG) {
      put(value, code);
      unit++;
      position++;
      continue;
    }
    const escaped = value === ESCAPE ? escapeAt(text, unit) : null;
    const end = escaped?.end ?? (code < 128 ? -1 : mojibakeEnd(text, unit));
    if (end > 0) {
      if (escaped?.point === undefined) edge = EDGE.gap;
      else putPoint(escaped.point);
      position += lengthOf(text, unit, end);
      unit = end;
      continue;
    }
    const point = text.codePointAt(unit) ?? 0;
    if (isLineBreak(point) && !(point === LF && text.charCodeAt(unit - 1) === CR)) lineBreaks++;
    if (code < 128) edge = EDGE.gap;
    else putPoint(point);
    unit += point > 0xffff ? 2 : 1;
    position++;
  }
  edges[count] = EDGE.gap;
  return { count, values, points, positions, edges, length: position - 1 };
}

/** Returns the first `most` code points of a text. */
export function firstOf(text: string, most: number): string {
  if (text.length <= most) return text;
  let unit = 0;
  for (let left = most; left > 0 && unit < text.length; left--) {
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, unit);
}

function lengthOf(text: string, from: number, to: number): number {
  let length = 0;
  for (let unit = from; unit < to; length++) unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  return length;
}

function isLineBreak(point: number): boolean {
  return (point >= LF && point <= CR) || point === 0x85 || point === 0x2028 || point === 0x2029;
}
