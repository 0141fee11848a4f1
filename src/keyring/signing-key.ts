/** A signing key with both halves: made together, and used only while they match. */

import type { KeyObject } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import type { Day } from '../domain/values/day.ts';
import type { Mode } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import { keyringFile, signingKeyFile, signingKeyFiles } from './key-files.ts';
import { type KeyEntry, type Keyring, writeKeyring } from './keyring.ts';
import {
  makePrivateKey,
  publicHalf,
  type RandomBytes,
  readPrivateKey,
  writePrivateKey,
} from './private-key.ts';
import { nextId, withNewKey } from './rotation.ts';

export interface NewKey {
  readonly mode: Mode;
  /** Made for later use, even if its mode has no active key. */
  readonly next?: boolean;
  readonly today: Day;
  readonly passphrase?: string | undefined;
  readonly randomBytes: RandomBytes;
}

/** Writes the private half, then the keyring. The caller holds the lock under which it read `entries`. */
export function addSigningKey(folder: string, entries: Keyring, wanted: NewKey): KeyEntry {
  refuseLostKeyring(folder);
  const id = nextId(entries, (candidate) => existsSync(signingKeyFile(folder, candidate)));
  const file = signingKeyFile(folder, id);
  const key = makePrivateKey(wanted.randomBytes);
  const entry = { id, mode: wanted.mode, publicKey: publicHalf(key), created: wanted.today };
  const changed = withNewKey(entries, entry, { next: wanted.next ?? false });
  writePrivateKey(file, key, wanted);
  try {
    writeKeyring(folder, changed.entries);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
  return changed.added;
}

/** The private half of a key in the keyring. Throws `bad_configuration`, also where the halves do not match. */
export function readSigningKey(folder: string, entry: KeyEntry, passphrase?: string): KeyObject {
  const file = signingKeyFile(folder, entry.id);
  const key = readPrivateKey(file, passphrase);
  if (publicHalf(key) !== entry.publicKey) {
    throw new AppError(
      'bad_configuration',
      `${file} does not fit the public key that ${keyringFile(folder)} has for key ${entry.id}: restore both from the same backup`,
    );
  }
  return key;
}

/** A new keyring would give another key an id that codes in the field already have. */
function refuseLostKeyring(folder: string): void {
  const [first] = signingKeyFiles(folder);
  if (first === undefined || existsSync(keyringFile(folder))) return;
  throw new AppError(
    'bad_configuration',
    `${keyringFile(folder)} is missing, though ${first} is there: restore it from your backup, or, if nothing was ever sold with that key, move ${first} away`,
  );
}
