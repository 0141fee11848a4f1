import { createHash } from 'node:crypto';
import test from 'ava';
import { productTag, signedBytes } from '../../src/license-code/product.ts';

test('the tag is the first 3 bytes of SHA-512 of the id in UTF-8', (t) => {
  for (const product of ['acme-editor', 'fotoğraf-düzenleyici']) {
    const hash = createHash('sha512').update(product, 'utf8').digest();
    t.deepEqual(Buffer.from(productTag(product)), hash.subarray(0, 3));
    t.is(productTag(product), productTag(product));
  }
});

test('the signed bytes are context, length, product id and record', (t) => {
  const record = Uint8Array.from({ length: 34 }, (_, i) => i);
  const expected = Buffer.concat([Buffer.from('mintmark license v1\0\x03dü', 'utf8'), record]);
  t.deepEqual(Buffer.from(signedBytes('dü', record)), expected);
  t.deepEqual(Buffer.from(signedBytes('dü', new Uint8Array([...record, 99]))), expected);
  t.throws(() => signedBytes('dü', record.subarray(1)), { instanceOf: RangeError });
});

test('each call returns a new array of signed bytes', (t) => {
  const record = new Uint8Array(34);
  signedBytes('a', record).fill(7);
  t.is(signedBytes('a', record)[0], 'm'.charCodeAt(0));
});

test('a product id has 1 to 64 bytes of well-formed Unicode', (t) => {
  t.notThrows(() => productTag('ü'.repeat(32)));
  for (const product of ['', 'x'.repeat(65), 'ü'.repeat(33), '\ud800']) {
    t.throws(() => productTag(product), { instanceOf: RangeError });
  }
  t.throws(() => productTag(7 as never), { instanceOf: TypeError });
});

test('the tag cache never returns another product’s tag', (t) => {
  const tag = productTag('first').slice();
  for (let i = 0; i < 3000; i++) productTag(`product-${i}`);
  t.deepEqual(productTag('first'), tag);
});
