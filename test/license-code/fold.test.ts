import test from 'ava';
import { fold, MAY_BE_MARKS, MEANINGLESS } from '../../src/license-code/fold.ts';

const MEANINGLESS_BY_PROPERTY = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Pd}\p{Dash}\u2043>*_`]/u;
const MARK_BY_PROPERTY = /[\p{M}\uff9e\uff9f]/u;
const SURROGATES = { first: 0xd800, last: 0xdfff };

const characters = Array.from({ length: 0x110000 }, (_, point) => point)
  .filter((point) => point < SURROGATES.first || point > SURROGATES.last)
  .map((point) => String.fromCodePoint(point));

const names = (found: readonly string[]) => found.map((each) => each.codePointAt(0)?.toString(16));

test('what means nothing is what Unicode has as white space, as drawn as nothing, and as a dash', (t) => {
  const written = new RegExp(`[${MEANINGLESS}]`, 'u');
  t.deepEqual(
    names(characters.filter((each) => written.test(each) !== MEANINGLESS_BY_PROPERTY.test(each))),
    [],
  );
});

test('a long run is broken at every mark, and nowhere that a letter or digit of a code may stand', (t) => {
  const broken = new RegExp(`[${MAY_BE_MARKS}]`, 'u');
  const written = characters.filter((each) => broken.test(each));
  t.deepEqual(names(characters.filter((each) => MARK_BY_PROPERTY.test(each) && !broken.test(each))), []);
  t.deepEqual(names(written.filter((each) => /[0-9A-Z]/.test(fold(each)))), []);
  t.true(written.length > 2000, 'control');
});

test('a break of a long run is dropped again', (t) => {
  t.is(fold(`A${'\u0301'.repeat(31)}`), `Á${'\u0301'.repeat(29)}\u034f\u0301`);
});

test('the two ligatures of many letters are one letter each, so that no text grows without measure', (t) => {
  t.deepEqual([fold('\ufdfa'), fold('\ufdfb')], ['\u0635', '\u062c']);
});
