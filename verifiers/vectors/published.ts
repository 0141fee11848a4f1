/** The first published cases of license-code-v1.json. Readers were written against them, so they never change. */
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
  /** 32 bytes in hex, like the fields below. Public test data. */
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
  /** The option `latestDay`: the latest day that the program has seen. */
  readonly latestDay?: string;
  /** The option `features`: the product's feature names. */
  readonly features?: readonly string[];

  readonly verdict: string;
  /** The verdict published before readers repaired slips and ignored the clock for perpetual codes. */
  readonly before?: string;
  /** The fields of the verdict that the case tests. A `group` of null: the verdict has no group. */
  readonly code?: string;
  readonly repaired?: VectorRepair | null;
  readonly keep?: string;
  readonly choices?: readonly { readonly verdict: string; readonly code: string }[];
  readonly character?: string;
  readonly position?: number;
  readonly count?: number;
  readonly group?: number | null;
  readonly seen?: string;
  /** The licensed names of `features`. */
  readonly has?: readonly string[];
}

export interface VectorRepair {
  readonly kind: 'substitution' | 'swap' | 'omission' | 'insertion';
  readonly position: number;
  readonly was: string;
  readonly is: string;
}

export interface Vectors {
  readonly about: string;
  readonly keyring: readonly VectorKey[];
  readonly mint: readonly MintCase[];
  readonly read: readonly ReadCase[];
}

const PUBLISHED = { keys: 2, mint: 10, read: 42 };
const SHA_256 = '6bc2fe3c595a0080e866d076a4f308f9c2e0f13e50de450f23608fd60803c613';

/** The first published part of these vectors, unchanged. */
export function firstOf({ about, keyring, mint, read }: Vectors): Vectors {
  return {
    about,
    keyring: keyring.slice(0, PUBLISHED.keys),
    mint: mint.slice(0, PUBLISHED.mint),
    read: read
      .slice(0, PUBLISHED.read)
      .map(({ before, repaired: _, verdict, ...rest }) => ({ ...rest, verdict: before ?? verdict })),
  };
}

/**
 * Today's verdicts on the published cases with one slip, which is now repaired, and on the perpetual code with a slow
 * clock. Their other fields stay.
 */
const NOW: Readonly<Record<string, VectorRepair | null>> = {
  'last character missing': { kind: 'omission', position: 160, was: '', is: 'A' },
  'one character too many': { kind: 'insertion', position: 161, was: '0', is: '' },
  'a letter outside the alphabet': { kind: 'substitution', position: 11, was: 'U', is: '9' },
  'Cyrillic look-alike': { kind: 'substitution', position: 40, was: '\u0410', is: 'A' },
  'two neighbours swapped': { kind: 'swap', position: 1, was: '02', is: '20' },
  'one character wrong': { kind: 'substitution', position: 101, was: 'Z', is: '7' },
  'issued in the future, beyond two days of clock skew': null,
};

/** The published cases with today's verdict. */
export function asReadNow(published: readonly ReadCase[]): readonly ReadCase[] {
  return published.map((each) => {
    const repaired = NOW[each.name];
    return repaired === undefined
      ? each
      : { ...each, verdict: 'valid', before: each.verdict, ...(repaired && { repaired }) };
  });
}

/** True if the cases equal the published cases exactly. */
export function isAsPublished(first: Vectors): boolean {
  return createHash('sha256').update(JSON.stringify(first)).digest('hex') === SHA_256;
}

/** Reads the published cases from the file. Throws an Error if a case was changed. */
export function readPublished(): Vectors {
  const first = firstOf(JSON.parse(readFileSync(FILE, 'utf8')));
  if (!isAsPublished(first))
    throw new Error('a published case was changed: the first 10 and 42 stay as they are');
  return first;
}
