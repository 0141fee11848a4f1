/** Finds whole codes among the letters of a text (license-code-v1, "Reading", step 2). */
import { ALPHABET, CODE_LENGTH } from './armor.ts';
import { fitsOf } from './check-digits.ts';
import type { Letters } from './letters.ts';

/**
 * The codes in order, each once: 160 characters whose check digits fit, which begin and end at edges. Several may follow
 * one another without anything between. Who signed them is for a reader to say. They may overlap: a stretch of prose may
 * fit by chance, and must not hide the code behind it.
 */
export function wholeCodes({ count, values, edges }: Letters): readonly string[] {
  const fits = fitsOf(values, count);
  const codes = new Set<string>();
  for (let start = 0; start + CODE_LENGTH <= count; start++) {
    if (edges[start] === 0) continue;
    let end = start;
    while (fits(end)) {
      end += CODE_LENGTH;
      if (edges[end] !== 0) break;
    }
    if (edges[end] === 0) continue;
    for (let at = start; at < end; at += CODE_LENGTH)
      codes.add(textOf(values.subarray(at, at + CODE_LENGTH)));
  }
  return [...codes];
}

/** The characters of values. */
export function textOf(values: Iterable<number>): string {
  let text = '';
  for (const value of values) text += ALPHABET.charAt(value);
  return text;
}
