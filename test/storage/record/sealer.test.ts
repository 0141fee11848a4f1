import { createHmac } from 'node:crypto';
import test from 'ava';
import { Sealer } from '../../../src/storage/record/sealer.ts';
import fc from '../../kit/fast-check.ts';

const SECRET = Buffer.alloc(32, 5);
const KEY = createHmac('sha256', SECRET).update('mintmark ledger seal v1').digest();

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.integer(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 40 }),
);

test('a seal is the first 16 bytes of the HMAC-SHA256 of the values as JSON', (t) => {
  const sealer = new Sealer(SECRET);
  fc.assert(
    fc.property(fc.array(value, { maxLength: 12 }), (values) => {
      const text = JSON.stringify([
        'fact',
        ...values.map((each) => (each instanceof Uint8Array ? Buffer.from(each).toString('hex') : each)),
      ]);
      const expected = createHmac('sha256', KEY).update(text).digest().subarray(0, 16);
      t.deepEqual(sealer.seal('fact', ...values), expected);
    }),
  );
});

test('a seal covers a long row completely, and later seals of short rows are unchanged', (t) => {
  const sealer = new Sealer(SECRET);
  const short = sealer.seal('fact', 'a');
  const long = '\u{1f600}'.repeat(20_000);
  t.notDeepEqual(sealer.seal('fact', `${long}a`), sealer.seal('fact', `${long}b`));
  t.deepEqual(sealer.seal('fact', 'a'), short);
});

test('the seal depends on the table, on the borders between values and on the secret', (t) => {
  const sealer = new Sealer(SECRET);
  const seals = [
    sealer.seal('fact', 'ab', 'c'),
    sealer.seal('fact', 'a', 'bc'),
    sealer.seal('flag', 'ab', 'c'),
    sealer.seal('fact', 'ab', 'c', null),
    new Sealer(Buffer.alloc(32, 6)).seal('fact', 'ab', 'c'),
  ].map((seal) => seal.toString('hex'));
  t.is(new Set(seals).size, seals.length);
  t.deepEqual(sealer.seal('fact', 'ab', 'c'), new Sealer(SECRET).seal('fact', 'ab', 'c'), 'the control');
});

test('the check value differs for different id secrets', (t) => {
  t.deepEqual(new Sealer(SECRET).idSecretCheck, new Sealer(SECRET).idSecretCheck);
  t.notDeepEqual(new Sealer(SECRET).idSecretCheck, new Sealer(Buffer.alloc(32, 6)).idSecretCheck);
});
