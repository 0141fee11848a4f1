/** Licenses at the limits of each field, whose codes must be minted exactly. */
import { codeOf, KEY, LICENSE } from '../build.ts';
import type { MintCase, VectorLicense } from '../published.ts';

/** 64 bytes of UTF-8, in 16 characters outside the basic plane. */
export const LONGEST_NON_ASCII = '🖋'.repeat(16);
export const LONGEST_ASCII = 'a-product-id-that-is-as-long-as-one-may-be-64-bytes-of-utf-8-end';

const MINTED: readonly (readonly [string, Partial<VectorLicense>])[] = [
  ['seats: the most', { seats: 65535 }],
  ['revision: the last', { revision: 65535 }],
  ['features: the first', { features: 1 }],
  ['features: the last, number 23', { features: 1 << 23 }],
  ['features: each byte another', { features: 0x123456 }],
  ['issued on day 0', { issued: '1970-01-01' }],
  ['issued on day 65535', { issued: '2149-06-06' }],
  ['last valid day: day 1, the first that can be written', { issued: '1970-01-01', lastValid: '1970-01-02' }],
  ['updates until day 1', { issued: '1970-01-01', updatesUntil: '1970-01-02' }],
  ['a leap day', { issued: '2028-02-29', lastValid: '2032-02-29', updatesUntil: '2100-02-28' }],
  ['the second live key', { keyId: KEY.secondLive }],
  ['key id 255', { keyId: KEY.last }],
  ['a test code of a trial', { test: true, trial: true, keyId: KEY.test, lastValid: '2026-12-05' }],
  ['product id of 1 byte', { product: 'a' }],
  ['product id of 64 bytes', { product: LONGEST_ASCII }],
  ['product id of 64 bytes in 16 characters', { product: LONGEST_NON_ASCII }],
  ['product id in decomposed letters', { product: 'fotoğraf-düzenleyici'.normalize('NFD') }],
];

export function mintCases(): MintCase[] {
  return MINTED.map(([name, changes]) => ({
    name,
    license: { ...LICENSE, ...changes },
    code: codeOf(changes),
  }));
}
