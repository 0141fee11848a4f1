import test from 'ava';
import { normalizeAddress } from '../../src/domain/address.ts';

test('spellings of one address are equal: case beyond ASCII, composed letters, surrounding white space', (t) => {
  const same = [
    ['Ada@Example.COM', 'ada@example.com'],
    ['ÄNNE.ÖST@example.com', 'änne.öst@EXAMPLE.com'],
    ['rene\u0301@example.com', 'ren\u00e9@example.com'],
    [' ada@example.com\n', 'ada@example.com'],
    ['\u0130@example.com', 'i\u0307@example.com'],
  ] as const;
  for (const [one, other] of same) t.is(normalizeAddress(one), normalizeAddress(other), one);
});

test('other letters are another address, and a second normalization is a no-op', (t) => {
  t.not(normalizeAddress('rene@example.com'), normalizeAddress('ren\u00e9@example.com'));
  t.not(normalizeAddress('a.da@example.com'), normalizeAddress('ada@example.com'));
  for (const text of ['Ä\u0301@X', '\u1e9e@x', 'İ', 'ﬀ@x']) {
    t.is(normalizeAddress(normalizeAddress(text)), normalizeAddress(text), text);
  }
});

test('an address is looked up in lower case', (t) => {
  t.is(normalizeAddress(' Ada@Example.COM '), 'ada@example.com');
});
