/** One input of the differential run, and the reference answer of this project's reader. */
import { readFileSync } from 'node:fs';
import nacl from 'tweetnacl';
import type { PublicKeyEntry } from '../src/license-code/keyring.ts';
import { createReader, type Reader } from '../src/license-code/reader.ts';
import type { Repaired } from '../src/license-code/repair.ts';
import type { Verdict } from '../src/license-code/verdict.ts';

/** The input of a runner, one line of JSON. The keyring is the keyring of the vectors. */
export interface Case {
  readonly input: string;
  readonly product: string;
  readonly today: string;
  readonly buildDate: string | null;
  readonly allowTest: boolean;
  readonly revoked: readonly string[];
  readonly latestDay?: string;
  readonly features?: readonly string[];
}

/**
 * A runner's answer, one line of JSON: the fields of the verdict and no others. `group` only if known, `repaired` only
 * after a repair; each of `choices` with verdict and code; `has` lists the licensed `features` if the case has features.
 */
export interface Answer {
  readonly verdict: string;
  readonly seen?: string;
  readonly character?: string;
  readonly position?: number;
  readonly count?: number;
  readonly group?: number;
  readonly code?: string;
  readonly keep?: string;
  readonly repaired?: Repaired;
  readonly choices?: readonly { readonly verdict: string; readonly code: string }[];
  readonly has?: readonly string[];
}

export interface Vectors {
  readonly keyring: readonly (Pick<PublicKeyEntry, 'id' | 'mode' | 'publicKey'> & {
    readonly seed: string;
  })[];
  readonly mint: readonly { readonly code: string; readonly license: { readonly product: string } }[];
  readonly read: readonly (Case & { readonly verdict: string })[];
}

export function readVectors(file: string): Vectors {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Returns the answers of `src/license-code`. Caches readers, because most cases differ in their input only. */
export function reference(vectors: Vectors): (each: Case) => Answer {
  keepSignatures();
  const keyring = vectors.keyring.map(
    ({ id, mode, publicKey }): PublicKeyEntry => ({
      id,
      mode,
      publicKey,
      state: 'active',
      created: '2026-11-21',
    }),
  );
  const readers = new Map<string, Reader>();
  return ({ input, product, today, buildDate, allowTest, revoked, latestDay, features }) => {
    const key = JSON.stringify([product, today, buildDate, allowTest, revoked, latestDay, features]);
    const reader =
      readers.get(key) ??
      createReader({
        product,
        keyring,
        today,
        buildDate: buildDate ?? undefined,
        latestDay,
        features,
        allowTest,
        revocations: { revoked: (id) => revoked.includes(id) },
      });
    readers.set(key, reader);
    const reading = reader.read(input);
    const answer = answerOf(reading);
    return features === undefined ? answer : { ...answer, has: features.filter((name) => reading.has(name)) };
  };
}

/** Caches tweetnacl's signature checks: each takes milliseconds, and most inputs contain the same codes. */
function keepSignatures(): void {
  const { verify } = nacl.sign.detached;
  const kept = new Map<string, boolean>();
  nacl.sign.detached.verify = (message, signature, publicKey) => {
    const name = [message, signature, publicKey].map((bytes) => Buffer.from(bytes).toString('base64')).join();
    const verifies = kept.get(name) ?? verify(message, signature, publicKey);
    kept.set(name, verifies);
    return verifies;
  };
}

function answerOf(verdict: Verdict): Answer {
  switch (verdict.verdict) {
    case 'several':
      return {
        verdict: 'several',
        choices: verdict.choices.map(({ verdict: word, code }) => ({ verdict: word, code })),
      };
    case 'unsupported-version':
    case 'unknown-key':
      return { verdict: verdict.verdict };
    default: {
      if (!('license' in verdict)) return verdict;
      const { verdict: word, code, keep, repaired } = verdict;
      return { verdict: word, code, keep, ...(repaired && { repaired }) };
    }
  }
}
