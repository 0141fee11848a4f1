/** One typing slip: the change of the code is known, so the expected repair is known too. */
import { ALPHABET } from '../../../src/license-code/armor.ts';
import { CODE, codeOf, KEY, LICENSE, OTHER_PRODUCT, PRODUCT, readCase } from '../build.ts';
import type { ReadCase, VectorRepair } from '../published.ts';
import { LAYOUTS, type Layout, lay } from './layout.ts';

interface Slip {
  readonly name: string;
  readonly characters: readonly string[];
  readonly kind: VectorRepair['kind'];
  /** The index of the reported character, from 0. */
  readonly place: number;
  readonly was: string;
  readonly is: string;
}

const LAST = CODE.length - 1;
const PLACES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 33, 54, 80, 99, 127, 150, 155, 156, 157, 158, 159] as const;
/** Other letters, letters of other scripts, and marks. */
const STRANGERS = ['U', 'u', '\u0410', '\u0391', '\u0669', 'É', '\u0130', '中', '𐐀'] as const;

function otherThan(letter: string, step: number): string {
  return ALPHABET.charAt((ALPHABET.indexOf(letter) + 1 + (step % 31)) % 32);
}

function substituted(place: number, was: string): Slip {
  const is = CODE.charAt(place);
  const characters = [...CODE.slice(0, place), was, ...CODE.slice(place + 1)];
  return { name: `${is} typed as ${was} at ${place + 1}`, characters, kind: 'substitution', place, was, is };
}

function swapped(place: number): Slip {
  const is = CODE.slice(place, place + 2);
  const was = `${is.charAt(1)}${is.charAt(0)}`;
  const characters = [...CODE.slice(0, place), ...was, ...CODE.slice(place + 2)];
  return { name: `${is} typed as ${was} at ${place + 1}`, characters, kind: 'swap', place, was, is };
}

/** Of equal characters in a row the first is reported. */
function firstAlike(text: string, place: number): number {
  let first = place;
  while (first > 0 && text[first - 1] === text[place]) first--;
  return first;
}

function omitted(place: number): Slip {
  const is = CODE.charAt(place);
  const characters = [...CODE.slice(0, place), ...CODE.slice(place + 1)];
  return {
    name: `${is} left out at ${place + 1}`,
    characters,
    kind: 'omission',
    place: firstAlike(CODE, place),
    was: '',
    is,
  };
}

function inserted(place: number, was: string): Slip {
  const characters = [...CODE.slice(0, place), was, ...CODE.slice(place)];
  const told = ALPHABET.includes(was) ? firstAlike(characters.join(''), place) : place;
  return { name: `${was} put in at ${place + 1}`, characters, kind: 'insertion', place: told, was, is: '' };
}

function caseOf({ name, characters, kind, place, was, is }: Slip, layout: Layout): ReadCase {
  const { text, positions } = lay(characters, layout);
  const position =
    kind === 'omission' && place === characters.length
      ? (positions[place - 1] ?? 0) + 1
      : (positions[place] ?? 0);
  const repaired = { kind, position, was, is };
  return readCase(`one slip, ${layout.name}: ${name}`, text, 'valid', { code: CODE, repaired });
}

function allSlips(): Slip[] {
  const unlike = PLACES.filter((place) => place < LAST && CODE[place] !== CODE[place + 1]);
  return [
    ...PLACES.map((place, i) => substituted(place, otherThan(CODE.charAt(place), 7 * i))),
    ...STRANGERS.map((was, i) => substituted(20 + 11 * i, was)),
    ...unlike.map(swapped),
    ...PLACES.map(omitted),
    ...PLACES.map((place, i) => inserted(place, otherThan(CODE.charAt(place), 5 * i))),
    // At an end of the code a wrong character is not a slip, because the code next to it is complete.
    ...STRANGERS.map((was, i) => inserted(12 + 13 * i, was)),
    inserted(40, '\u0301'),
    inserted(CODE.length, 'O'),
  ];
}

/** Codes with a slip and another fault, and genuine codes that are not valid on the day. */
function judged(): ReadCase[] {
  const slip = (code: string) => `${code.slice(0, 70)}U${code.slice(71)}`;
  const test = codeOf({ test: true, keyId: KEY.test });
  const expired = codeOf({ lastValid: '2026-11-20' });
  const told = (code: string) => ({
    code,
    repaired: { kind: 'substitution' as const, position: 71, was: 'U', is: code.charAt(70) },
  });
  return [
    readCase('one slip, in a test code', slip(test), 'test-code', told(test)),
    readCase('one slip, in a test code where tests are accepted', slip(test), 'valid', {
      allowTest: true,
      ...told(test),
    }),
    readCase('one slip, expired', slip(expired), 'expired', told(expired)),
    readCase('one slip, revoked', slip(CODE), 'revoked', { revoked: [LICENSE.licenseId], ...told(CODE) }),
    readCase('one slip, signed by a stranger', slip(codeOf({}, KEY.stranger)), 'bad-character', {
      position: 71,
      group: 9,
    }),
    readCase(
      "one slip, in another product's code",
      slip(codeOf({ product: OTHER_PRODUCT })),
      'bad-character',
      {
        position: 71,
        group: 9,
      },
    ),
    readCase(
      'one slip, of a product that reads it as its own',
      slip(codeOf({ product: OTHER_PRODUCT })),
      'valid',
      {
        product: OTHER_PRODUCT,
      },
    ),
    readCase(
      'one slip, and a whole forged code beside it',
      `${codeOf({ seats: 9 }, KEY.stranger)}\n${slip(CODE)}`,
      'valid',
      told2(CODE),
    ),
    readCase(
      'one slip, behind five forged codes: no signature is checked any more',
      `${[5, 6, 7, 8, 9].map((seats) => codeOf({ seats }, KEY.stranger)).join('\n')}\n${slip(CODE)}`,
      'forged',
    ),
    readCase(
      'one slip, behind four forged codes',
      `${[6, 7, 8, 9].map((seats) => codeOf({ seats }, KEY.stranger)).join('\n')}\n${slip(CODE)}`,
      'valid',
      { code: CODE },
    ),
    readCase('one slip, beside a whole code of the same license', `${slip(CODE)}\n${CODE}`, 'valid', {
      code: CODE,
      repaired: null,
    }),
    readCase(
      `one slip, behind 15 words that begin as a code of ${PRODUCT}`,
      `${`${CODE.slice(0, 8)}\n\n`.repeat(15)}${slip(CODE)}`,
      'valid',
      { code: CODE },
    ),
    readCase(
      `one slip, behind 16 words that begin as a code of ${PRODUCT}`,
      `${`${CODE.slice(0, 8)}\n\n`.repeat(16)}${slip(CODE)}`,
      'too-short',
      { count: 8, group: null },
    ),
    readCase(
      'one slip, behind 20 numbers that begin with the first three characters of a code',
      `${'200 '.repeat(20)}${slip(CODE)}`,
      'valid',
      { code: CODE },
    ),
    readCase('one slip, with a letter of the next word attached', `${slip(CODE)}A`, 'bad-character', {
      position: 71,
    }),
  ];
}

function told2(code: string): Partial<ReadCase> {
  return { code, repaired: { kind: 'substitution', position: 232, was: 'U', is: code.charAt(70) } };
}

export function slips(): ReadCase[] {
  const [alone, ...others] = LAYOUTS;
  if (alone === undefined) return [];
  const all = allSlips();
  const cases = all.map((slip) => caseOf(slip, alone));
  // After the last separator the extra character is a separate word, and the 160 characters before it are one slip away.
  const amongOthers = all.filter(
    ({ kind, characters, place }) => kind !== 'insertion' || place < characters.length - 2,
  );
  const elsewhere = others.flatMap((layout, i) =>
    amongOthers.filter((_, j) => (i + j) % 5 === 0).map((slip) => caseOf(slip, layout)),
  );
  return [...cases, ...elsewhere, ...judged()];
}
