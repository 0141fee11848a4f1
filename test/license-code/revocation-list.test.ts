import { createHash } from 'node:crypto';
import test from 'ava';
import nacl from 'tweetnacl';
import { fromBase64Url, toBase64Url } from '../../src/license-code/base64url.ts';
import { encodeRevocationList, revocationDigest } from '../../src/license-code/revocation-list.ts';
import { fromUtf8, toUtf8 } from '../../src/license-code/utf8.ts';
import { liveKey, PRODUCT, record } from '../kit/sample-codes.ts';

const sign = (message: Uint8Array) => nacl.sign.detached(message, liveKey.secretKey);
const digest = revocationDigest(record.licenseId);
const list = {
  product: PRODUCT,
  seq: 17,
  iat: 1_790_000_000,
  nxt: 1_790_604_800,
  revoked: digest,
  suspended: new Uint8Array(0),
};

const decoded = (part: string | undefined) => Buffer.from(part ?? '', 'base64url').toString('utf8');

test('a license is listed as the first 8 bytes of SHA-512 of its id', (t) => {
  t.deepEqual(Buffer.from(digest), createHash('sha512').update(record.licenseId).digest().subarray(0, 8));
  t.throws(() => revocationDigest(new Uint8Array(15)), { instanceOf: RangeError });
});

test('the list is a compact JWS with exactly the documented header and payload', (t) => {
  const [header, payload, signature, ...more] = encodeRevocationList(list, 1, sign).split('.');
  t.deepEqual(more, []);
  t.is(decoded(header), '{"alg":"EdDSA","kid":"1","typ":"mintmark-revocations+jwt"}');
  t.is(
    decoded(payload),
    `{"iss":"mintmark","aud":"acme-editor","seq":17,"iat":1790000000,"nxt":1790604800,"revoked":"${Buffer.from(
      digest,
    ).toString('base64url')}","suspended":""}`,
  );
  const signed = Buffer.from(`${header}.${payload}`);
  const bytes = Buffer.from(signature ?? '', 'base64url');
  t.true(nacl.sign.detached.verify(signed, bytes, liveKey.publicKey));
});

test('a seq of 0 and a duplicate digest are accepted', (t) => {
  const twice = Uint8Array.of(...digest, ...digest);
  t.notThrows(() => encodeRevocationList({ ...list, seq: 0, iat: 0, revoked: twice }, 1, sign));
});

test('the same content gives the same text', (t) => {
  t.is(encodeRevocationList({ ...list }, 1, sign), encodeRevocationList(list, 1, sign));
});

test('a product id of any script is encoded in UTF-8', (t) => {
  const [, payload] = encodeRevocationList({ ...list, product: 'éditeur-編集' }, 1, sign).split('.');
  t.is(JSON.parse(decoded(payload)).aud, 'éditeur-編集');
});

test('an unsearchable list is not signed', (t) => {
  const faults = [
    { revoked: new Uint8Array(9) },
    { suspended: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
    { seq: 1.5 },
    { iat: -1 },
    { nxt: Number.NaN },
  ];
  for (const fault of faults) {
    t.throws(() => encodeRevocationList({ ...list, ...fault }, 1, sign), { instanceOf: RangeError });
  }
  t.throws(() => encodeRevocationList(list, 1, () => new Uint8Array(63)), { instanceOf: RangeError });
});

test('base64url encodes and decodes like Node, and each list of bytes has one text', (t) => {
  for (const length of [0, 1, 2, 3, 4, 5, 6, 20_000]) {
    const bytes = nacl.randomBytes(length);
    const text = Buffer.from(bytes).toString('base64url');
    t.is(toBase64Url(bytes), text);
    t.deepEqual(fromBase64Url(text), bytes);
  }
  for (const text of ['A', 'AB', 'AE', 'AAB', 'AA==', 'A+AA', 'A/AA', 'AA A', 'AAAé', 'AAAAA']) {
    t.is(fromBase64Url(text), null, text);
  }
});

test('UTF-8 encodes and decodes like Node, also beyond one chunk', (t) => {
  for (const text of ['', 'plain', '100 % é ß 編集 😀', '%41', `é${'A'.repeat(20_000)}😀`]) {
    const bytes = new TextEncoder().encode(text);
    t.deepEqual(toUtf8(text), bytes);
    t.is(fromUtf8(bytes), text);
  }
  t.throws(() => toUtf8('a\ud800'), { instanceOf: RangeError });
  for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
    t.throws(() => fromUtf8(Uint8Array.from(bytes)), { instanceOf: URIError });
  }
});
