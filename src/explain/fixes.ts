/** Alterations by mail programs and by hand that a reader undoes (license-code-v1, "Reading", step 1). */
import { ESCAPES, escapeAt } from '../license-code/escapes.ts';

const LINE_END = /\r\n|[\n\v\f\r\x85\u2028\u2029]/g;

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/=\r?\n/, 'broken by quoted-printable line ends (= at the end of a line)'],
  [/^[ \t]*>/m, 'quoted with >'],
  [/[^\S\r\n\v\f\x85\u2028\u2029]/, 'white space in it'],
  [/(?![-])\p{Dash}/u, 'dashes of a word processor in it'],
  [/-/, 'hyphens in it'],
  [/[*_`]/, 'Markdown signs in it'],
  [/\p{Default_Ignorable_Code_Point}/u, 'invisible characters in it'],
  [/[a-z]/, 'lower-case letters'],
  [/[IiLl]/, 'I or L where 1 is meant'],
  [/[Oo]/, 'O where 0 is meant'],
  [
    /(?!\p{Dash}|\p{Default_Ignorable_Code_Point})[^\0-\x7f\s]/u,
    'letters of another form, such as full-width ones',
  ],
];

/** By the first character of an escape. */
const ESCAPED: Readonly<Record<string, string>> = {
  '<': 'HTML tags in it',
  '&': 'HTML entities in it',
  '%': 'percent-encoded as in a link',
  '=': 'quoted-printable escapes in it',
  '\\': 'backslash escapes in it',
};

/** Empty for an unaltered code. */
export function fixesOf(piece: string): readonly string[] {
  const { rest, escapes } = withoutEscapes(piece);
  const lines = rest.split(LINE_END).length;
  const found = SIGNS.filter(([sign]) => sign.test(rest)).map(([, what]) => what);
  const all = [...found, ...escapes];
  return lines > 1 ? [`wrapped over ${lines} lines`, ...all] : all;
}

/** The letters of tags and entities are not the code's. */
function withoutEscapes(piece: string): { readonly rest: string; readonly escapes: readonly string[] } {
  const escapes = new Set<string>();
  let rest = '';
  for (let unit = 0; unit < piece.length; ) {
    const sign = piece.charAt(unit);
    const escaped = ESCAPES.includes(sign) ? escapeAt(piece, unit) : null;
    if (escaped === null) rest += sign;
    else escapes.add(ESCAPED[sign] ?? 'escapes in it');
    unit = escaped?.end ?? unit + 1;
  }
  return { rest, escapes: [...escapes] };
}
