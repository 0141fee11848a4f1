/** Characters around and in a code from different sources. Each text reads without a repair. */
import { CODE, codeOf, grouped, KEY, mistyped, OTHER_PRODUCT, readCase } from '../build.ts';
import type { ReadCase } from '../published.ts';

type Write = (code: string) => string;
type Named = readonly (readonly [string, Write])[];

const wrap = (code: string, width: number, between: string) =>
  (code.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(between);

const INSIDE: Named = [
  ['as minted', (code) => code],
  ['in lower case', (code) => code.toLowerCase()],
  ['wrapped at 76', (code) => wrap(code, 76, '\r\n')],
  ['in groups of five by dots', (code) => wrap(code, 5, '.')],
  ['in groups of eight by slashes', (code) => grouped('/', code)],
];

const AROUND: Named = [
  ['straight quotes', (code) => `"${code}"`],
  ['single quotes', (code) => `'${code}'`],
  ['quotes of books', (code) => `«${code}»`],
  ['German quotes', (code) => `„${code}“`],
  ['Japanese brackets', (code) => `「${code}」`],
  ['angle brackets', (code) => `<${code}>`],
  ['parentheses', (code) => `(${code})`],
  ['brackets', (code) => `[${code}]`],
  ['braces', (code) => `{${code}}`],
  ['a comma behind it', (code) => `${code}, thanks`],
  ['a sentence', (code) => `Is ${code} mine?`],
  ['a label without a space', (code) => `License:${code}`],
  ['a label in bold', (code) => `**License code:** ${code}`],
  ['an .env file', (code) => `A=1\nLICENSE="${code}"\nB=2\n`],
  ['a link', (code) => `acme://activate?code=${code}`],
  ['a link with more behind it', (code) => `https://acme.example/a/${code}?utm_source=mail`],
  ['an HTML anchor', (code) => `<a href="acme://activate?code=${code}">Activate</a>`],
  ['an HTML paragraph', (code) => `<p class="code" style="margin:0">${code}</p>`],
  ['a safe link behind it', (code) => `${code}<https://safe.example/?url=x>`],
  ['JSON', (code) => JSON.stringify({ license: code, seats: 1 })],
  ['CSV', (code) => `Acme Editor,"${code}",1\r\n`],
  ['cells by tabs', (code) => `Acme Editor\t${code}\t2027-12-06`],
  ['a row of a table', (code) => `| Acme | ${code} | 1 |`],
  ['BEGIN and END', (code) => `-----BEGIN LICENSE-----\n${code}\n-----END LICENSE-----`],
  ['a code fence with a language', (code) => `\`\`\`text\n${code}\n\`\`\``],
  ['a bullet', (code) => `• ${code}`],
  ['a key', (code) => `🔑${code}`],
  ['a mail', (code) => `Hello Zoë,\n\nhere is your code:\n\n${code}\n\nChoose Help > Enter License.\n`],
  ['a footer', (code) => `${code}\n\nSent from my phone`],
];

/** Each text has other characters between the characters of a code. */
const WITHIN: Named = [
  ['no-break spaces as entities', (code) => grouped('&nbsp;', code)],
  ['soft hyphens as entities', (code) => grouped('&shy;', code)],
  ['zero-width spaces as entities by number', (code) => grouped('&#8203;', code)],
  ['zero-width spaces as entities by hexadecimal number', (code) => grouped('&#x200B;', code)],
  ['entities that were escaped again', (code) => grouped('&amp;amp;nbsp;', code)],
  ['an entity beyond Unicode', (code) => grouped('&#x110000;', code)],
  ['an entity of a surrogate', (code) => grouped('&#55357;', code)],
  ['characters as entities', (code) => [...code].map((c) => `&#${c.charCodeAt(0)};`).join('')],
  [
    'characters in percent signs',
    (code) => [...code].map((c) => `%${c.charCodeAt(0).toString(16)}`).join(''),
  ],
  [
    'characters in escapes of JSON',
    (code) => [...code].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join(''),
  ],
  ['an escape of JSON for a surrogate', (code) => grouped('\\ud83d\\ude00', code)],
  ['line breaks in escapes of JSON', (code) => wrap(code, 64, '\\r\\n')],
  ['spaces in percent signs', (code) => grouped('%20', code)],
  ['no-break spaces in percent signs', (code) => grouped('%C2%A0', code)],
  ['percent signs escaped thrice', (code) => grouped('%25252520', code)],
  ['tags that let it wrap', (code) => grouped('<wbr>', code)],
  ['tags with line breaks', (code) => wrap(code, 40, '<br\n/>\n')],
  ['a tag of 160 code points within', (code) => grouped(`<a ${'🔑'.repeat(157)}>`, code)],
  ['soft line breaks', (code) => wrap(code, 75, '=\r\n')],
  ['soft line breaks with a space before them', (code) => wrap(code, 72, '=20=\r\n')],
  ['no-break spaces in quoted-printable', (code) => grouped('=C2=A0', code)],
  ['line breaks in quoted-printable', (code) => wrap(code, 40, '=0D=0A')],
  ['no-break spaces in the wrong character set', (code) => grouped('Â\u00a0', code)],
  ['no-break spaces in the wrong character set, as spaces', (code) => grouped('Â ', code)],
  ['zero-width spaces in the wrong character set', (code) => grouped('â€‹', code)],
  ['dashes in Latin-1', (code) => grouped('â\u0080\u0093', code)],
  ['byte-order marks in the wrong character set', (code) => grouped('ï»¿', code)],
  ['bars', (code) => `| ${wrap(code, 50, '\n| ')}`],
  ['bars and quoting marks', (code) => `> | ${wrap(code, 50, '\n> | ')}`],
  ['continued lines of a shell', (code) => wrap(code, 64, ' \\\n  ')],
  ['commas', (code) => grouped(', ', code)],
  ['colons', (code) => grouped(':', code)],
  ['all marks of ASCII', (code) => grouped('!"#$\'()*+,-./:;>?@[]^_`{|}~', code)],
  ['bullets', (code) => grouped(' • ', code)],
  ['replacement characters', (code) => grouped('\ufffd', code)],
  ['directions', (code) => `\u202d${grouped('\u200e', code)}\u202c`],
];

/** A code after a prefix that ends in letters of the alphabet. */
const BEHIND: Named = [
  ['an equals sign in quoted-printable', (code) => `code=3D${code}`],
  ['an equals sign in quoted-printable, lower case', (code) => `code=3d${code}`],
  ['an equals sign in percent signs', (code) => `https://x.example/?u=code%3D${code}%26y%3D1`],
  ['an equals sign escaped twice', (code) => `https://x.example/?u=code%253D${code}%2526y`],
  ['an equals sign, which is no escape before 20', (code) => `code=${code}`],
  ['a quotation mark as an entity', (code) => `value=&quot;${code}&quot;`],
  ['an ampersand as an entity', (code) => `?a=b&amp;${code}&amp;c`],
  ['a percent sign that is no escape', (code) => `100% ${code}`],
  ['a tag that is none', (code) => `a < b ${code} c > d`],
];

const OTHER_CODE = codeOf({ product: OTHER_PRODUCT });

const BESIDE: Named = [
  ['a code of another product before it', (code) => `${OTHER_CODE}\n${code}`],
  ['a code of another product behind it', (code) => `${code}\n${OTHER_CODE}`],
  ['a code of an unknown key', (code) => `${codeOf({ keyId: KEY.stranger })}\n${code}`],
  ['a forged code', (code) => `${codeOf({ seats: 9 }, KEY.stranger)}\n${code}`],
  [
    'three forged codes',
    (code) => `${[7, 8, 9].map((seats) => codeOf({ seats }, KEY.stranger)).join('\n')}\n${code}`,
  ],
  ['a code with two slips', (code) => `${mistyped(code)}\n${code}`],
  ['half of it', (code) => `${code.slice(0, 80)}\n\n${code}`],
  ['no gap to itself, wrapped', (code) => wrap(code.repeat(3), 76, '\n')],
  [
    '65,376 spaces, so that it ends at the last character that is looked at',
    (code) => ' '.repeat(65_376) + code,
  ],
  ['32,688 pictures, of which each is two units of UTF-16', (code) => '😀'.repeat(65_376) + code],
];

export function surroundings(): ReadCase[] {
  const crossed = AROUND.flatMap(([around, writeAround], i) =>
    INSIDE.filter((_, j) => j === 0 || (i + j) % 2 === 0).map(([inside, writeInside]): [string, string] => [
      `around, ${inside}: ${around}`,
      writeAround(writeInside(CODE)),
    ]),
  );
  const named = (prefix: string, list: Named) =>
    list.map(([name, write]): [string, string] => [`${prefix}: ${name}`, write(CODE)]);
  return [...crossed, ...named('within', WITHIN), ...named('behind', BEHIND), ...named('beside', BESIDE)].map(
    ([name, input]) => readCase(name, input, 'valid', { code: CODE, repaired: null }),
  );
}
