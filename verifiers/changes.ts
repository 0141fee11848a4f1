/** What mail programs, people and forgers make of a code: inputs of the differential run. */
import type { Random } from './random.ts';

/** Each function turns a code into a pasted text. `other` is a second code for texts with two codes. */
export type Change = (code: string, random: Random, other: string) => string;

const SPACES = [
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\v',
  '\f',
  '\u0085',
  '\u00a0',
  '\u1680',
  '\u2003',
  '\u2028',
  '\u202f',
  '\u3000',
];
const NOTHINGS = [
  '\u200b',
  '\u200d',
  '\u00ad',
  '\ufeff',
  '\u2060',
  '\u034f',
  '\u180e',
  '\u{e0020}',
  '\ufe0f',
  '\u3164',
];
const DASHES = [
  '-',
  '\u2010',
  '\u2013',
  '\u2014',
  '\u2212',
  '\uff0d',
  '\u2043',
  '\u30a0',
  '\u{10ead}',
  '~',
  '\u301c',
];
const QUOTES = ['>', '> > ', '*', '**', '_', '`', '```\n', '"', '\u201c', '<', '|', '=\n', '\\'];
const LETTERS = [
  'ß',
  'ı',
  'İ',
  'ſ',
  'ﬁ',
  'ŉ',
  'ǰ',
  'K',
  'Ⅷ',
  '㎏',
  '㎯',
  '①',
  'А',
  'Å',
  'e\u0301',
  '\u1fef',
  '😀',
  '\u0000',
  'ﷺ',
  '\ufdfb',
  '\u0345',
];
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LOOK_ALIKES: ReadonlyMap<string, readonly string[]> = new Map([
  ['1', ['I', 'l', 'i', 'L', '１', 'ℓ', 'ⅼ']],
  ['0', ['O', 'o', '０', 'º', 'Ｏ']],
  ['S', ['s', 'ſ', 'Ｓ', '𝕊']],
]);

export const CHANGES: readonly Change[] = [
  (code) => code,
  (code) => code.toLowerCase(),
  (code, random) => replaceAt(code, random, random.one([...ALPHABET])),
  (code, random) => insert(code, random, random.one([...ALPHABET])),
  (code, random) => code.slice(0, random.below(code.length)),
  (code, random) => code.slice(random.below(code.length)),
  (code, random) => code.repeat(random.below(4)),
  (code, random) => swap(code, random.below(code.length - 1)),
  (code, random) => insert(code, random, random.one(SPACES)),
  (code, random) => insert(code, random, random.one(NOTHINGS)),
  (code, random) => insert(code, random, random.one(DASHES)),
  (code, random) => insert(code, random, random.one(QUOTES)),
  (code, random) => insert(code, random, random.one(LETTERS)),
  (code, random) => replaceAt(code, random, random.one(LETTERS)),
  (code, random) => insert(code, random, random.one(LETTERS).repeat(random.below(200))),
  (code, random) => code.replaceAll(/[01S]/g, (c) => random.one(LOOK_ALIKES.get(c) ?? [c])),
  (code, random) => wrap(code, 20 + random.below(80), random.one(SPACES)),
  (code, random) => wrap(code, 1 + random.below(40), `${random.one(SPACES)}${random.one(QUOTES)} `),
  (code, random) => wrap(code, 1 + random.below(10), random.one(DASHES)),
  (code, random) => code + random.one(SPACES) + code,
  (code, random, other) => code + random.one(SPACES) + other,
  (code, random) => `Thank you!${random.one(SPACES)}${random.one(SPACES)}${code}${random.one(SPACES)}Ada`,
  (code, random) => `${random.one(QUOTES)}${code}${random.one(QUOTES)}`,
  (code, random) => `Code: ${code.toLowerCase()}${random.one(SPACES)}${random.one(LETTERS)}`,
  (code, random, other) => `${other}${random.one(SPACES)}or${random.one(SPACES)}${code}`,
  (code) => toFullWidth(code),
  (code) => wrap(code, 8, '&nbsp;'),
  (code) => wrap(code, 40, '<br>\n'),
  (code) => wrap(code, 75, '=\n'),
  (code) => encodeURIComponent(code.toWellFormed()),
  (code) => JSON.stringify({ code }),
  (code) => `acme://activate?code=${code}&x=1`,
  (code, random) =>
    wrap(
      code,
      1 + random.below(12),
      random.one(['.', '/', ' ', '\u00c2\u00a0', '%20', '=20=\r\n', '&#8203;', '\\n', '\u00e2\u20ac\u2039']),
    ),
  (code, random) =>
    insert(
      code,
      random,
      random.one(['<b>', '</b>', '&amp;', '&#65;', '%41', '=3D', '\\u0041', '<', '&', '%', '=']),
    ),
  (code, random) =>
    `${code}\n\n${random.one(['ABC261126-1234-56789', 'ada@acme.example', 'https://acme.example/', 'Thank you!'])}`,
  (code, random) => {
    const mark = random.one([
      'Ada> ',
      '>> AL> ',
      '1: ',
      '(2) ',
      '[12] ',
      '  3\t',
      '4 ',
      '12345 ',
      'Adaaaaaaaaa> ',
    ]);
    return mark + wrap(code, 20 + random.below(60), `${random.one(['\n', '\r\n', '\r', ' '])}${mark}`);
  },
  (code, random, other) => {
    const slip = (text: string) => replaceAt(text, random, random.one([...ALPHABET, 'U']));
    return `${slip(code)}${random.one(SPACES)}${random.below(2) === 0 ? other : slip(other)}`;
  },
  (code, random) =>
    wrap(
      code,
      1 + random.below(60),
      random.one(['&shy', '&nbsp', '&amp;shy', '\\par ', '\\line\n', "\\'ad", '\\pard', '3D']),
    ),
  (code, random) =>
    `${random.one(['x-3D', '*3d', '3D', '-3D 3D', "\\'", '&shy'])}${code}${random.one(['&d=1', '__;!!', ''])}`,
  (code, random) =>
    `${code.slice(0, random.below(160))} ${random.one(['thanks they', 'that was it', '2027 is', 'AbCdEfGh', '3'])}`,
  (code, random, other) => {
    const words = ['Code', 'Your code', 'x', '32m', code.slice(0, random.below(160)), other, ''];
    return `${random.one(words)}${code}${random.one([...words, '0m', 'Valid for good'])}`;
  },
  (_, random) =>
    random.one(['2026-11-21', '21-11-2026', '0192f3a1-7c4e-7d2b-9a11-5f0c3be8d671', `${'AbCd'.repeat(9)}1`]),
  (_, random) => random.one([...SPACES, ...NOTHINGS, ...DASHES, ...QUOTES, '']),
  (_, random) => Array.from({ length: random.below(400) }, () => random.one([...ALPHABET])).join(''),
  (_, random) => Array.from({ length: random.below(40) }, () => character(random)).join(''),
];

function insert(code: string, random: Random, text: string): string {
  const at = random.below(code.length + 1);
  return (code.slice(0, at) + text + code.slice(at)).toWellFormed();
}

function replaceAt(code: string, random: Random, text: string): string {
  const at = random.below(code.length + 1);
  return (code.slice(0, at) + text + code.slice(at + 1)).toWellFormed();
}

function swap(code: string, at: number): string {
  return `${code.slice(0, at)}${code.charAt(at + 1)}${code.charAt(at)}${code.slice(at + 2)}`.toWellFormed();
}

function wrap(code: string, width: number, between: string): string {
  return (code.match(new RegExp(`[^]{1,${width}}`, 'gu')) ?? []).join(between);
}

function toFullWidth(code: string): string {
  return code.replaceAll(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
}

function character(random: Random): string {
  return String.fromCodePoint(random.below(random.one([0x80, 0x3000, 0x110000]))).toWellFormed();
}
