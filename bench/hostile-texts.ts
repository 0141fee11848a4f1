/** Texts of 64 KiB that a reader may be given to make it slow, each by another way. */
import { armor, unarmor } from '../src/license-code/armor.ts';
import { crc16 } from '../src/license-code/crc16.ts';
import { LONGEST_PASTE } from '../src/license-code/reading.ts';
import { OFFSET } from '../src/license-code/record.ts';

/** The texts by what they consist of; `code` is a valid code that they are made from. */
export function hostileTexts(code: string): Readonly<Record<string, string>> {
  const slip = `${code.slice(0, 99)}${code.slice(100)}`;
  const kinds = {
    'letters with spaces': 'A ',
    heads: `${code.slice(0, 8)} `,
    'heads, every letter a word': `${[...code.slice(0, 8)].join(' ')} `,
    'tags that do not end': '<a',
    'percent signs': '%25',
    ampersands: '&amp;',
    'letters of other scripts': Array.from({ length: 21_000 }, (_, i) =>
      String.fromCharCode(0x1000 + i),
    ).join(''),
    'bold letters': '\u{1d400}\u{1d401}',
    addresses: 'a@b.c ',
    'codes with slips': `${slip}\n`,
  };
  return {
    ...Object.fromEntries(Object.entries(kinds).map(([kind, text]) => [kind, filled(text)])),
    'marks on a letter': filled(`a${'\u0301\u0316'.repeat(LONGEST_PASTE)}`),
    'signs and a letter': `${'!'.repeat(LONGEST_PASTE - 1)}x`,
    'forged codes': filled(Array.from({ length: 400 }, (_, i) => `${forged(code, i)}\n`).join('')),
  };
}

/** As long as a reader reads, without half a character at the end. */
function filled(text: string): string {
  return text.repeat(Math.ceil(LONGEST_PASTE / text.length)).slice(0, LONGEST_PASTE - (LONGEST_PASTE % 2));
}

/** With correct check digits and a wrong signature. */
function forged(code: string, number: number): string {
  const bytes = unarmor(code);
  bytes.fill(number, OFFSET.signature, OFFSET.signature + 4);
  const check = crc16(bytes, OFFSET.check);
  bytes[OFFSET.check] = check >> 8;
  bytes[OFFSET.check + 1] = check;
  return armor(bytes);
}
