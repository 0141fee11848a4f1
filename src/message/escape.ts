/**
 * A value (a customer's name, an order id) as Markdown that renders to that value and nothing else.
 *
 * Which characters are active, and where, is taken from CommonMark 0.31 and GitHub Flavored Markdown 0.29; a value
 * may land at the start of a line, inside one, in a link label, a heading or a table cell, next to text of the
 * template or next to another value, so each rule holds whatever comes before and after.
 */

/**
 * What needs nothing, for one quick test: a letter or digit at both ends and nothing but those, spaces, commas,
 * apostrophes and hyphens between. No rule below applies to any of these.
 */
const PLAIN = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M} ',-]*[\p{L}\p{N}\p{M}])?$/u;

/** Line breaks and control characters: a value never adds a line. */
const CONTROLS = /[ ]*[\p{Cc}\u2028\u2029]+[\p{Cc}\u2028\u2029 ]*/gu;

/** What turns the direction of the text around it (UAX #9), and the byte-order mark. */
const INVISIBLE = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Active in any position. A backslash works in text, labels, headings and cells. */
const ACTIVE = /[\\*_~|[\]@]/g;

const RULES: readonly (readonly [RegExp, string])[] = [
  [ACTIVE, '\\$&'],
  // Marked, looking for a link within a link, does not see the backslashes before brackets.
  [/\]\(/g, ']\\('],
  // A character reference is named as such only with its semicolon; `Smith & Sons` stays.
  [/&(?=#?[0-9A-Za-z]+;)/g, '\\&'],
  [/</g, '&lt;'],
  [/>/g, '&gt;'],
  // In a code span of the template a backslash would not keep a backtick from closing it.
  [/`/g, '&#96;'],
  // https://, ftp:// and www., also where the template or another value brings the other half; and `]:`, which could
  // begin the definition of a link.
  [/(?<=\]):|:(?=\/|$)/g, '\\:'],
  [/(^w{0,2}|www)\./gi, '$1\\.'],
  // The start of a line: heading, list, setext underline, table delimiter, link reference definition, destination.
  [/^[#=:()]|^\+(?= |$)/, '\\$&'],
  [/^(\d{1,9})([.)])(?= |$)/, '$1\\$2'],
  // The end of a heading; an image made of a link of the template.
  [/(^| )(#+)$/, '$1\\$2'],
  [/!$/, '\\!'],
];

/** Dashes before any letter or digit: list, rule, underline, delimiter row. After one they are plain. */
const LEADING_DASHES = /^[^\p{L}\p{N}]*-/u;

/**
 * Promises plain text, on one line, that renders to the value: no link, no HTML, no structure, and no `<`.
 * White space at its ends is dropped. Escapes no more than is needed, for the mail may be read as it is.
 */
export function escapeMarkdown(value: string): string {
  return PLAIN.test(value) ? value : escapeActive(value);
}

function escapeActive(value: string): string {
  let text = value.toWellFormed().replace(INVISIBLE, '').replace(CONTROLS, ' ').trim();
  const dashes = LEADING_DASHES.test(text);
  for (const [pattern, replacement] of RULES) text = text.replace(pattern, replacement);
  return dashes ? text.replace(/^[^\p{L}\p{N}]*/u, (start) => start.replaceAll('-', '\\-')) : text;
}
