/** A keys folder for each test, and keys from a seed. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { AppError } from '../../src/errors.ts';
import type { KeyEntry } from '../../src/keyring/keyring.ts';
import { readKeyring } from '../../src/keyring/keyring.ts';
import { addSigningKey, type NewKey } from '../../src/keyring/signing-key.ts';

export const TODAY = '2026-11-21';

/** Removed at the end of the test. Its folder `keys` does not exist yet. */
export function keysFolder(t: ExecutionContext): string {
  const parent = mkdtempSync(join(tmpdir(), 'mintmark-keys-'));
  t.teardown(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, 'keys');
}

/** Pseudorandom bytes, the same in each run. */
export function seeded(seed: string): (size: number) => Uint8Array {
  let count = 0;
  return (size) => {
    count += 1;
    return createHash('shake256', { outputLength: size }).update(`${seed} ${count}`).digest();
  };
}

export function addKey(folder: string, wanted: Partial<NewKey> = {}): KeyEntry {
  const entries = readKeyring(folder);
  return addSigningKey(folder, entries, {
    mode: 'live',
    today: TODAY,
    randomBytes: seeded(`key ${entries.length}`),
    ...wanted,
  });
}

export const modeOf = (file: string): number => statSync(file).mode & 0o777;

export const open = (file: string, mode = 0o644): void => chmodSync(file, mode);

/** Every file of a folder, by name. */
export function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  );
}

/** The AppError that `act` throws; without one the test fails. */
export function refusal(t: ExecutionContext, act: () => unknown): AppError {
  return t.throws(act, { instanceOf: AppError })!;
}
