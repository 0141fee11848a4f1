/** What the other side said, fit to be kept: on one line, without addresses and codes, at most 500 characters. */
import { cut } from '../domain/cut.ts';

const LONGEST = 500;

/** Control characters, Unicode line ends, and characters that change the text direction (UAX #9). */
const OBEYED = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu;
const ADDRESS = /[^\s@<>"'(),;:[\]]+(?:@|%40)[^\s@<>"'(),;:[\]]+/gi;
/** Longer than a license id: codes, keys, signatures. */
const CODE = /[\w+/=-]{40,}/g;

export function cleanAnswer(text: string): string {
  const line = text.replace(OBEYED, ' ').trim();
  return cut(line.replace(ADDRESS, '(address)').replace(CODE, '(code)'), LONGEST);
}
