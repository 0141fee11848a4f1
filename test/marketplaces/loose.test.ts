import test from 'ava';
import { idOf, pathOf } from '../../src/marketplaces/fastspring/references.ts';
import { amountOf, booleanOf, dayIn, numberOf, textOf, timeOf } from '../../src/marketplaces/loose.ts';

test('a JSON text with half a character is read so that a ledger can store it', (t) => {
  t.is(textOf(JSON.parse('"a\\ud800b"')), 'a\ufffdb');
  t.is(textOf(JSON.parse('"\\ud83d\\udc69"')), '👩');
  t.is(textOf(JSON.parse('"A\\u0000da"')), 'A\ufffdda');
});

test('a text is trimmed; a number stays as written; any other value is absent', (t) => {
  t.is(textOf(' a '), 'a');
  t.is(textOf(7), '7');
  for (const other of ['', ' ', null, undefined, true, {}, [], Number.NaN]) t.is(textOf(other), undefined);
});

test('a number can be a decimal text', (t) => {
  t.deepEqual([numberOf(1.5), numberOf('1.50'), numberOf('-2')], [1.5, 1.5, -2]);
  for (const other of ['9'.repeat(400), '4E+1', '0x10', '', null, true, Number.POSITIVE_INFINITY])
    t.is(numberOf(other), undefined);
});

test('a boolean can be a text; no other value is a boolean (69)', (t) => {
  t.deepEqual(
    [booleanOf(true), booleanOf('TRUE'), booleanOf(false), booleanOf('false')],
    [true, true, false, false],
  );
  for (const other of [null, undefined, 1, 0, 'yes', '']) t.is(booleanOf(other), undefined);
});

test('an amount below zero is unknown', (t) => {
  t.deepEqual([amountOf(0), amountOf('5.00'), amountOf(-1)], [0, 5, undefined]);
});

test('a time is whole, not before 2000 and not after the last day of a code', (t) => {
  t.is(timeOf(Date.UTC(2026, 0, 1) + 0.5), Date.UTC(2026, 0, 1));
  t.is(dayIn(String(Date.UTC(2026, 0, 31, 23))), '2026-01-31');
  t.is(dayIn(Date.UTC(2149, 5, 6)), '2149-06-06');
  for (const other of [0, null, Date.UTC(1999, 11, 31), Date.UTC(2149, 5, 7), 1e300])
    t.is(dayIn(other), undefined);
});

test('a reference is an id, or an object that has one under either name', (t) => {
  t.is(idOf('o1', 'order'), 'o1');
  t.is(idOf({ id: 'o1', order: 'o2' }, 'order'), 'o1');
  t.is(idOf({ subscription: 's1' }, 'subscription'), 's1');
  t.is(idOf({ subscription: 's1' }, 'order'), undefined);
  t.is(pathOf({ product: 'a', parent: 'b' }), 'a');
  t.is(pathOf('a'), 'a');
});
