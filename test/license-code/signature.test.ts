import { createHash } from 'node:crypto';
import test from 'ava';
import nacl from 'tweetnacl';
import { isUsablePublicKey, verifyStrict } from '../../src/license-code/signature.ts';
import { liveKey } from '../kit/sample-codes.ts';

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const P = 2n ** 255n - 19n;
const message = new TextEncoder().encode('a message');
const signature = nacl.sign.detached(message, liveKey.secretKey);
const IDENTITY = littleEndian(1n);

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function sha512(...parts: Uint8Array[]): Uint8Array {
  return createHash('sha512').update(Buffer.concat(parts)).digest();
}

const joined = (r: Uint8Array, s: bigint) => Uint8Array.of(...r, ...littleEndian(s));
const bare = nacl.sign.detached.verify;

test('a genuine signature verifies for its own message and key only', (t) => {
  t.true(verifyStrict(message, signature, liveKey.publicKey));
  t.false(verifyStrict(Uint8Array.of(1), signature, liveKey.publicKey));
  t.false(verifyStrict(message, signature, nacl.sign.keyPair().publicKey));
});

test('a malleated signature (S + L) is refused; tweetnacl alone accepts it', (t) => {
  const s = fromLittleEndian(signature.subarray(32));
  const forged = joined(signature.subarray(0, 32), s + L);
  t.true(bare(message, forged, liveKey.publicKey));
  t.false(verifyStrict(message, forged, liveKey.publicKey));
});

test('a key of small order is refused; tweetnacl alone accepts one signature for any message', (t) => {
  const forged = joined(IDENTITY, 0n);
  for (const key of [IDENTITY, littleEndian(P + 1n), littleEndian(1n | (1n << 255n))]) {
    t.true(bare(message, forged, key));
    t.false(verifyStrict(message, forged, key));
  }
});

test('an R of small order is refused with an honest key; tweetnacl alone accepts it', (t) => {
  const secret = sha512(liveKey.secretKey.subarray(0, 32)).slice(0, 32);
  secret[0]! &= 248;
  secret[31]! = (secret[31]! & 127) | 64;
  const h = fromLittleEndian(sha512(IDENTITY, liveKey.publicKey, message)) % L;
  const forged = joined(IDENTITY, (h * fromLittleEndian(secret)) % L);
  t.true(bare(message, forged, liveKey.publicKey));
  t.false(verifyStrict(message, forged, liveKey.publicKey));
});

test('a key that encodes a y at or above p is refused', (t) => {
  for (let y = P; y < 2n ** 255n; y++) {
    t.false(isUsablePublicKey(littleEndian(y)));
    t.false(isUsablePublicKey(littleEndian(y | (1n << 255n))));
  }
  t.true(isUsablePublicKey(littleEndian(P - 2n)));
  t.true(isUsablePublicKey(littleEndian(2n ** 254n - 1n)));
  t.true(isUsablePublicKey(liveKey.publicKey));
});

test('a signature or key of another length is refused without an exception', (t) => {
  const odd: unknown[] = [
    null,
    undefined,
    'x',
    7,
    [],
    new Uint8Array(),
    new Uint8Array(31),
    new Uint8Array(65),
    Uint8Array.of(...signature, 0),
    signature.subarray(0, 63),
    Uint8Array.of(...liveKey.publicKey, 0),
    liveKey.publicKey.subarray(0, 31),
  ];
  for (const each of odd) {
    t.false(verifyStrict(message, each as never, liveKey.publicKey));
    t.false(verifyStrict(message, signature, each as never));
  }
  t.false(verifyStrict('a message' as never, signature, liveKey.publicKey));
  t.false(verifyStrict(message, signature, new Uint8Array(32).fill(2)));
});
