import test from 'ava';
import { AppError } from '../../src/errors.ts';
import { parseForm } from '../../src/marketplaces/form.ts';
import fc from '../kit/fast-check.ts';

const parse = (text: string) => parseForm(Buffer.from(text));

test('fields keep the order in which they came and are decoded once: + is a space, %2B a plus', (t) => {
  t.deepEqual(
    [...parse('b=1&a=x+y&c=%2B%2520&d=%C3%9C%f0%9f%98%80&e=a=b')],
    [
      ['b', '1'],
      ['a', 'x y'],
      ['c', '+%20'],
      ['d', 'Ü😀'],
      ['e', 'a=b'],
    ],
  );
});

test('empty values stay, a name without = has an empty one, and stray & are passed over', (t) => {
  t.deepEqual(
    [...parse('a=&b&&c=&')],
    [
      ['a', ''],
      ['b', ''],
      ['c', ''],
    ],
  );
  t.is(parse('').size, 0);
});

test('a name is flat, whatever dots or brackets are in it, and __proto__ is a name like any other', (t) => {
  t.deepEqual(
    [...parse('a.b=1&a[b]=2&a[]=3&a%5B%5D%5B%5D=4&__proto__=5&constructor=6').keys()],
    ['a.b', 'a[b]', 'a[]', 'a[][]', '__proto__', 'constructor'],
  );
});

test('NUL is a character like any other: whether a field decides anything, its reader knows', (t) => {
  t.deepEqual(
    [...parse('a=%00&b=\0&c%00d=1')],
    [
      ['a', '\0'],
      ['b', '\0'],
      ['c\0d', '1'],
    ],
  );
});

test('valid UTF-8 is taken raw as well as percent-encoded', (t) => {
  t.is(parse('name=Ünï😀').get('name'), 'Ünï😀');
  t.is(parse('name=%EF%BB%BFx').get('name'), '\ufeffx');
});

const FAULTS: readonly (readonly [string, string | Buffer])[] = [
  ['a lone %', 'a=%'],
  ['half an escape', 'a=%4'],
  ['an escape that is none', 'a=%zz'],
  ['a broken escape in a name', '%=a'],
  ['percent-encoded bytes that are no UTF-8', 'a=%FF'],
  ['a percent-encoded overlong form', 'a=%C0%80'],
  ['a percent-encoded surrogate', 'a=%ED%A0%80'],
  ['raw bytes that are no UTF-8', Buffer.from([0x61, 0x3d, 0xff])],
  ['a raw overlong form', Buffer.from([0x61, 0x3d, 0xc0, 0xaf])],
  ['a name that comes twice', 'a=1&b=2&a=1'],
  ['a name that comes twice, once percent-encoded', 'p_quantity=1&p%5Fquantity=2'],
  ['a name that comes twice, once with + and once with %20', 'a+b=1&a%20b=2'],
  ['an empty name', '=1'],
  ['501 fields', Array.from({ length: 501 }, (_, i) => `f${i}=`).join('&')],
];

for (const [what, form] of FAULTS) {
  test(`${what} is malformed`, (t) => {
    const error = t.throws(() => parseForm(Buffer.from(form)), { instanceOf: AppError });
    t.is(error?.code, 'malformed_request');
  });
}

test('500 fields are not too many', (t) => {
  t.is(parse(Array.from({ length: 500 }, (_, i) => `f${i}=`).join('&')).size, 500);
});

test('whatever fields a client encodes are read back the same', (t) => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  const fields = fc.uniqueArray(
    fc.tuple(
      text.filter((name) => name !== ''),
      text,
    ),
    {
      selector: ([name]) => name,
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(fields, (given) => {
      t.deepEqual([...parse(new URLSearchParams(given).toString())], given);
    }),
  );
  t.pass();
});

test('any bytes are fields or malformed, never another error', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        parseForm(Buffer.from(bytes));
      } catch (error) {
        t.true(error instanceof AppError && error.code === 'malformed_request');
      }
    }),
  );
  t.pass();
});
