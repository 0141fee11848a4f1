import { createHash } from 'node:crypto';
import test from 'ava';
import { fingerprintOf } from '../../src/keyring/fingerprint.ts';
import fc from '../kit/fast-check.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The rule written out: five bits per digit, from the first bit. */
function byBits(publicKey: string): string {
  const digest = createHash('sha256').update(publicKey, 'hex').digest();
  const bits = [...digest.subarray(0, 10)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.replaceAll(/.{5}/g, (five) => CROCKFORD.charAt(Number.parseInt(five, 2)));
}

const publicKeys = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((key) => Buffer.from(key).toString('hex'));

test('a fingerprint is the first 80 bits of the SHA-256 of the raw public key, in four groups of four digits', (t) => {
  // RFC 8032, 7.1, test 1: sha256sum of these 32 bytes begins with 21fe31dfa154a261626b.
  const key = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
  t.is(fingerprintOf(key), '47Z3-3QX1-AJH6-2RKB');
  fc.assert(
    fc.property(publicKeys, (publicKey) => {
      t.regex(fingerprintOf(publicKey), /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
      t.is(fingerprintOf(publicKey).replaceAll('-', ''), byBits(publicKey));
    }),
  );
});

test('leading zero bytes and zero bits are kept', (t) => {
  const starts = new Map<string, string>();
  for (let number = 0; starts.size < 2; number++) {
    const key = number.toString(16).padStart(64, '0');
    const [digits] = /^0+/.exec(byBits(key)) ?? [''];
    // One digit is five zero bits, three are more than a byte of them.
    if (digits === '0' || digits === '000') starts.set(digits, key);
  }
  for (const key of starts.values()) t.is(fingerprintOf(key).replaceAll('-', ''), byBits(key));
});

test('another key has another fingerprint', (t) => {
  const keys = Array.from({ length: 1000 }, (_, number) => number.toString(16).padStart(64, '0'));
  t.is(new Set(keys.map(fingerprintOf)).size, 1000);
});
