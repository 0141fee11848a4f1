/** Tests single code points: the effect of each inside a code, and the letters that it folds to. */
import { createPrivateKey, sign } from 'node:crypto';
import { ALPHABET, unarmor } from '../src/license-code/armor.ts';
import { readAs } from '../src/license-code/fold.ts';
import { mintCode } from '../src/license-code/mint.ts';
import type { Case, Vectors } from './case.ts';
import type { Random } from './random.ts';

const PRODUCT = 'acme-editor';
const TODAY = '2026-11-21';
const SAMPLE = 1500;
const LICENSE_ID_AT = 8;
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const LETTERS = new RegExp(`^[${ALPHABET}]{1,16}$`);

/**
 * Inserts a sample of the code points, or all, in a valid code. Also replaces letters of a valid code by each code point
 * that folds to these letters: the verdict is `valid` only if a verifier folds it to exactly these letters.
 */
export function codePointCases(vectors: Vectors, random: Random, all: boolean): Case[] {
  const code = codeHolding(vectors, '');
  const points = Array.from({ length: 0x110000 }, (_, point) => point).filter(
    (p) => p < 0xd800 || p > 0xdfff,
  );
  const sample = all ? points : Array.from({ length: SAMPLE }, () => random.one(points.slice(0, 0x3000)));
  const inserted = sample.map((p) => code.slice(0, 80) + String.fromCodePoint(p) + code.slice(80));
  return [...inserted, ...points.flatMap((point) => inPlace(vectors, String.fromCodePoint(point)))].map(
    (input) => ({
      input,
      product: PRODUCT,
      today: TODAY,
      buildDate: null,
      allowTest: false,
      revoked: [],
    }),
  );
}

function inPlace(vectors: Vectors, character: string): string[] {
  const point = character.codePointAt(0) ?? 0;
  const letters = point < 128 ? character : (readAs(point) ?? '');
  if (!LETTERS.test(letters)) return [];
  return [codeHolding(vectors, letters).replace(letters, character)];
}

const held = new Map<string, string>();

/** A valid code that contains these letters in its license id. */
function codeHolding(vectors: Vectors, letters: string): string {
  const kept = held.get(letters);
  if (kept !== undefined) return kept;
  const [key] = vectors.keyring;
  if (key === undefined) throw new Error('the vectors hold no key');
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.from(key.seed, 'hex')]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const text = `${'7'.repeat(LICENSE_ID_AT + 1)}${letters}`.padEnd(160, '7');
  const record = {
    ...{ test: false, trial: false, keyId: key.id, licenseId: unarmor(text).slice(5, 21), revision: 0 },
    ...{ issued: 20778, lastValid: null, updatesUntil: null, seats: 1, features: 0 },
  };
  const code = mintCode(record, PRODUCT, (message) => sign(null, message, privateKey));
  held.set(letters, code);
  return code;
}
