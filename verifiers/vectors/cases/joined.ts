/** Codes joined to the text around them: pages and fields that lose the white space between two lines. */
import { CODE, changed, codeOf, flip, KEY, mistyped, OTHER_PRODUCT, readCase } from '../build.ts';
import type { ReadCase } from '../published.ts';

const newer = codeOf({ revision: 1 });
const trial = codeOf({ trial: true });
const test = codeOf({ test: true, keyId: KEY.test });
const forged = codeOf({ seats: 9 }, KEY.stranger);
const other = codeOf({ product: OTHER_PRODUCT });

const omitted = (code: string) => code.slice(0, 90) + code.slice(91);

const VALID: readonly (readonly [string, string, string?])[] = [
  ['behind a label', `License code${CODE}`],
  ['before a word', `${CODE}Valid for good`],
  ['in lower case between words', `here is the code${CODE.toLowerCase()}to activate it`],
  ['in a mail without line breaks', `Hello Zoe,here is the code:${CODE}Choose Help > Enter License.`],
  ['behind half of it', CODE.slice(0, 97) + CODE],
  ['before half of it', CODE + CODE.slice(0, 97)],
  ['in the middle of it', CODE.slice(0, 60) + CODE + CODE.slice(60)],
  ['behind a half of last year', CODE.slice(0, 80) + newer, newer],
  ['between colors of a terminal', `\u001b[32m${CODE}\u001b[0m`],
  ['a trial', `Acme${trial}Acme`, trial],
  ['behind a code of another product', other + CODE],
  ['before a code of another product, and more', `${CODE}${other}AA`],
  ['wrapped, with a word joined to both ends', `Acme${CODE.slice(0, 80)}\n${CODE.slice(80)}Acme`],
];

export function joined(): ReadCase[] {
  return [
    ...VALID.map(([name, input, code = CODE]) =>
      readCase(`joined to other text: ${name}`, input, 'valid', { code, repaired: null }),
    ),
    readCase('joined to other text: with a slip, behind a label', `License code${omitted(CODE)}`, 'valid', {
      code: CODE,
      repaired: { kind: 'omission', position: 12 + 91, was: '', is: CODE.charAt(90) },
    }),
    readCase('joined to other text: with a slip, before a word', `${omitted(CODE)}Acme`, 'too-long', {
      count: 163,
    }),
    readCase('joined to other text: with two slips, behind a label', `Code${mistyped(CODE)}`, 'mistyped'),
    readCase('joined to other text: two characters are no text', `A${CODE}A`, 'too-long', { count: 162 }),
    readCase(
      'joined to other text: two codes of another product',
      other + changed(other, flip(40)),
      'wrong-product',
    ),
    readCase(
      'joined to other text: behind 3D, with a slip in its head',
      `x-3D${CODE.slice(0, 2)}${CODE.slice(3)}`,
      'valid',
      {
        code: CODE,
        repaired: { kind: 'omission', position: 6, was: '', is: CODE.charAt(2) },
      },
    ),
    readCase('joined to other text: a forged code', `Acme${forged}Acme`, 'forged'),
    readCase('joined to other text: a test code', `Acme${test}Acme`, 'test-code', { code: test }),
    readCase('joined to other text: a code of another product', `Acme${other}Acme`, 'too-long', {
      count: 168,
    }),
  ];
}
