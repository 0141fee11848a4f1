import test from 'ava';
import { foldOf, MOST_OF_ONE, readAs } from '../../src/license-code/fold.ts';
import { makeRows, readByRows } from '../../verifiers/fold/rows.ts';

const BEYOND_ASCII = Array.from({ length: 0x110000 - 0x80 }, (_, i) => i + 0x80).filter(
  (point) => point < 0xd800 || point > 0xdfff,
);
const names = (points: readonly number[]) => points.map((point) => point.toString(16));

test('Unicode white space, invisible characters and dashes are ignored', (t) => {
  const property = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Pd}\p{Dash}]/u;
  const missed = BEYOND_ASCII.filter((p) => property.test(String.fromCodePoint(p)) && foldOf(p) !== '');
  t.deepEqual(names(missed), []);
});

test('a character that NFKC and upper case turn into ASCII letters or digits is read as them', (t) => {
  const missed = BEYOND_ASCII.filter((point) => {
    const folded = String.fromCodePoint(point).normalize('NFKC').toUpperCase();
    return /^[0-9A-Z]+$/.test(folded) && foldOf(point) !== folded;
  });
  t.deepEqual(names(missed), []);
});

test('no letter, digit or mark of a script is ignored', (t) => {
  const dropped = BEYOND_ASCII.filter((point) => {
    const character = String.fromCodePoint(point);
    return /[\p{L}\p{Nd}\p{M}]/u.test(character) && foldOf(point) === '';
  });
  const ignorable = dropped.filter((p) => !/\p{Default_Ignorable_Code_Point}/u.test(String.fromCodePoint(p)));
  t.deepEqual(names(ignorable), []);
  t.true(dropped.length > ignorable.length, 'control');
});

test('quotes, brackets, bullets and pictures are ignored; letters of other scripts are wrong characters', (t) => {
  for (const sign of '“”„«»‹›‘’（）「」•·…€→✓😀🔑�') t.is(readAs(sign.codePointAt(0)!), '', sign);
  for (const wrong of 'АВЅÄéŉ\u0669\u0301ｕⓤ中') t.is(readAs(wrong.codePointAt(0)!), null, wrong);
});

test('width variants, circled letters, ligatures and look-alike letters are read as one form', (t) => {
  const read = (text: string) => [...text].map((each) => readAs(each.codePointAt(0)!)).join('');
  t.is(read('ＡＢⅧﬁ⑴𝐊ſıℓ⓪½ß'), 'ABV111F11KS11012SS');
});

test('no UTF-16 unit is read as more characters than the buffer has room for', (t) => {
  const most = BEYOND_ASCII.reduce(
    (max, p) => Math.max(max, (readAs(p)?.length ?? 0) / (p > 0xffff ? 2 : 1)),
    0,
  );
  t.is(most, MOST_OF_ONE);
});

test('the rows for languages without NFKC read every code point like the reference', (t) => {
  const rows = makeRows();
  t.deepEqual(names(BEYOND_ASCII.filter((point) => readByRows(rows, point) !== readAs(point))), []);
  const wrong = [{ ...rows[0]!, target: 'A' }, ...rows.slice(1)];
  t.true(
    BEYOND_ASCII.some((point) => readByRows(wrong, point) !== readAs(point)),
    'control',
  );
});
