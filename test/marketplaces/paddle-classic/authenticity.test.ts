import { createHash, sign } from 'node:crypto';
import test from 'ava';
import {
  authenticate,
  type PaddleKeys,
  rememberingAuthenticator,
  signedBytes,
} from '../../../src/marketplaces/paddle-classic/authenticity.ts';
import { signForm } from '../../../src/marketplaces/paddle-classic/simulator.ts';
import fc from '../../kit/fast-check.ts';
import { rsaKey } from '../../kit/rsa-keys.ts';

const serialized = (fields: Readonly<Record<string, string>>) =>
  signedBytes(new Map(Object.entries(fields))).toString();

test('the signed bytes are those of PHP serialize(): count, then name and value with their lengths', (t) => {
  t.is(serialized({ b: 'x', a: '1' }), 'a:2:{s:1:"a";s:1:"1";s:1:"b";s:1:"x";}');
  t.is(serialized({}), 'a:0:{}');
});

test('lengths are bytes: 2 for an umlaut, 3 for a Chinese character, 4 for an emoji, in names too', (t) => {
  t.is(
    serialized({ name: 'Helló', city: '你好世界', mood: '😀', ключ: 'é' }),
    'a:4:{s:4:"city";s:12:"你好世界";s:4:"mood";s:4:"😀";s:4:"name";s:6:"Helló";s:8:"ключ";s:2:"é";}',
  );
});

test('empty values are kept, p_signature is not, and nothing is escaped or trimmed', (t) => {
  t.is(
    serialized({ p_coupon: '', p_signature: 'x', q: '"; \\ \n' }),
    'a:2:{s:8:"p_coupon";s:0:"";s:1:"q";s:6:""; \\ \n";}',
  );
  t.is(serialized({ P_SIGNATURE: '1' }), 'a:1:{s:11:"P_SIGNATURE";s:1:"1";}');
});

test('values that look like numbers, booleans or JSON stay text', (t) => {
  t.is(
    serialized({ a: '0.00', b: 'true', c: '{"9710":"5.0300"}', d: '007' }),
    'a:4:{s:1:"a";s:4:"0.00";s:1:"b";s:4:"true";s:1:"c";s:17:"{"9710":"5.0300"}";s:1:"d";s:3:"007";}',
  );
});

test('names are sorted by byte: upper case before _ before lower case, a prefix before what is longer', (t) => {
  const names = ['product_id', 'productType', 'product', 'Zed', '_a', 'a', 'é', '😀', '\uffee'];
  const order = [
    ...serialized(Object.fromEntries(names.map((name) => [name, '']))).matchAll(/s:\d+:"([^"]+)";s:0/g),
  ];
  t.deepEqual(
    order.map(([, name]) => name),
    // U+FFEE is three bytes and the emoji four, though UTF-16 has it the other way round.
    ['Zed', '_a', 'a', 'product', 'productType', 'product_id', 'é', '\uffee', '😀'],
  );
});

test('a name of digits alone is an integer for PHP, in its value and in its place', (t) => {
  t.is(
    serialized({ 10: 'ten', 9: 'nine', 0: 'zero', '-5': 'less' }),
    'a:4:{i:-5;s:4:"less";i:0;s:4:"zero";i:9;s:4:"nine";i:10;s:3:"ten";}',
  );
});

test('a name is an integer up to 64 bits', (t) => {
  t.is(serialized({ '9223372036854775807': '' }), 'a:1:{i:9223372036854775807;s:0:"";}');
  t.is(serialized({ '9223372036854775808': '' }), 'a:1:{s:19:"9223372036854775808";s:0:"";}');
  t.is(serialized({ '-9223372036854775808': '' }), 'a:1:{i:-9223372036854775808;s:0:"";}');
  t.is(serialized({ '-9223372036854775809': '' }), 'a:1:{s:20:"-9223372036854775809";s:0:"";}');
});

for (const name of ['01', '00', '-0', '+1', '1.5', '1e3', ' 1', '1 ', '١', '0x1', '-']) {
  test(`the name ${JSON.stringify(name)} is text for PHP, not an integer`, (t) => {
    t.is(serialized({ [name]: '' }), `a:1:{s:${Buffer.byteLength(name)}:"${name}";s:0:"";}`);
  });
}

test('the signature is RSA PKCS#1 v1.5 with SHA-1 over just these bytes, written out here by hand', (t) => {
  const { privateKey } = rsaKey('live');
  const bytes = 'a:2:{s:4:"name";s:6:"Helló";s:10:"p_order_id";s:1:"7";}';
  const fields = (text: string, hash = 'RSA-SHA1') =>
    new Map([
      ['p_order_id', '7'],
      ['p_signature', sign(hash, Buffer.from(text), privateKey).toString('base64')],
      ['name', 'Helló'],
    ]);
  t.is(authenticate(fields(bytes), keys('live')), 'live');
  t.is(authenticate(fields(`${bytes} `), keys('live')), undefined);
  t.is(authenticate(fields(bytes, 'RSA-SHA256'), keys('live')), undefined);
  t.is(authenticate(fields(createHash('sha1').update(bytes).digest('hex')), keys('live')), undefined);
});

test('the matching key identifies the caller, and no key matches a stranger', (t) => {
  const all = keys('live', 'sandbox', 'simulator');
  for (const name of ['live', 'sandbox', 'simulator'] as const) {
    t.is(authenticate(fieldsOf(signForm({ a: '1' }, rsaKey(name).privateKey)), all), name);
  }
  t.is(authenticate(fieldsOf(signForm({ a: '1' }, rsaKey('stranger').privateKey)), all), undefined);
  t.is(authenticate(fieldsOf(signForm({ a: '1' }, rsaKey('live').privateKey)), keys('sandbox')), undefined);
  t.is(authenticate(fieldsOf(signForm({ a: '1' }, rsaKey('live').privateKey)), []), undefined);
});

test('a missing, empty or non-base64 signature is nobody’s, and throws nothing', (t) => {
  for (const signature of [
    undefined,
    '',
    '=',
    '====',
    'a b',
    'a-b_',
    '\n',
    'AAAA',
    'A'.repeat(100_000),
    '😀',
  ]) {
    const fields = new Map([
      ['a', '1'],
      ...(signature === undefined ? [] : [['p_signature', signature] as const]),
    ]);
    t.is(authenticate(fields, keys('live')), undefined);
  }
});

test('whatever the fields are, they verify as signed, and not with any one of them changed', (t) => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 });
  const fields = fc
    .dictionary(text, text, { minKeys: 1, maxKeys: 6 })
    .filter((given) => !('p_signature' in given) && !('' in given));
  fc.assert(
    fc.property(fields, fc.nat(), (given, pick) => {
      const received = fieldsOf(signForm(given, rsaKey('live').privateKey));
      t.is(authenticate(received, keys('live')), 'live');
      const names = Object.keys(given);
      const name = names[pick % names.length] ?? '';
      t.is(authenticate(new Map([...received, [name, `${given[name]}x`]]), keys('live')), undefined);
    }),
    { numRuns: 50 },
  );
});

test('a call that was verified is known again without its key, and with any change it is not', (t) => {
  const known = [...keys('live', 'sandbox')];
  const authenticateAgain = rememberingAuthenticator(known);
  const call = fieldsOf(signForm({ a: '1', b: '2' }, rsaKey('sandbox').privateKey));
  const other = fieldsOf(signForm({ a: '1', b: '3' }, rsaKey('sandbox').privateKey));
  t.is(authenticateAgain(call), 'sandbox');
  known.length = 0;
  t.is(authenticateAgain(call), 'sandbox');
  t.is(
    authenticateAgain(new Map([...call].reverse())),
    'sandbox',
    'Paddle signs the fields in their own order',
  );
  const longer = Buffer.concat([Buffer.from(call.get('p_signature') ?? '', 'base64'), Buffer.of(0)]);
  for (const [name, value] of [
    ['a', '2'],
    ['c', ''],
    ['p_signature', other.get('p_signature') ?? ''],
    ['p_signature', longer.toString('base64')],
    ['p_signature', ''],
  ] as const) {
    t.is(authenticateAgain(new Map([...call, [name, value]])), undefined, `${name} is ${value}`);
  }
  t.is(authenticateAgain(other), undefined, 'the control: what was not verified before needs its key');
});

test('a call that nobody signed is not remembered', (t) => {
  const known: [...PaddleKeys] = [];
  const authenticateAgain = rememberingAuthenticator(known);
  const call = fieldsOf(signForm({ a: '1' }, rsaKey('live').privateKey));
  t.is(authenticateAgain(call), undefined);
  known.push(...keys('live'));
  t.is(authenticateAgain(call), 'live');
});

test('as many calls are remembered as memory is meant for, and the oldest is forgotten first', (t) => {
  const known = [...keys('live')];
  const authenticateAgain = rememberingAuthenticator(known, 2);
  const calls = ['1', '2', '3'].map((a) => fieldsOf(signForm({ a }, rsaKey('live').privateKey)));
  t.deepEqual(calls.map(authenticateAgain), ['live', 'live', 'live']);
  known.length = 0;
  t.deepEqual(calls.map(authenticateAgain), [undefined, 'live', 'live']);
});

function keys(...names: readonly ('live' | 'sandbox' | 'simulator')[]): PaddleKeys {
  return names.map((name) => [name, rsaKey(name).publicKey]);
}

function fieldsOf(form: string): Map<string, string> {
  return new Map(new URLSearchParams(form));
}
