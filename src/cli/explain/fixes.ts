/** Alterations by mail programs and by hand that a reader undoes (license-code-v1, "Reading", step 1). */

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

/** Empty for an unaltered code. */
export function fixesOf(piece: string): readonly string[] {
  const lines = piece.split(LINE_END).length;
  const found = SIGNS.filter(([sign]) => sign.test(piece)).map(([, what]) => what);
  return lines > 1 ? [`wrapped over ${lines} lines`, ...found] : found;
}
