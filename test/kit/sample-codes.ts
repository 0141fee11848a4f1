/** A product, keys made for these tests, codes signed with them, and the published vectors. */
import { readFileSync } from 'node:fs';
import nacl from 'tweetnacl';
import { armor, unarmor } from '../../src/license-code/armor.ts';
import { crc16 } from '../../src/license-code/crc16.ts';
import type { PublicKeyEntry } from '../../src/license-code/keyring.ts';
import { mintCode } from '../../src/license-code/mint.ts';
import { createReader } from '../../src/license-code/reader.ts';
import type { ReaderOptions } from '../../src/license-code/reader-options.ts';
import { dayNumber, type LicenseRecord, parseLicenseId } from '../../src/license-code/record.ts';
import type { ReadCase } from '../../verifiers/vectors/published.ts';

export const PRODUCT = 'acme-editor';
export const TODAY = '2026-11-21';

/** The same in each run, and so the codes: no test may depend on the bytes of one. */
const keyOf = (owner: string) => nacl.sign.keyPair.fromSeed(nacl.hash(Buffer.from(owner)).subarray(0, 32));

export const liveKey = keyOf('live');
export const testKey = keyOf('test');
export const strangerKey = keyOf('a stranger');

export const keyring: readonly PublicKeyEntry[] = [entry(1, 'live', liveKey), entry(2, 'test', testKey)];

export const record: LicenseRecord = {
  test: false,
  trial: false,
  keyId: 1,
  licenseId: parseLicenseId('0192f3a1-7c4e-7d2b-9a11-5f0c3be8d671'),
  revision: 3,
  issued: dayNumber(TODAY),
  lastValid: null,
  updatesUntil: null,
  seats: 5,
  features: 0b101,
};

export function mint(changes: Partial<LicenseRecord> = {}, key = liveKey): string {
  return mintCode({ ...record, ...changes }, PRODUCT, (message) =>
    nacl.sign.detached(message, key.secretKey),
  );
}

export function read(text: unknown, options: Partial<ReaderOptions> = {}) {
  return createReader({ product: PRODUCT, keyring, today: TODAY, ...options }).read(text);
}

/** The code of changed bytes, with matching check digits. */
export function tamper(code: string, change: (bytes: Uint8Array) => void): string {
  const bytes = unarmor(code);
  change(bytes);
  const check = crc16(bytes, 98);
  bytes[98] = check >> 8;
  bytes[99] = check;
  return armor(bytes);
}

function entry(id: number, mode: 'live' | 'test', key: nacl.SignKeyPair): PublicKeyEntry {
  const publicKey = Buffer.from(key.publicKey).toString('hex');
  return { id, mode, state: 'active', publicKey, created: TODAY };
}

interface VectorLicense extends Omit<LicenseRecord, 'licenseId' | 'issued' | 'lastValid' | 'updatesUntil'> {
  readonly product: string;
  readonly licenseId: string;
  readonly issued: string;
  readonly lastValid: string | null;
  readonly updatesUntil: string | null;
}

export interface Vectors {
  readonly keyring: readonly { id: number; mode: 'live' | 'test'; seed: string; publicKey: string }[];
  readonly mint: readonly { name: string; license: VectorLicense; code: string }[];
  readonly read: readonly ReadCase[];
}

export const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../verifiers/vectors/license-code-v1.json', import.meta.url), 'utf8'),
);

export function recordOf(license: VectorLicense): LicenseRecord {
  const { product: _, ...fields } = license;
  return {
    ...fields,
    licenseId: parseLicenseId(license.licenseId),
    issued: dayNumber(license.issued),
    lastValid: license.lastValid === null ? null : dayNumber(license.lastValid),
    updatesUntil: license.updatesUntil === null ? null : dayNumber(license.updatesUntil),
  };
}

/** The answer of this project's reader to a case, with all details. */
export function answerTo(each: ReadCase): Partial<ReadCase> {
  const { product, today, buildDate, allowTest, revoked, latestDay, features } = each;
  const reading = createReader({
    product,
    keyring: vectors.keyring.map(({ id, mode, publicKey }) => ({
      ...{ id, mode, publicKey, created: '2026-11-21' },
      state: 'active' as const,
    })),
    today,
    buildDate: buildDate ?? undefined,
    latestDay,
    features,
    allowTest,
    revocations: { revoked: (id) => revoked.includes(id) },
  }).read(each.input);
  const details: Record<string, unknown> = { repaired: null, group: null, ...reading };
  if (reading.verdict === 'several')
    details['choices'] = reading.choices.map(({ verdict, code }) => ({ verdict, code }));
  details['has'] = features?.filter((name) => reading.has(name));
  return Object.fromEntries(TOLD.filter((name) => name in each).map((name) => [name, details[name]]));
}

/** The expected answer of a case. */
const TOLD = [
  ...[
    'verdict',
    'code',
    'repaired',
    'keep',
    'choices',
    'character',
    'position',
    'count',
    'group',
    'seen',
    'has',
  ],
] as const;
