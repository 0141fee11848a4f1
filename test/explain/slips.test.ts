import test from 'ava';
import { slipsOf } from '../../src/explain/slips.ts';
import { ALPHABET } from '../../src/license-code/armor.ts';
import fc from '../kit/fast-check.ts';

const CODE = '2409QC9EBRDQCEQSEKH5XY611Z5BGTTDVC';

test('a code without a slip has none, whatever follows it', (t) => {
  t.deepEqual(slipsOf(CODE, CODE), { count: 0, words: [] });
  t.deepEqual(slipsOf(`${CODE}T0VN10CK`, CODE), { count: 0, words: [] });
});

test('a wrong, a missing and a surplus character are reported with their position', (t) => {
  t.deepEqual(slipsOf(CODE.replace('QC9', 'QU9'), CODE).words, ['character 6 is U and should be C']);
  t.deepEqual(slipsOf(CODE.replace('9EBRD', '9D'), CODE).words, ['3 missing from character 8 on']);
  t.deepEqual(slipsOf(CODE.replace('QC9', 'QCX9'), CODE).words, ['X is too many before character 7']);
  t.deepEqual(slipsOf(CODE.slice(0, -2), CODE).words, ['2 missing from character 33 on']);
  t.deepEqual(slipsOf(CODE.replace('RDQC', 'RQDC'), CODE).count, 2);
});

test('a truncated code is described by its length', (t) => {
  t.deepEqual(slipsOf(CODE.slice(0, 20), CODE), {
    count: 14,
    words: ['only the first 20 of 34 characters are as they were sent'],
  });
});

test('at most as many slips are reported as were made', (t) => {
  const place = fc.integer({ min: 0, max: CODE.length - 1 });
  const letter = fc.constantFrom(...ALPHABET);
  fc.assert(
    fc.property(fc.array(fc.tuple(place, letter), { maxLength: 5 }), (slips) => {
      const pasted = [...CODE];
      for (const [at, wrong] of slips) pasted[at] = wrong;
      const differing = pasted.filter((each, index) => each !== CODE[index]).length;
      const { count, words } = slipsOf(pasted.join(''), CODE);
      t.true(count <= differing);
      t.is(words.length > 0, count > 0);
    }),
  );
});
