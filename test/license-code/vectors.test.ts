import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import test from 'ava';
import nacl from 'tweetnacl';
import { unarmor } from '../../src/license-code/armor.ts';
import { mintCode } from '../../src/license-code/mint.ts';
import { decodeRecord } from '../../src/license-code/record.ts';
import { answerTo, recordOf, vectors } from '../kit/sample-codes.ts';

const keys = new Map(
  vectors.keyring.map(({ id, seed, publicKey }) => {
    const bytes = Buffer.from(seed, 'hex');
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), bytes]);
    const node = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return [id, { nacl: nacl.sign.keyPair.fromSeed(bytes), node, publicKey }];
  }),
);

test('node:crypto and tweetnacl derive the published public keys from the seeds', (t) => {
  for (const key of keys.values()) {
    t.is(Buffer.from(key.nacl.publicKey).toString('hex'), key.publicKey);
    const raw = createPublicKey(key.node).export({ format: 'der', type: 'spki' }).subarray(-32);
    t.is(raw.toString('hex'), key.publicKey);
  }
});

for (const { name, license, code } of vectors.mint) {
  test(`each signer mints exactly the published code: ${name}`, (t) => {
    const key = keys.get(license.keyId)!;
    const record = recordOf(license);
    t.is(
      mintCode(record, license.product, (message) => nacl.sign.detached(message, key.nacl.secretKey)),
      code,
    );
    t.is(
      mintCode(record, license.product, (message) => sign(null, message, key.node)),
      code,
    );
    t.deepEqual(decodeRecord(unarmor(code)), record);
  });
}

for (const each of vectors.read) {
  test(`a published input gets its verdict with all fields: ${each.name}`, (t) => {
    const answer = answerTo(each);
    t.deepEqual(
      answer,
      Object.fromEntries(Object.keys(answer).map((name) => [name, Reflect.get(each, name)])),
    );
  });
}

test('the vectors contain every verdict', (t) => {
  t.is(new Set(vectors.read.map((each) => each.verdict)).size, 17);
});
