import test from 'ava';
import { findCodes } from '../../src/license-code/find-codes.ts';
import fc from '../kit/fast-check.ts';
import { mint } from '../kit/sample-codes.ts';

const code = mint();
const other = mint({ seats: 9 });

test('findCodes returns each code of an e-mail once, in order', (t) => {
  const mail = `Thank you!\n\n${other}\n\nand for the second seat\n\n${code}\n\nAgain: ${other.toLowerCase()}.\n`;
  t.deepEqual(findCodes(mail), [other, code]);
  t.deepEqual(findCodes('Thank you for nothing.'), []);
});

test('findCodes finds a code that a mail program wrapped, quoted, grouped or marked', (t) => {
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

test('findCodes finds adjacent codes without a blank line between them', (t) => {
  t.deepEqual(findCodes(`${code}\n${other}\n${code}`), [code, other]);
});

test('findCodes ignores parts of longer words and codes with wrong check digits', (t) => {
  t.deepEqual(findCodes(`X${code}`), []);
  t.deepEqual(findCodes(`${code}0`), []);
  t.deepEqual(findCodes(code.slice(0, -1)), []);
  t.deepEqual(findCodes(`${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`), []);
});

test('findCodes never throws', (t) => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => findCodes(text).length === 0));
  t.pass();
});

test('a value that is not a string contains no code', (t) => {
  for (const input of [undefined, null, 7, {}, [mint()], Symbol('x')]) t.deepEqual(findCodes(input), []);
});
