/** Makes texts from outside safe to print: control characters are shown escaped. */

/** Control characters, Unicode line ends, and characters that change the text direction (UAX #9). */
const OBEYED = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A reference of a marketplace is shorter, and so is a reason of ours that repeats it. */
const LONGEST = { reference: 100, reason: 400 } as const;

/** The beginning of a longer text, with its length: what is printed stays readable. */
export function shortened(text: string, of: keyof typeof LONGEST): string {
  const most = LONGEST[of];
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most).join('')}… (${letters.length} characters)`;
}

/** The text on one line, control characters as `\u001b`. JSON stays the same JSON value. */
export function printable(text: string): string {
  return text.replace(OBEYED, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
