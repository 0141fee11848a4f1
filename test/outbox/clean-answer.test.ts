import test from 'ava';
import { cleanAnswer } from '../../src/outbox/clean-answer.ts';

test('addresses are taken out, however they are written', (t) => {
  for (const address of [
    'ada@example.com',
    'Ada.Byron+x@mail.example',
    'ada%40example.com',
    'jörg@bücher.example',
    "o'brien@example.com",
    '".ada"@example.com',
    '"ada byron"@example.com',
    'ada&#64;example.com',
    'ada\\u0040example.com',
    'ada@[192.0.2.1]',
  ]) {
    const cleaned = cleanAnswer(`550 5.1.1 <${address}>: no such user ${address}`);
    t.is(cleaned, '550 5.1.1 <(address)>: no such user (address)', address);
  }
});

test('license codes are taken out, whole or cut', (t) => {
  const code = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.repeat(5);
  for (const text of [code, code.slice(0, 41)]) t.is(cleanAnswer(`bad ${text}.`), 'bad (long word).');
  const id = '01a1fd8d-5361-72f9-8a3e-4c0e73039cf2';
  t.is(cleanAnswer(`queued as ${id}`), `queued as ${id}`, 'an id stays');
});

test('an answer is one line of at most 500 characters', (t) => {
  t.is(cleanAnswer(' a\r\nb\u0000c '), 'a b c');
  t.is([...cleanAnswer('\u{1F600} '.repeat(900))].length, 500);
});
