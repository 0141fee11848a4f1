import { generateKeyPairSync, sign } from 'node:crypto';
import test from 'ava';
import { mintCode } from '../../src/license-code/mint.ts';
import { createReader } from '../../src/license-code/reader.ts';
import { keyring, mint, PRODUCT, record, TODAY } from '../kit/sample-codes.ts';

test('the same license minted twice gives the same 160 characters', (t) => {
  t.is(mint(), mint());
  t.regex(mint(), /^[0-9A-HJKMNP-TV-Z]{160}$/);
});

test('another revision gives another code', (t) => {
  t.not(mint({ revision: 4 }), mint());
});

test('the portable reader accepts a signature by node:crypto', (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const code = mintCode(record, PRODUCT, (message) => sign(null, message, privateKey));
  const reader = createReader({
    product: PRODUCT,
    keyring: [{ ...keyring[0]!, publicKey: raw }],
    today: TODAY,
  });
  t.is(reader.read(code).verdict, 'valid');
});

test('a signature of another length throws a RangeError', (t) => {
  t.throws(() => mintCode(record, PRODUCT, () => new Uint8Array(63)), { instanceOf: RangeError });
});
