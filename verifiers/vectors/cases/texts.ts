/** Whole texts: which line or word of one is the code, and what is the matter where none is. */
import { CODE, codeOf, grouped, mistyped, readCase } from '../build.ts';
import type { ReadCase } from '../published.ts';

const OTHER = codeOf({ seats: 2 });
const PROSE = 'Thank you for buying Acme Editor!';

/** One line or word of each is the code. */
const FOUND: readonly (readonly [string, string])[] = [
  ['a line among others, LF', `${PROSE}\n${CODE}\nYours`],
  ['a line among others, CRLF', `${PROSE}\r\n${CODE}\r\nYours`],
  ['a line in groups among others, LF', `${PROSE}\n${grouped(' ')}\nYours!`],
  ['a line in groups among others, CRLF', `${PROSE}\r\n${grouped(' - ')}\r\nYours!`],
  ['a line in groups among others, lone carriage returns', `${PROSE}\r${grouped(' ')}\rYours!`],
  ['a line in groups among others, U+2028', `${PROSE}\u2028${grouped(' ')}\u2028Yours!`],
  ['a line in groups among others, U+2029', `${PROSE}\u2029${grouped(' ')}\u2029Yours!`],
  ['a quoted line in groups among others', `> ${PROSE}\n> > ${grouped(' ')}\n> Yours!`],
  ['a lower-case line among others', `${PROSE}\n${CODE.toLowerCase()}\nYours`],
  ['a word behind another', `Code: ${CODE}`],
  ['a word before others', `${CODE} (keep this!)`],
  ['a word among others', `Your code is ${CODE} as of today.`],
  ['a word among words of the alphabet alone', `My code ${CODE} here`],
  ['a word behind a no-break space', `Code:\u00a0${CODE}`],
  ['a word behind a tab', `Code:\t${CODE}\tthanks`],
  ['a word behind an ideographic space', `コード:\u3000${CODE}`],
  ['a word with hyphens among others', `Code: ${grouped('-')} (keep this!)`],
  ['a word in bold among others', `Your code is **${CODE}** for good.`],
  ['a word in a code span among others', `Your code is \`${CODE}\` for good.`],
  ['a cell of a table', `| Code | Seats |\n|---|---|\n| ${CODE} | 1 |`],
  ['a numbered list item', `1. ${CODE}\n2. Start the program.`],
  ['a bullet before it', `• ${CODE}`],
  ['a signature block below', `${CODE}\n\n-- \nAcme Software, support@example.com`],
  ['a line of 160 characters that is another text', `${PROSE}\n${CODE}\n${`${CODE.slice(1)}U`}`],
];

/** Text, verdict, and the position or the count that goes with it. */
const NOT_FOUND: readonly (readonly [string, string, string, number?])[] = [
  ['two codes on two lines', `${CODE}\n${OTHER}`, 'too-long', 320],
  ['two codes as two words', `${CODE} ${OTHER}`, 'too-long', 320],
  ['two codes without anything between', CODE + OTHER, 'too-long', 320],
  ['two codes on two lines among others', `Codes:\n${CODE}\n${OTHER}`, 'bad-character', 6],
  ['two codes on one line among words', `Codes: ${CODE} ${OTHER}`, 'bad-character', 6],
  ['a code as a line and another as a word', `${CODE}\nand: ${OTHER}`, 'bad-character', 164],
  ['the same code twice among others', `Code: ${CODE}\nagain: ${CODE}`, 'bad-character', 5],
  ['a code and a line that only looks like one', `${'7'.repeat(160)}\n${CODE}`, 'too-long', 320],
  ['a code wrapped among others', `Code:\n${CODE.slice(0, 76)}\n${CODE.slice(76)}\n`, 'bad-character', 5],
  ['a full stop behind it', `${CODE}.`, 'bad-character', 161],
  ['a full stop behind it, among others', `Your code: ${CODE}.`, 'bad-character', 3],
  ['a word that is attached', `code:${CODE}`, 'bad-character', 5],
  ['in a tag', `<p>${CODE}</p>`, 'bad-character', 1],
  ['in a cell without spaces', `|${CODE}|`, 'bad-character', 1],
  ['the rest of quoted-printable', `${CODE.slice(0, 75)}=\r\n${CODE.slice(75)}`, 'bad-character', 76],
  ['a word with a character wrong, among others', `Code: ${mistyped(CODE)}`, 'mistyped'],
  ['a line with a character wrong, among others', `${PROSE}\n${mistyped(CODE)}\nYours!`, 'mistyped'],
  ['pasted twice, with a character wrong in the second', CODE + mistyped(CODE), 'too-long', 320],
  ['pasted twice, with the same character wrong', mistyped(CODE) + mistyped(CODE), 'mistyped'],
  ['pasted three times', CODE + CODE + CODE, 'too-long', 480],
  ['no character at all', '', 'empty'],
  ['hyphens, marks and what cannot be seen', '> -- `*_*` \u2014\u200b\ufeff\u00ad\u2212\r\n', 'empty'],
  ['one character', '2', 'too-short', 1],
  ['one character among what is dropped', ' > 2 -', 'too-short', 1],
  ['159 characters, the first missing', CODE.slice(1), 'too-short', 159],
  ['159 characters in groups', grouped('-').slice(0, -1), 'too-short', 159],
  ['161 characters, one before it', `2${CODE}`, 'too-long', 161],
  ['161 characters, a letter O behind', `${CODE}O`, 'too-long', 161],
  ['319 characters', CODE + CODE.slice(1), 'too-long', 319],
  ['321 characters', `${CODE}${CODE}0`, 'too-long', 321],
  ['320 zeros, which is one text twice', '0'.repeat(320), 'mistyped'],
  ['160 zeros', '0'.repeat(160), 'mistyped'],
  ['160 letters Z', 'Z'.repeat(160), 'mistyped'],
  [
    'two neighbours swapped at the end',
    `${CODE.slice(0, -2)}${CODE.slice(-1)}${CODE.slice(-2, -1)}`,
    'mistyped',
  ],
  ['a letter U in a short text', 'ABU', 'bad-character', 3],
  ['a small u', `u${CODE.slice(1)}`, 'bad-character', 1],
  ['a letter U in a long text', `${CODE}${CODE}U`, 'bad-character', 321],
  ['a letter U behind what is dropped', `> * 2-0 \u200bU${CODE}`, 'bad-character', 3],
  ['a Greek capital alpha', CODE.replace('A', '\u0391'), 'bad-character', CODE.indexOf('A') + 1],
  ['Arabic digits', CODE.replace('9', '\u0669'), 'bad-character', CODE.indexOf('9') + 1],
  ['an accent on a letter', CODE.replace('A', 'A\u0301'), 'bad-character', CODE.indexOf('A') + 1],
  ['an accent on a digit', CODE.replace('9', '9\u0301'), 'bad-character', CODE.indexOf('9') + 2],
  ['a capital I with its dot', CODE.replace('1', '\u0130'), 'bad-character', CODE.indexOf('1') + 1],
  ['a picture behind it', `${CODE}😀`, 'bad-character', 161],
  ['a parenthesized letter', CODE.replace('H', '\u24a3'), 'bad-character', CODE.indexOf('H') + 1],
  ['a fraction', `\u00bd${CODE.slice(2)}`, 'bad-character', 2],
  ['a tilde', grouped('~'), 'bad-character', 9],
  ['a slash', grouped('/'), 'bad-character', 9],
  ['a plus sign', grouped('+'), 'bad-character', 9],
  ['a middle dot', grouped('\u00b7'), 'bad-character', 9],
  ['typographic quotation marks', `\u201c${CODE}\u201d`, 'bad-character', 1],
];

export function texts(): ReadCase[] {
  const found = FOUND.map(([name, input]) => readCase(`in a text: ${name}`, input, 'valid'));
  const notFound = NOT_FOUND.map(([name, input, verdict, number]) =>
    readCase(name, input, verdict, number === undefined ? {} : detailOf(verdict, number)),
  );
  return [...found, ...notFound];
}

function detailOf(verdict: string, number: number): Partial<ReadCase> {
  return verdict === 'bad-character' ? { position: number } : { count: number };
}
