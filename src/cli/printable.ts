/** Texts from outside on a terminal: what it would obey is shown, not done. */

/** Control characters, line ends of Unicode, and what turns the direction of what follows (UAX #9). */
const OBEYED = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The text on one line, with such characters as `\u001b`; the same where there is none, and in JSON still the same text. */
export function printable(text: string): string {
  return text.replace(OBEYED, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
