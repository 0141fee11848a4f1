import test from 'ava';
import { isAddress, normalizeAddress } from '../../../src/domain/values/address.ts';

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

test('an address is one local part and one domain; what nobody sees, quotes, lists and lost characters are in none', (t) => {
  const long = `${'a'.repeat(64)}@${'b'.repeat(255)}`;
  for (const text of ['ada@example.com', "o'brien+x=y@example.com", 'zoë@exämple.com', 'a@b', long])
    t.true(isAddress(text), text);
  for (const text of [
    ...['', 'ada', '@example.com', 'ada@', 'ada@example.com,eve@example.com', 'Ada <ada@example.com>'],
    ...[
      '"a b"@example.com',
      'a b@example.com',
      'ada@exa_mple.com',
      'ada@[127.0.0.1]',
      'ada@example.com\r\nBcc: x',
    ],
    ...['ada\0@example.com', 'ada\u200b@example.com', 'ada@example.com\u202e', '\ufeffada@example.com'],
    ...['\ud800@example.com', '\ufffd@example.com', `${'a'.repeat(65)}@x`, `a@${'b'.repeat(300)}`],
  ])
    t.false(isAddress(text), JSON.stringify(text));
});
