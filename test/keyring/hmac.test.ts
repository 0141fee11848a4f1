import { createHmac } from 'node:crypto';
import test from 'ava';
import { Hmac } from '../../src/keyring/hmac.ts';
import fc from '../kit/fast-check.ts';

test('it equals the HMAC-SHA256 of node:crypto, for keys and texts of any length', (t) => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 150 }),
      fc.array(fc.string({ unit: 'binary', maxLength: 9000 }), { maxLength: 3 }),
      (key, texts) => {
        const hmac = new Hmac(key);
        for (const text of texts) {
          t.deepEqual(hmac.of(text), createHmac('sha256', key).update(text).digest());
        }
      },
    ),
  );
});

test('a digest does not change when the next is made', (t) => {
  const hmac = new Hmac(Buffer.alloc(32, 1));
  const first = hmac.of('a');
  const copy = Buffer.from(first);
  t.notDeepEqual(hmac.of('b'), first);
  t.deepEqual(first, copy);
});
