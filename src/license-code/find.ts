/** Finds whole codes in the letters of a text (license-code-v1, "Reading", step 2). */
import { ALPHABET, CODE_LENGTH } from './armor.ts';
import { fitsOf } from './check-digits.ts';
import { EDGE, type Letters } from './letters.ts';
import { numberAt } from './number-at.ts';

/**
 * Returns each code once, in order, with the places where it begins: 160 characters between edges with correct check
 * digits, signatures unchecked. After a code that begins with a head of the reader any text may follow. Codes may be adjacent. Codes may overlap: prose can match by chance and must not hide the
 * real code after it.
 */
export function wholeCodes({ count, values, edges }: Letters): ReadonlyMap<string, readonly number[]> {
  const fits = fitsOf(values, count);
  const codes = new Map<string, number[]>();
  for (let start = 0; start + CODE_LENGTH <= count; start++) {
    if (edges[start] === 0) continue;
    let end = start;
    while (fits(end)) {
      end += CODE_LENGTH;
      if (edges[end] !== 0) break;
    }
    const isHead = (numberAt(edges, start) & EDGE.head) !== 0;
    if (edges[end] === 0 && !isHead) continue;
    for (let at = start; at < end; at += CODE_LENGTH) {
      const code = textOf(values.subarray(at, at + CODE_LENGTH));
      const places = codes.get(code);
      if (places === undefined) codes.set(code, [at]);
      else places.push(at);
    }
  }
  return codes;
}

/** Converts values to their characters. */
export function textOf(values: Iterable<number>): string {
  let text = '';
  for (const value of values) text += ALPHABET.charAt(value);
  return text;
}
