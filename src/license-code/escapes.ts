/** Decodes the escapes of URLs, quoted-printable mail, HTML, JSON and RTF. */

/** An escape up to UTF-16 unit `end`, with the code point that it encodes; undefined if it encodes none. */
export interface Escape {
  readonly end: number;
  readonly point: number | undefined;
}

/** The ASCII characters that can begin an escape. */
export const ESCAPES = '%=&<\\';

const PERCENT = /%(?:25){0,4}([0-9A-Fa-f]{2})/y;
/** Quoted-printable (RFC 2045, 6.7), white space only at line ends. Without `=2x`: a link may hold a code after `=`. */
const EQUALS = /=(?:3[Dd]|0[AaDd]|[89A-Fa-f][0-9A-Fa-f]|(?:20|09)(?=[\r\n=]|$))/y;
/** HTML allows `&shy` and `&nbsp` without a semicolon. */
const ENTITY =
  /&(?:amp;){0,4}(?:(?:#([0-9]{1,7})|#[Xx]([0-9A-Fa-f]{1,6})|[A-Za-z][A-Za-z0-9]{1,31});|shy|nbsp)/y;
/** Shorter than a code, so that a tag cannot hide a code. */
const TAG = /<\/?[A-Za-z][^<>]{0,158}>/uy;
/** JSON, and RTF: `\'ad`, `\par`, `\line`. Not `\'20`: a quoted code begins with 2. */
const BACKSLASH = /\\(?:u([0-9A-Fa-f]{4})|'[89A-Fa-f][0-9A-Fa-f]|(?:par|line)(?![a-z])|[nrt])/y;

/** Returns the escape that begins at this UTF-16 unit, or null. */
export function escapeAt(text: string, unit: number): Escape | null {
  switch (text[unit]) {
    case '%': {
      const [hex, end] = match(PERCENT, text, unit);
      const byte = Number.parseInt(hex[1] ?? '', 16);
      return end < 0 ? null : { end, point: byte < 0x80 ? byte : undefined };
    }
    case '=':
      return nothingTo(match(EQUALS, text, unit)[1]);
    case '&': {
      const [found, end] = match(ENTITY, text, unit);
      return end < 0 ? null : { end, point: scalar(found[1], 10) ?? scalar(found[2], 16) };
    }
    case '<':
      return nothingTo(match(TAG, text, unit)[1]);
    case '\\': {
      const [found, end] = match(BACKSLASH, text, unit);
      return end < 0 ? null : { end, point: scalar(found[1], 16) };
    }
    default:
      return null;
  }
}

/**
 * The end of a UTF-8 character that was decoded as Latin-1 or Windows-1252 (a no-break space as `Â `), or -1. Covers
 * white space, soft hyphens, dashes, quotes, zero-width characters and the byte-order mark.
 */
export function mojibakeEnd(text: string, unit: number): number {
  // After the end charCodeAt returns NaN, and every comparison with NaN is false.
  const first = text.charCodeAt(unit);
  const second = text.charCodeAt(unit + 1);
  const third = text.charCodeAt(unit + 2);
  if (first === 0xc2 && (second === 0x20 || (second >= 0x80 && second <= 0xbf))) return unit + 2;
  const isGeneralPunctuation = first === 0xe2 && (second === 0x80 || second === 0x20ac);
  if (isGeneralPunctuation && third >= 0x80 && third <= 0x2122) return unit + 3;
  return first === 0xef && second === 0xbb && third === 0xbf ? unit + 3 : -1;
}

function match(pattern: RegExp, text: string, unit: number): [readonly (string | undefined)[], number] {
  pattern.lastIndex = unit;
  const found = pattern.exec(text);
  return found === null ? [[], -1] : [found, unit + found[0].length];
}

function nothingTo(end: number): Escape | null {
  return end < 0 ? null : { end, point: undefined };
}

/** Parses a Unicode scalar value. Returns undefined for a surrogate and for a number above U+10FFFF. */
function scalar(digits: string | undefined, base: number): number | undefined {
  const point = Number.parseInt(digits ?? '', base);
  return point <= 0x10ffff && (point < 0xd800 || point > 0xdfff) ? point : undefined;
}
