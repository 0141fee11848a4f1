import test from 'ava';
import nacl from 'tweetnacl';
import { loadRevocations, type Revocations } from '../../src/license-code/load-revocations.ts';
import {
  encodeRevocationList,
  type RevocationList,
  revocationDigest,
} from '../../src/license-code/revocation-list.ts';
import fc from '../kit/fast-check.ts';
import { keyring, liveKey, mint, PRODUCT, read, record, strangerKey, testKey } from '../kit/sample-codes.ts';

const ID = '0192f3a1-7c4e-7d2b-9a11-5f0c3be8d671';
const ANOTHER_ID = '00000000-0000-0000-0000-000000000000';
const none: Uint8Array = new Uint8Array(0);
const digest = revocationDigest(record.licenseId);
const content: RevocationList = {
  product: PRODUCT,
  seq: 17,
  iat: 1000,
  nxt: 2000,
  revoked: digest,
  suspended: none,
};

const signBy = (key: nacl.SignKeyPair) => (message: Uint8Array) => nacl.sign.detached(message, key.secretKey);
const listOf = (changes: Partial<typeof content> = {}, keyId = 1, key = liveKey) =>
  encodeRevocationList({ ...content, ...changes }, keyId, signBy(key));
const load = (jws: unknown, held?: Revocations | null) => loadRevocations(jws, keyring, PRODUCT, held);

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signs a list with any header and payload. */
function signed(header: unknown, payload: unknown, key = liveKey): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${Buffer.from(signBy(key)(Buffer.from(text))).toString('base64url')}`;
}

const HEADER = { alg: 'EdDSA', kid: '1', typ: 'mintmark-revocations+jwt' };
const PAYLOAD = {
  iss: 'mintmark',
  aud: PRODUCT,
  seq: 17,
  iat: 1000,
  nxt: 2000,
  revoked: Buffer.from(digest).toString('base64url'),
  suspended: '',
};

test('the reader answers revoked for the licenses of a genuine list', (t) => {
  const revocations = load(listOf());
  t.like(revocations, { refused: null, seq: 17, issuedAt: 1000, nextDue: 2000, test: false, jws: listOf() });
  t.is(read(mint(), { revocations }).verdict, 'revoked');
  t.is(read(mint({ licenseId: new Uint8Array(16) }), { revocations }).verdict, 'valid');
  t.is(read(mint(), { revocations: load(listOf({ revoked: none })) }).verdict, 'valid', 'control');
});

test('without a list a revoked license still reads valid', (t) => {
  t.is(read(mint(), { revocations: load(undefined) }).verdict, 'valid');
  t.is(read(mint()).verdict, 'valid');
});

test('a suspended license still reads valid, and isSuspended reports it', (t) => {
  const revocations = load(listOf({ revoked: none, suspended: digest }));
  t.true(revocations.suspended(ID));
  t.false(revocations.revoked(ID));
  t.false(revocations.suspended(ANOTHER_ID));
  t.is(read(mint(), { revocations }).verdict, 'valid');
});

test('an overdue list still counts, and white space around a list is ignored', (t) => {
  const revocations = load(`\n${listOf({ iat: 1, nxt: 2 })}\r\n`);
  t.is(revocations.refused, null);
  t.true(revocations.revoked(ID));
});

const long = Buffer.from(digest).toString('base64url');
const REFUSED: readonly [string, unknown, Revocations['refused']][] = [
  ['nothing', undefined, 'missing'],
  ['null', null, 'missing'],
  ['an object', {}, 'missing'],
  ['white space', ' \n', 'missing'],
  ['a page of HTML', '<!doctype html><title>404</title>', 'malformed'],
  ['a list cut off in its payload', listOf().slice(0, -120), 'malformed'],
  ['a list cut off in its signature', listOf().slice(0, -4), 'malformed'],
  ['a fourth part', `${listOf()}.AAAA`, 'malformed'],
  ['padding', `${listOf()}==`, 'malformed'],
  ['a header that is an array', signed([HEADER], PAYLOAD), 'malformed'],
  ['a header that is null', signed(null, PAYLOAD), 'malformed'],
  ['a header that is a text', signed('EdDSA', PAYLOAD), 'malformed'],
  ['a header that is not UTF-8', `gIA.${encode(PAYLOAD)}.AAAA`, 'malformed'],
  ['another algorithm', signed({ ...HEADER, alg: 'none' }, PAYLOAD), 'wrong-type'],
  ['an algorithm in other letters', signed({ ...HEADER, alg: 'EDDSA' }, PAYLOAD), 'wrong-type'],
  ['no type', signed({ alg: 'EdDSA', kid: '1' }, PAYLOAD), 'wrong-type'],
  ['another type', signed({ ...HEADER, typ: 'JWT' }, PAYLOAD), 'wrong-type'],
  ['something critical', signed({ ...HEADER, crit: ['b64'], b64: false }, PAYLOAD), 'wrong-type'],
  ['an empty crit', signed({ ...HEADER, crit: [] }, PAYLOAD), 'wrong-type'],
  ['a key id that is a number', signed({ ...HEADER, kid: 1 }, PAYLOAD), 'malformed'],
  ['a key id with a zero before it', signed({ ...HEADER, kid: '01' }, PAYLOAD), 'unknown-key'],
  ['an unknown key', listOf({}, 9), 'unknown-key'],
  ['a key of its own', signed({ ...HEADER, jwk: { x: 'AAAA' } }, PAYLOAD, strangerKey), 'forged'],
  ['a stranger', listOf({}, 1, strangerKey), 'forged'],
  ['a signature of zeros', listOf().replace(/[^.]+$/, 'A'.repeat(86)), 'forged'],
  ['another product', listOf({ product: 'acme-player' }), 'wrong-product'],
  ['several audiences', signed(HEADER, { ...PAYLOAD, aud: [PRODUCT] }), 'wrong-product'],
  ['another issuer', signed(HEADER, { ...PAYLOAD, iss: 'mint' }), 'malformed'],
  ['a payload that is none', signed(HEADER, 'null'), 'malformed'],
  ['a seq that is no whole number', signed(HEADER, { ...PAYLOAD, seq: 1.5 }), 'malformed'],
  ['a seq beyond what JSON carries', signed(HEADER, { ...PAYLOAD, seq: 2 ** 53 }), 'malformed'],
  ['no time', signed(HEADER, { ...PAYLOAD, iat: undefined }), 'malformed'],
  ['digests that are not whole', signed(HEADER, { ...PAYLOAD, revoked: long.slice(0, -3) }), 'malformed'],
  ['digests out of order', signed(HEADER, { ...PAYLOAD, revoked: 'AQAAAAAAAAAAAAAAAAAAAA' }), 'malformed'],
  ['no list of suspended ones', signed(HEADER, { ...PAYLOAD, suspended: undefined }), 'malformed'],
  ['a lower seq', listOf({ seq: 6, revoked: none }), 'older'],
];

for (const [what, jws, refused] of REFUSED) {
  test(`a refused list leaves the held list in force, with the reason: ${what}`, (t) => {
    const held = load(listOf({ seq: 7 }));
    const kept = load(jws, held);
    t.is(kept.refused, refused);
    t.true(kept.revoked(ID));
    t.like(kept, { seq: 7, jws: held.jws });
    const first = load(jws);
    t.is(first.refused, refused === 'older' ? null : refused);
    t.false(first.revoked(ID));
  });
}

test('a list of a higher or equal seq replaces the held list', (t) => {
  const held = load(listOf());
  for (const seq of [17, 18]) {
    const next = load(listOf({ seq, revoked: none }), held);
    t.like(next, { refused: null, seq });
    t.false(next.revoked(ID));
  }
});

test('a held list of another product and an invalid held list are ignored', (t) => {
  const other = loadRevocations(listOf({ product: 'acme-player', seq: 99 }), keyring, 'acme-player');
  t.is(other.seq, 99);
  t.like(load(listOf(), other), { seq: 17, refused: null });
  t.like(load('', other), { seq: -1, refused: 'missing', product: PRODUCT });
  for (const held of [null, {}, 7, 'list'] as never[]) t.is(load(listOf(), held).refused, null);
});

test('a list signed by a test key revokes test licenses only', (t) => {
  const revocations = load(listOf({ suspended: digest }, 2, testKey));
  t.like(revocations, { refused: null, test: true });
  t.is(read(mint(), { revocations }).verdict, 'valid');
  t.is(read(mint({ test: true, keyId: 2 }, testKey), { revocations, allowTest: true }).verdict, 'revoked');
  t.deepEqual([revocations.revoked(ID), revocations.revoked(ID, true)], [false, true]);
  t.deepEqual([revocations.suspended(ID), revocations.suspended(ID, true)], [false, true]);
  const live = load(listOf());
  t.is(
    read(mint({ test: true, keyId: 2 }, testKey), { revocations: live, allowTest: true }).verdict,
    'revoked',
  );
});

test('a test key’s list never replaces a live key’s list; a live key’s list replaces a test key’s list of any seq', (t) => {
  const byTest = load(listOf({ seq: 1000 }, 2, testKey));
  const live = load(listOf({ seq: 1 }), byTest);
  t.like(live, { refused: null, seq: 1, test: false });
  t.like(load(listOf({ seq: 1000 }, 2, testKey), live), { refused: 'test-list', seq: 1, test: false });
});

test('each of many licenses is found, and no other license', (t) => {
  const ids = Array.from({ length: 1000 }, () => nacl.randomBytes(16));
  const revoked = Buffer.concat(ids.slice(1).map(revocationDigest).sort(Buffer.compare));
  const revocations = load(listOf({ revoked }));
  const written = (id: Uint8Array) =>
    Buffer.from(id)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  t.true(ids.slice(1).every((id) => revocations.revoked(written(id))));
  t.false(revocations.revoked(written(ids[0]!)));
  for (const id of ['', 'x', undefined, null, {}] as string[]) t.false(revocations.revoked(id));
});

test('no text throws, and a list with one changed character is refused', (t) => {
  const jws = listOf();
  fc.assert(
    fc.property(fc.anything(), (input) => {
      load(input);
    }),
    { numRuns: 50 },
  );
  const held = load(jws);
  fc.assert(
    fc.property(fc.nat(jws.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, letter) => {
      const text = jws.slice(0, at) + letter + jws.slice(at + 1);
      const loaded = load(text, held);
      return loaded.jws === jws && (text === jws || text.trim() === jws || loaded.refused !== null);
    }),
    { numRuns: 50 },
  );
  t.pass();
});

test('an invalid keyring or product throws', (t) => {
  t.throws(() => loadRevocations('', {} as never, PRODUCT), { instanceOf: TypeError });
  t.throws(() => loadRevocations('', keyring, ''), { instanceOf: RangeError });
});
