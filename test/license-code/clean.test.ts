import test from 'ava';
import fc from 'fast-check';
import { clean } from '../../src/license-code/clean.ts';
import { dropMeaningless, fold, MOST_OF_ONE, readLookAlikes } from '../../src/license-code/fold.ts';
import { mint } from '../kit/sample-codes.ts';

const code = mint();
const between = (separator: string) => code.replace(/.{10}/g, `$&${separator}`);

const MEANINGLESS: Record<string, readonly number[]> = {
  'white space': [
    0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2003, 0x2028, 0x2029, 0x202f, 0x3000,
  ],
  'zero-width characters': [
    0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060, 0x2061, 0x2064, 0xfeff, 0xfe0f, 0x202e,
  ],
  'hyphens and dashes': [
    0x2d, 0xad, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2043, 0x2212, 0xfe63, 0xff0d,
  ],
  'Markdown and quoting': [0x3e, 0x2a, 0x5f, 0x60, 0xff1e],
};

for (const [kind, points] of Object.entries(MEANINGLESS)) {
  test(`${kind} mean nothing anywhere in a code`, (t) => {
    for (const point of points) {
      t.is(clean(between(String.fromCodePoint(point))), code, `U+${point.toString(16)}`);
    }
  });
}

test('control: other punctuation is not dropped', (t) => {
  for (const mark of ['.', '+', '/', '"', '~', '=', '\u0000', '\u0301']) t.not(clean(between(mark)), code);
});

test('case, width, ligatures and letters that look alike are read as one form', (t) => {
  t.is(clean('iIlLıｌⅠ'), '1111111');
  t.is(clean('oOＯ０⓪'), '00000');
  t.is(clean('ﬁ'), 'F1');
  t.is(clean('ß'), 'SS');
  t.is(clean('ſK'), 'SK');
  t.is(clean('İ'), 'İ');
});

test('a text of two equal halves of 160 was pasted twice; other halves and thirds were not', (t) => {
  t.is(clean(code + code), code);
  t.is(clean(`${code.toLowerCase()} - ${code}`), code);
  t.is(clean(code + mint({ seats: 9 })).length, 320);
  t.is(clean(code + code + code).length, 480);
});

test('the only line or word that is a code is the code', (t) => {
  t.is(clean(`Dear customer,\n${code}\nYours!`), code);
  t.is(clean(`Dear customer,\n> ${between(' - ')}\r\nYours!`), code);
  t.is(clean(`Your code: ${code} (keep it!)`), code);
  t.is(clean(`Your code:\u2028${code}\u2028(keep it!)`), code);
});

test('of two codes in a text none is chosen', (t) => {
  const other = mint({ seats: 9 });
  for (const text of [
    `Codes: ${code} ${other} !`,
    `Codes:\n${code}\n${other}`,
    `Codes:\n${code}\n(again: ${code} )`,
  ]) {
    t.true(clean(text).startsWith('C0DES:'), text);
  }
});

test('a line or word that is a code but for a character is not chosen', (t) => {
  for (const near of [`${code}0`, code.slice(1), `${code}.`, `U${code.slice(1)}`]) {
    t.not(clean(`Your code:\n${near}`), code);
  }
});

test('folding makes no more than four letters of a code of one unit', (t) => {
  for (let point = 0; point <= 0x10ffff; point++) {
    const text = String.fromCodePoint(point);
    const letters = readLookAlikes(dropMeaningless(fold(text)));
    if (/[^0-9A-HJKMNP-TV-Z]/.test(letters)) continue;
    if (letters.length > MOST_OF_ONE * text.length) t.fail(`U+${point.toString(16)}`);
  }
  t.is(fold('Ⅷ').length, MOST_OF_ONE);
});

test('breaking long runs of marks changes nothing else', (t) => {
  const marks = '\u0301\u0316'.repeat(40);
  t.is(clean(`A${marks}`).normalize('NFKD').replace(/\p{M}/gu, ''), 'A');
  t.is(clean('\ufdfa'), '\u0635');
});

test('nothing throws, whatever the text', (t) => {
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  );
  fc.assert(
    fc.property(any, (text) => typeof clean(text) === 'string'),
    { numRuns: 2000 },
  );
  t.pass();
});
