/** Tolerated characters: each code contains ignored or look-alike characters and reads like the plain code. */
import { CODE, codeOf, grouped, readCase } from '../build.ts';
import type { ReadCase } from '../published.ts';

type Named = readonly (readonly [string, string])[];

const BETWEEN: Named = [
  ['tabs', '\t'],
  ['line feeds', '\n'],
  ['vertical tabs and form feeds', '\v\f'],
  ['lone carriage returns', '\r'],
  ['CRLF', '\r\n'],
  ['spaces', ' '],
  ['next line, U+0085', '\u0085'],
  ['no-break spaces, U+00A0', '\u00a0'],
  ['Ogham space marks, U+1680', '\u1680'],
  ['the spaces U+2000 to U+200A', '\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a'],
  ['line separators, U+2028', '\u2028'],
  ['paragraph separators, U+2029', '\u2029'],
  ['narrow no-break spaces, U+202F', '\u202f'],
  ['mathematical spaces, U+205F', '\u205f'],
  ['ideographic spaces, U+3000', '\u3000'],
  ['zero-width spaces, U+200B', '\u200b'],
  ['zero-width non-joiners and joiners, U+200C and U+200D', '\u200c\u200d'],
  ['direction marks, U+200E and U+200F', '\u200e\u200f'],
  ['word joiners, U+2060', '\u2060'],
  ['invisible operators, U+2061 to U+2064', '\u2061\u2062\u2063\u2064'],
  ['direction embeddings and overrides, U+202A to U+202E', '\u202a\u202b\u202c\u202d\u202e'],
  ['direction isolates, U+2066 to U+2069', '\u2066\u2067\u2068\u2069'],
  ['variation selectors, U+FE0E and U+FE0F', '\ufe0e\ufe0f'],
  ['soft hyphens, U+00AD', '\u00ad'],
  ['byte-order marks, U+FEFF', '\ufeff'],
  ['two hyphens', '--'],
  ['hyphens, U+2010', '\u2010'],
  ['no-break hyphens, U+2011', '\u2011'],
  ['figure dashes, U+2012', '\u2012'],
  ['en dashes, U+2013', '\u2013'],
  ['em dashes, U+2014', '\u2014'],
  ['horizontal bars, U+2015', '\u2015'],
  ['hyphen bullets, U+2043', '\u2043'],
  ['minus signs, U+2212', '\u2212'],
  ['dashes of two and three em, U+2E3A and U+2E3B', '\u2e3a\u2e3b'],
  ['small and full-width hyphens, U+FE58, U+FE63 and U+FF0D', '\ufe58\ufe63\uff0d'],
  ['hyphens of other scripts, U+058A, U+05BE, U+1400 and U+1806', '\u058a\u05be\u1400\u1806'],
  ['East Asian dashes, U+301C, U+3030 and U+30A0', '\u301c\u3030\u30a0'],
  ['quoting marks', '>'],
  ['quoting marks, full-width, U+FF1E', '\uff1e'],
  ['asterisks', '*'],
  ['underscores', '_'],
  ['backticks', '`'],
];

/** Characters that NFKC turns into letters and digits of a code. */
const FORMS: readonly (readonly [string, (letter: string) => string])[] = [
  ['full-width letters and digits', (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)],
  ['full-width lower case', (letter) => shift(letter, /[A-Z]/, 0xff41 - 0x41)],
  ['mathematical bold letters', (letter) => shift(letter, /[A-Z]/, 0x1d400 - 0x41)],
  ['mathematical bold digits', (letter) => shift(letter, /[0-9]/, 0x1d7ce - 0x30)],
  ['mathematical monospace letters', (letter) => shift(letter, /[A-Z]/, 0x1d670 - 0x41)],
  ['circled capital letters', (letter) => shift(letter, /[A-Z]/, 0x24b6 - 0x41)],
  ['circled small letters', (letter) => shift(letter, /[A-Z]/, 0x24d0 - 0x41)],
  ['circled digits', (letter) => shift(letter, /[1-9]/, 0x2460 - 0x31)],
  ['subscript digits', (letter) => shift(letter, /[0-9]/, 0x2080 - 0x30)],
  ['superscript digits', (letter) => (/[0-9]/.test(letter) ? '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(letter)) : letter)],
  ['the Kelvin sign for K', (letter) => (letter === 'K' ? '\u212a' : letter)],
  ['the long s for S', (letter) => (letter === 'S' ? '\u017f' : letter)],
  ['Roman numerals for 1, C, D, M, V and X', (letter) => ROMAN.get(letter) ?? letter],
  ['lower case', (letter) => letter.toLowerCase()],
  ['small i for 1', (letter) => (letter === '1' ? 'i' : letter)],
  ['capital L for 1', (letter) => (letter === '1' ? 'L' : letter)],
  ['small o for 0', (letter) => (letter === '0' ? 'o' : letter)],
  ['dotless i for 1', (letter) => (letter === '1' ? '\u0131' : letter)],
  ['full-width I and L for 1, O for 0', (letter) => ({ '1': 'Ｉ', '0': 'Ｏ' })[letter] ?? letter],
  ['full-width small l for 1, o for 0', (letter) => ({ '1': 'ｌ', '0': 'ｏ' })[letter] ?? letter],
];

const ROMAN = new Map([
  ['1', 'Ⅰ'],
  ['C', 'Ⅽ'],
  ['D', 'Ⅾ'],
  ['M', 'Ⅿ'],
  ['V', 'Ⅴ'],
  ['X', 'Ⅹ'],
]);

const AROUND: Named = [
  ['a byte-order mark before it, a line feed behind', `\ufeff${CODE}\n`],
  ['quoted three levels deep and wrapped', `>>> ${grouped('\r\n>>> ')}`],
  ['quoted with a space behind each mark, and wrapped', `> > > ${grouped('\n> > > ')}`],
  ['a Markdown fence', `\`\`\`\n${CODE}\n\`\`\``],
  ['Markdown bold and italic', `***${CODE}***`],
  ['a Markdown list item', `* ${CODE}`],
  ['blank lines between the parts', grouped('\n\n')],
  ['every character on a line of its own', [...CODE].join('\n')],
  ['a hyphen between all characters', [...CODE].join('-')],
  ['a thousand spaces before it', `${' '.repeat(1000)}${CODE}`],
  ['pasted twice, nothing between', CODE + CODE],
  ['pasted twice, on two lines', `${CODE}\r\n${CODE}\r\n`],
  ['pasted twice, once in lower case', `${CODE} ${CODE.toLowerCase()}`],
  ['pasted twice, once in groups', `${grouped('-')}\n${CODE}`],
  ['pasted twice, once full-width', CODE + wide(CODE)],
];

function shift(letter: string, which: RegExp, by: number): string {
  return which.test(letter) ? String.fromCodePoint((letter.codePointAt(0) ?? 0) + by) : letter;
}

function wide(code: string): string {
  return [...code].map((letter) => shift(letter, /./, 0xfee0)).join('');
}

/** A code that contains all letters, so that each form has letters to replace. */
const RICH = codeOf({ licenseId: '01234567-89ab-cdef-0123-456789abcdef', features: 0x1a2b3c });

export function tolerances(): ReadCase[] {
  const between = BETWEEN.map(([name, separator]) =>
    readCase(`between groups: ${name}`, grouped(separator), 'valid'),
  );
  const forms = FORMS.map(([name, form]) => {
    const input = [...RICH].map(form).join('');
    if (input === RICH) throw new Error(`no letter changes: ${name}`);
    return readCase(`written as: ${name}`, input, 'valid');
  });
  const around = AROUND.map(([name, input]) => readCase(name, input, 'valid'));
  return [...between, ...forms, ...around];
}
