import test from 'ava';
import { fixesOf } from '../../src/explain/fixes.ts';
import { lettersOf, pieceOf } from '../../src/explain/letters.ts';
import { CODE_LENGTH } from '../../src/license-code/armor.ts';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { storyOf } from '../kit/desk-ledger.ts';

const { code } = storyOf();
const wrapped = (width: number, between: string) =>
  (code.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(between);

/** Alterations of a code in a mail, and their descriptions. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  [code, []],
  [wrapped(72, '\n'), ['wrapped over 3 lines']],
  [wrapped(72, '\r\n'), ['wrapped over 3 lines']],
  [wrapped(72, '\n> '), ['wrapped over 3 lines', 'quoted with >', 'white space in it']],
  [
    wrapped(70, '=\n'),
    ['wrapped over 3 lines', 'broken by quoted-printable line ends (= at the end of a line)'],
  ],
  [wrapped(8, ' '), ['white space in it']],
  [wrapped(8, '\u00a0'), ['white space in it']],
  [wrapped(8, '-'), ['hyphens in it']],
  [wrapped(8, '\u2013'), ['dashes of a word processor in it']],
  [wrapped(80, '\u200b'), ['invisible characters in it']],
  [wrapped(80, '\u00ad'), ['invisible characters in it']],
  [wrapped(80, '**'), ['Markdown signs in it']],
  [code.toLowerCase(), ['lower-case letters']],
  [wrapped(40, '<br>'), ['HTML tags in it']],
  [wrapped(40, '</p>\n<p class="MsoNormal">'), ['wrapped over 4 lines', 'HTML tags in it']],
  [wrapped(40, '&nbsp;').toLowerCase(), ['lower-case letters', 'HTML entities in it']],
  [wrapped(40, '%20'), ['percent-encoded as in a link']],
  [wrapped(40, '=20\n'), ['wrapped over 4 lines', 'quoted-printable escapes in it']],
  [wrapped(40, '\\n'), ['backslash escapes in it']],
  [code.replace('0', 'O'), ['O where 0 is meant']],
  [code.replace('1', 'I'), ['I or L where 1 is meant']],
  [code.replace('2', '\uff12'), ['letters of another form, such as full-width ones']],
];

test('each alteration of a code is described, and no other', (t) => {
  for (const [piece, fixes] of CASES) t.deepEqual(fixesOf(piece), fixes, JSON.stringify(piece.slice(0, 20)));
});

test('the part of a text from which a code was read is found, whatever its alterations', (t) => {
  for (const [piece] of CASES) {
    const mail = `Hello Ada, hier ist er:\n\n"${piece}"\n\nYours, Acme.`;
    t.deepEqual(findCodes(mail), [code]);
    const letters = lettersOf(mail);
    const at = letters.letters.indexOf(code);
    t.true(at >= 0, JSON.stringify(piece.slice(0, 20)));
    t.is(pieceOf(letters, at, CODE_LENGTH), piece);
  }
});
