import { createHash, createPrivateKey, sign } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import nacl from 'tweetnacl';
import { createCodeReader } from '../../src/keyring/code-reader.ts';
import { armor, unarmor } from '../../src/license-code/armor.ts';
import { crc16 } from '../../src/license-code/crc16.ts';
import { formatLicenseId } from '../../src/license-code/license-id.ts';
import { productTag, signedBytes } from '../../src/license-code/product.ts';
import { createReader } from '../../src/license-code/reader.ts';
import { OFFSET, writeTwo } from '../../src/license-code/record.ts';
import fc from '../kit/fast-check.ts';
import { ENTITLEMENT, KEYRING, MINTER } from '../kit/minting.ts';
import { vectors } from '../kit/sample-codes.ts';

const IDENTITY = {
  marketplace: 'manual',
  mode: 'live',
  order: '1',
  line: '',
  product: 'app',
  unit: 0,
} as const;
const minted = MINTER.mint(IDENTITY, ENTITLEMENT, 3);
const PUBLIC_KEY = Buffer.from(KEYRING[0]!.publicKey, 'hex');
const read = createCodeReader(KEYRING, ['other', 'app']);
const portable = createReader({ product: 'app', keyring: KEYRING, today: '2026-11-22', allowTest: true });

/** One word for either answer, without a reader's verdict about the license. */
const word = (answer: ReturnType<typeof read>) => ('verdict' in answer ? answer.verdict : 'genuine');

test('a genuine code yields its license, product, mode and revision', (t) => {
  const { id, code } = minted;
  t.deepEqual(read(code), { id: new Uint8Array(id), product: 'app', mode: 'live', revision: 3, code });
  const tested = MINTER.mint({ ...IDENTITY, mode: 'test', product: 'other' }, ENTITLEMENT, 0);
  t.like(read(tested.code), { product: 'other', mode: 'test', revision: 0 });
});

const GENUINE = new Set(['test-code', 'not-yet-valid', 'revoked', 'expired', 'updates-ended', 'valid']);

test('every published input gets the published verdict, or is genuine where the verdict depends on the license', (t) => {
  const keyring = vectors.keyring.map(({ id, mode, publicKey }) => ({
    ...{ id, mode, publicKey, created: '2026-01-01' },
    state: 'active' as const,
  }));
  let genuine = 0;
  for (const { name, input, product, verdict } of vectors.read) {
    const answer = word(createCodeReader(keyring, [product])(input));
    if (GENUINE.has(verdict)) genuine += 1;
    t.is(answer, GENUINE.has(verdict) ? 'genuine' : verdict, name);
  }
  t.true(genuine > 0 && genuine < vectors.read.length);
});

test('an edited code gets the verdict of a reader', (t) => {
  const bytes = unarmor(minted.code);
  const edits = fc.array(fc.tuple(fc.nat(99), fc.nat(255)), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(edits, fc.boolean(), (changes, mended) => {
      const edited = bytes.slice();
      for (const [at, value] of changes) edited[at] = value;
      if (mended) writeTwo(edited, OFFSET.check, crc16(edited, OFFSET.check));
      const text = armor(edited);
      const expected = portable.read(text).verdict;
      // Without products that share a tag.
      t.is(word(read(text)), GENUINE.has(expected) ? 'genuine' : expected);
    }),
  );
});

test('a code is found in an e-mail, and with two codes none is accepted', (t) => {
  const mail = `Dear Ada,\r\n\r\n> ${minted.code.slice(0, 80)}=\r\n${minted.code.slice(80)}\r\n\r\nenjoy! (100 % yours)`;
  t.like(read(mail), { code: minted.code });
  const other = MINTER.mint({ ...IDENTITY, unit: 1 }, ENTITLEMENT, 0);
  t.is(word(read(`yours: ${minted.code}\nhers: ${other.code}`)), 'several');
});

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

test('a second signature made of the first (S + L) is forged; tweetnacl alone accepts it', (t) => {
  const signature = unarmor(minted.code).subarray(OFFSET.signature, OFFSET.check);
  const s = numberOf(signature.subarray(32)) + ORDER;
  refused(t, Uint8Array.of(...signature.subarray(0, 32), ...littleEndian(s)));
});

test('an R of small order is forged; tweetnacl alone accepts it', (t) => {
  const seed = createHash('sha256').update('a live key for tests').digest();
  const scalar = createHash('sha512').update(seed).digest().subarray(0, 32);
  scalar[0]! &= 248;
  scalar[31]! = (scalar[31]! & 127) | 64;
  const r = littleEndian(1n);
  const signed = Buffer.concat([r, PUBLIC_KEY, signedBytes('app', unarmor(minted.code))]);
  const s = (numberOf(createHash('sha512').update(signed).digest()) * numberOf(scalar)) % ORDER;
  refused(t, Uint8Array.of(...r, ...littleEndian(s)));
});

/** With the control: a less strict check accepts it. */
function refused(t: ExecutionContext, signature: Uint8Array): void {
  const bytes = unarmor(minted.code);
  t.true(nacl.sign.detached.verify(signedBytes('app', bytes), signature, PUBLIC_KEY));
  t.is(word(read(withSignature(bytes, signature))), 'forged');
  t.is(portable.read(withSignature(bytes, signature)).verdict, 'forged');
}

test('a code of an unknown product, or with a signature by another key, is refused', (t) => {
  t.is(word(createCodeReader(KEYRING, ['other'])(minted.code)), 'wrong-product');
  t.is(word(createCodeReader(KEYRING.slice(1), ['app'])(minted.code)), 'unknown-key');
  const stranger = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
    format: 'der',
    type: 'pkcs8',
  });
  const bytes = unarmor(minted.code);
  t.is(word(read(withSignature(bytes, sign(null, signedBytes('app', bytes), stranger)))), 'forged');
});

test('two products that share a tag are distinguished by the signature', (t) => {
  // Found by search: SHA-512 of both begins with the same three bytes.
  const twins = ['p2031', 'p4741'];
  t.deepEqual(productTag('p2031'), productTag('p4741'));
  const both = createCodeReader(KEYRING, twins);
  for (const product of twins) {
    const { id, code } = MINTER.mint({ ...IDENTITY, product }, ENTITLEMENT, 0);
    const answer = both(code);
    t.like(answer, { product });
    t.is('id' in answer && formatLicenseId(answer.id), formatLicenseId(id));
  }
});

test('no text makes it throw', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => word(read(text)) !== 'genuine'),
  );
  t.pass();
});

function withSignature(bytes: Uint8Array, signature: Uint8Array): string {
  const edited = bytes.slice();
  edited.set(signature, OFFSET.signature);
  writeTwo(edited, OFFSET.check, crc16(edited, OFFSET.check));
  return armor(edited);
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
