/** Makes texts from outside safe to print: control characters are shown escaped. */

/** Control characters, Unicode line ends, and characters that change the text direction (UAX #9). */
const OBEYED = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The text on one line, control characters as `\u001b`. JSON stays the same JSON value. */
export function printable(text: string): string {
  return text.replace(OBEYED, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
