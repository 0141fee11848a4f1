/** What a server said, as it may be kept: without addresses, codes and control characters, and short. */
import { cut } from '../../domain/cut.ts';

const LONGEST_ANSWER = 500;

/** A server repeats the recipient in the forms of RFC 5321, also with the domain alone in brackets behind it. */
const ADDRESS = /<?[^\s<>"'(),;:]+@[^\s<>"'(),;]+>?/g;

/** As long a run as part of a license code, or of a secret. */
const LONG_RUN = /[A-Za-z0-9_+/=-]{32,}/g;

export function cleanAnswer(answer: string): string {
  const text = answer
    .toWellFormed()
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(ADDRESS, '(an address)')
    .replace(LONG_RUN, '(…)')
    .trim();
  return cut(text, LONGEST_ANSWER);
}
