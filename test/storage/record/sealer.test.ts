import { createHmac } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { Sealer } from '../../../src/storage/record/sealer.ts';

const SECRET = Buffer.alloc(32, 5);
const KEY = createHmac('sha256', SECRET).update('mintmark ledger seal v1').digest();

const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.integer(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 40 }),
);

test('a seal is the HMAC-SHA256 of the parts as JSON, cut to 16 bytes, as node:crypto makes it', (t) => {
  const sealer = new Sealer(SECRET);
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const text = JSON.stringify([
        'fact',
        ...parts.map((each) => (each instanceof Uint8Array ? Buffer.from(each).toString('hex') : each)),
      ]);
      const expected = createHmac('sha256', KEY).update(text).digest().subarray(0, 16);
      t.deepEqual(sealer.seal('fact', ...parts), expected);
    }),
  );
});

test('a long row is sealed whole, and short ones behind it as before', (t) => {
  const sealer = new Sealer(SECRET);
  const short = sealer.seal('fact', 'a');
  const long = '\u{1f600}'.repeat(20_000);
  t.notDeepEqual(sealer.seal('fact', `${long}a`), sealer.seal('fact', `${long}b`));
  t.deepEqual(sealer.seal('fact', 'a'), short);
});

test('another table, another border between parts or another secret is another seal', (t) => {
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

test('the check value tells id secrets apart and is no seal', (t) => {
  t.deepEqual(new Sealer(SECRET).idSecretCheck, new Sealer(SECRET).idSecretCheck);
  t.notDeepEqual(new Sealer(SECRET).idSecretCheck, new Sealer(Buffer.alloc(32, 6)).idSecretCheck);
});
