import test from 'ava';
import baseX from 'base-x';
import { ALPHABET, armor, unarmor } from '../../src/license-code/armor.ts';
import fc from '../kit/fast-check.ts';

const reference = baseX(ALPHABET);
const hundredBytes = fc
  .tuple(fc.integer({ min: 0x10, max: 0xff }), fc.uint8Array({ minLength: 99, maxLength: 99 }))
  .map(([first, rest]) => Uint8Array.of(first, ...rest));

test('armor encodes and decodes like base-x if the first of 100 bytes is at least 0x10', (t) => {
  fc.assert(
    fc.property(hundredBytes, (bytes) => {
      const text = armor(bytes);
      t.is(text, reference.encode(bytes));
      t.deepEqual(unarmor(text), bytes);
      t.deepEqual(unarmor(text), Uint8Array.from(reference.decode(text)));
    }),
    { numRuns: 300 },
  );
});

test('control: base-x encodes 100 bytes that begin with two 0 bytes differently', (t) => {
  const bytes = new Uint8Array(100).fill(0xff, 2);
  t.not(armor(bytes), reference.encode(bytes));
});

test('the alphabet is base32 without I, L, O and U', (t) => {
  t.is(new Set(ALPHABET).size, 32);
  t.notRegex(ALPHABET, /[ILOU]/);
});

test('a wrong length or a character outside the alphabet throws a RangeError', (t) => {
  for (const length of [0, 99, 101])
    t.throws(() => armor(new Uint8Array(length)), { instanceOf: RangeError });
  for (const text of ['', '0'.repeat(159), '0'.repeat(161), `${'0'.repeat(159)}u`, `É${'0'.repeat(159)}`]) {
    t.throws(() => unarmor(text), { instanceOf: RangeError });
  }
});
