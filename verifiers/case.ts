/** One input of the differential run, and what the reader of this project answers to it: the reference. */
import { readFileSync } from 'node:fs';
import type { PublicKeyEntry } from '../src/license-code/keyring.ts';
import { createReader, type Reader } from '../src/license-code/reader.ts';

/** What a runner gets as one line of JSON, with the keyring of the vectors. */
export interface Case {
  readonly input: string;
  readonly product: string;
  readonly today: string;
  readonly buildDate: string | null;
  readonly allowTest: boolean;
  readonly revoked: readonly string[];
}

/** What a runner answers, one line of JSON each; `count` for `too-short` and `too-long`. */
export interface Answer {
  readonly verdict: string;
  readonly count?: number;
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

/** Answers by `src/license-code`. Readers are kept, as most cases differ in their input alone. */
export function reference(vectors: Vectors): (each: Case) => Answer {
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
  return ({ input, product, today, buildDate, allowTest, revoked }) => {
    const key = JSON.stringify([product, today, buildDate, allowTest, revoked]);
    const reader =
      readers.get(key) ??
      createReader({
        product,
        keyring,
        today,
        buildDate: buildDate ?? undefined,
        allowTest,
        revocations: { revoked: (id) => revoked.includes(id) },
      });
    readers.set(key, reader);
    const verdict = reader.read(input);
    return 'count' in verdict
      ? { verdict: verdict.verdict, count: verdict.count }
      : { verdict: verdict.verdict };
  };
}
