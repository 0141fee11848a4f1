/** Builds the cases of the vectors: keys from public seeds, codes, and codes with faults. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { armor, CODE_BYTES, unarmor } from '../../src/license-code/armor.ts';
import { crc16 } from '../../src/license-code/crc16.ts';
import { dayNumber } from '../../src/license-code/day.ts';
import { parseLicenseId } from '../../src/license-code/license-id.ts';
import { encodeRecord, OFFSET, signedBytes, writeTwo } from '../../src/license-code/record.ts';
import type { Signer } from './ed25519.ts';
import { type ReadCase, readPublished, type VectorKey, type VectorLicense } from './published.ts';

export const PRODUCT = 'acme-editor';
export const OTHER_PRODUCT = 'acme-player';
export const TODAY = '2026-11-21';

/** Key ids of the keyring. STRANGER is in no keyring. */
export const KEY = { live: 1, test: 2, secondLive: 3, last: 255, stranger: 9 } as const;

/** The PrivateKeyInfo prefix before the 32 bytes of an Ed25519 key (RFC 8410, section 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

export const published = readPublished();

export const KEYRING: readonly VectorKey[] = [
  ...published.keyring,
  makeKey(KEY.secondLive, 'live'),
  makeKey(KEY.last, 'live'),
];

const STRANGER = makeKey(KEY.stranger, 'live');

/** A live, perpetual license for one seat. Its code is CODE. */
export const LICENSE: VectorLicense = {
  test: false,
  trial: false,
  lastValid: null,
  updatesUntil: null,
  features: 0,
  product: PRODUCT,
  keyId: KEY.live,
  licenseId: '0192f3a1-7c4e-7d2b-9a11-5f0c3be8d671',
  revision: 0,
  issued: TODAY,
  seats: 1,
};

export type Change = (bytes: Uint8Array) => void;

/** Returns the code of a license. `edit` changes the record before signing; `signer` may differ from the key id. */
export function codeOf(
  changes: Partial<VectorLicense> = {},
  signer: number = changes.keyId ?? KEY.live,
  edit: Change = () => {},
): string {
  const license = { ...LICENSE, ...changes };
  const { lastValid, updatesUntil } = license;
  const record = encodeRecord(
    {
      ...license,
      licenseId: parseLicenseId(license.licenseId),
      issued: dayNumber(license.issued),
      lastValid: lastValid === null ? null : dayNumber(lastValid),
      updatesUntil: updatesUntil === null ? null : dayNumber(updatesUntil),
    },
    license.product,
  );
  edit(record);
  const bytes = new Uint8Array(CODE_BYTES);
  bytes.set(record);
  bytes.set(signBy(signer, signedBytes(license.product, record)), OFFSET.signature);
  return withCheckDigits(bytes);
}

/** Returns the code of changed bytes, with correct check digits. */
export function changed(code: string, change: Change): string {
  const bytes = unarmor(code);
  change(bytes);
  return withCheckDigits(bytes);
}

/** The code with two wrong characters, more than a reader repairs, and wrong check digits. */
export function mistyped(code: string): string {
  const bytes = unarmor(code);
  for (const at of [60, OFFSET.check + 1]) bytes[at] = (bytes[at] ?? 0) ^ 1;
  return armor(bytes);
}

export function flip(at: number, bit = 0): Change {
  return (bytes) => {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  };
}

/** A case for a reader of PRODUCT on TODAY that accepts live codes only. */
export function readCase(
  name: string,
  input: string,
  verdict: string,
  options: Partial<ReadCase> = {},
): ReadCase {
  return {
    name,
    input,
    product: PRODUCT,
    today: TODAY,
    buildDate: null,
    allowTest: false,
    revoked: [],
    verdict,
    ...options,
  };
}

export const CODE = codeOf();

/** Splits a code into groups of eight characters with a separator. */
export function grouped(separator: string, code = CODE): string {
  return (code.match(/.{8}/g) ?? []).join(separator);
}

export function signBy(keyId: number, message: Uint8Array): Uint8Array {
  return sign(null, message, privateKey(signerOf(keyId).seed));
}

/** The seed and public key of a signer, including STRANGER. */
export function signerOf(keyId: number): Signer {
  const key = [...KEYRING, STRANGER].find(({ id }) => id === keyId);
  if (key === undefined) throw new RangeError(`there is no key ${keyId}`);
  return { seed: Buffer.from(key.seed, 'hex'), publicKey: Buffer.from(key.publicKey, 'hex') };
}

function makeKey(id: number, mode: 'live' | 'test'): VectorKey {
  const seed = createHash('sha256').update(`mintmark test vectors, key ${id}`).digest();
  const { x } = createPublicKey(privateKey(seed)).export({ format: 'jwk' });
  return {
    id,
    mode,
    seed: seed.toString('hex'),
    publicKey: Buffer.from(x ?? '', 'base64url').toString('hex'),
  };
}

function privateKey(seed: Uint8Array) {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}

function withCheckDigits(bytes: Uint8Array): string {
  writeTwo(bytes, OFFSET.check, crc16(bytes, OFFSET.check));
  return armor(bytes);
}
