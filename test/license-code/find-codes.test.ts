import test from 'ava';
import fc from 'fast-check';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { mint } from '../kit/sample-codes.ts';

const code = mint();
const other = mint({ seats: 9 });

test('the codes of an e-mail are found in order, each once', (t) => {
  const mail = `Thank you!\n\n${other}\n\nand for the second seat\n\n${code}\n\nAgain: ${other.toLowerCase()}.\n`;
  t.deepEqual(findCodes(mail), [other, code]);
  t.deepEqual(findCodes('Thank you for nothing.'), []);
});

test('a code is found that a mail program wrapped, quoted, grouped or marked', (t) => {
  const lines = code.match(/.{1,72}/g)!;
  for (const written of [
    lines.join('\n'),
    `> ${lines.join('\r\n> ')}`,
    `>> ${lines.join('\n>> ')}`,
    lines.join('=\r\n'),
    lines.join('=\n'),
    code.match(/.{8}/g)!.join('-'),
    `**${code}**`,
    `\`${code}\``,
    `<p>${code}</p>`,
    `(${code})`,
    `code:${code}.`,
    `${code}\n${other}`,
  ]) {
    t.is(findCodes(`Thanks\nBest regards\n${written}\nSee the attached text\n`)[0], code, written);
  }
});

test('codes that follow one another without a blank line are both found', (t) => {
  t.deepEqual(findCodes(`${code}\n${other}\n${code}`), [code, other]);
});

test('no part of a longer word is a code, and none whose check digits do not fit', (t) => {
  t.deepEqual(findCodes(`X${code}`), []);
  t.deepEqual(findCodes(`${code}0`), []);
  t.deepEqual(findCodes(code.slice(0, -1)), []);
  t.deepEqual(findCodes(`${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`), []);
});

test('nothing throws, whatever the text', (t) => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => findCodes(text).length === 0));
  t.pass();
});

test('what is not a string holds no code', (t) => {
  for (const input of [undefined, null, 7, {}, [mint()], Symbol('x')]) t.deepEqual(findCodes(input), []);
});
