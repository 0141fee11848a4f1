/** The first cases of license-code-v1.json, as they were published: readers were written against them, so they stay. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const FILE = new URL('./license-code-v1.json', import.meta.url);

export interface VectorLicense {
  readonly test: boolean;
  readonly trial: boolean;
  readonly lastValid: string | null;
  readonly updatesUntil: string | null;
  readonly features: number;
  readonly product: string;
  readonly keyId: number;
  readonly licenseId: string;
  readonly revision: number;
  readonly issued: string;
  readonly seats: number;
}

export interface VectorKey {
  readonly id: number;
  readonly mode: 'live' | 'test';
  /** 32 bytes, hex; as are those below. Public test material. */
  readonly seed: string;
  readonly publicKey: string;
}

export interface MintCase {
  readonly name: string;
  readonly license: VectorLicense;
  readonly code: string;
}

export interface ReadCase {
  readonly name: string;
  readonly input: string;
  readonly product: string;
  readonly today: string;
  readonly buildDate: string | null;
  readonly allowTest: boolean;
  readonly revoked: readonly string[];
  readonly verdict: string;
  /** Of the foreign character in the cleaned text, counted from 1: with `bad-character`. A reader may pass it over. */
  readonly position?: number;
  /** Of the characters of the cleaned text: with `too-short` and `too-long`. A reader may pass it over. */
  readonly count?: number;
}

export interface Vectors {
  readonly about: string;
  readonly keyring: readonly VectorKey[];
  readonly mint: readonly MintCase[];
  readonly read: readonly ReadCase[];
}

const PUBLISHED = { keys: 2, mint: 10, read: 42 };
const SHA_256 = '6bc2fe3c595a0080e866d076a4f308f9c2e0f13e50de450f23608fd60803c613';

/** What of these vectors was published first. */
export function firstOf({ about, keyring, mint, read }: Vectors): Vectors {
  return {
    about,
    keyring: keyring.slice(0, PUBLISHED.keys),
    mint: mint.slice(0, PUBLISHED.mint),
    read: read.slice(0, PUBLISHED.read),
  };
}

/** True if they are, letter for letter, what was published. */
export function isAsPublished(first: Vectors): boolean {
  return createHash('sha256').update(JSON.stringify(first)).digest('hex') === SHA_256;
}

/** The published cases out of the file. An Error if somebody changed one. */
export function readPublished(): Vectors {
  const first = firstOf(JSON.parse(readFileSync(FILE, 'utf8')));
  if (!isAsPublished(first))
    throw new Error('a published case was changed: the first 10 and 42 stay as they are');
  return first;
}
