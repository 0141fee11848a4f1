/** Whole texts with a code in them. */
import { CODE, grouped, mistyped, readCase } from '../build.ts';
import type { ReadCase } from '../published.ts';

const PROSE = 'Thank you for buying Acme Editor!';

/** In each text, one line or word is the code. */
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

/** Each text contains one code of a license, with other text around it. */
const FOUND_TOO: readonly (readonly [string, string])[] = [
  ['the same code twice among others', `Code: ${CODE}\nagain: ${CODE}`],
  ['a code and a line that only looks like one', `${'7'.repeat(160)}\n${CODE}`],
  ['a code wrapped among others', `Code:\n${CODE.slice(0, 76)}\n${CODE.slice(76)}\n`],
  ['a full stop behind it', `${CODE}.`],
  ['a full stop behind it, among others', `Your code: ${CODE}.`],
  ['a word that is attached', `code:${CODE}`],
  ['in a tag', `<p>${CODE}</p>`],
  ['in a cell without spaces', `|${CODE}|`],
  ['the rest of quoted-printable', `${CODE.slice(0, 75)}=\r\n${CODE.slice(75)}`],
  ['pasted twice, with two characters wrong in the second', `${CODE} ${mistyped(CODE)}`],
  ['pasted three times', CODE + CODE + CODE],
  ['an order number beside it', `ABC261126-1234-56789 ${CODE}`],
  ['a letter U behind it', `${CODE}U`],
  ['a letter U before it', `U${CODE}`],
  ['a picture behind it', `${CODE}😀`],
  ['a parenthesized letter', CODE.replace('H', '\u24a3')],
  ['a tilde', grouped('~')],
  ['a slash', grouped('/')],
  ['a plus sign', grouped('+')],
  ['a middle dot', grouped('\u00b7')],
  ['typographic quotation marks', `\u201c${CODE}\u201d`],
];

export function texts(): ReadCase[] {
  return [
    ...FOUND.map(([name, input]) => readCase(`in a text: ${name}`, input, 'valid', { code: CODE })),
    ...FOUND_TOO.map(([name, input]) => readCase(name, input, 'valid', { code: CODE, repaired: null })),
  ];
}
