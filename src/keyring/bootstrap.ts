/** The first start: makes the keys that are missing, for test orders only, and nothing in the place of what was lost. */
import { randomBytes as systemRandomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Day } from '../domain/day.ts';
import { AppError } from '../errors.ts';
import { makeIdSecret } from './id-secret.ts';
import { idSecretFile, keyringFile, makeFolder, signingKeyFile, simulatorFile } from './key-files.ts';
import { readKeyring } from './keyring.ts';
import { withLock } from './lock.ts';
import type { RandomBytes } from './private-key.ts';
import { activeKeys } from './rotation.ts';
import { addSigningKey } from './signing-key.ts';
import { makeSimulatorKey } from './simulator-key.ts';

export interface Made {
  /** For a line that a person reads: "a test signing key (key 1)". */
  readonly what: string;
  readonly path: string;
}

export interface MakeMissing {
  readonly today: Day;
  readonly passphrase?: string | undefined;
  /** The simulator's key too. */
  readonly simulator: boolean;
  /** Sales are on record: then the id secret and the keyring are not missing but lost. */
  readonly ledgerExists: boolean;
  readonly randomBytes?: RandomBytes;
}

/**
 * Makes what a first start needs and is not there: the folder, the id secret, a *test* signing key, the
 * simulator's key; answers what it made, in order. Never a live key. Several processes may do this at once: each
 * thing is made once. Throws `bad_configuration` where a ledger exists without its id secret or keyring, because
 * new ones would give known sales new licenses and known key ids new keys.
 */
export async function makeMissing(folder: string, options: MakeMissing): Promise<readonly Made[]> {
  refuseToReplace(folder, options.ledgerExists);
  const randomBytes = options.randomBytes ?? systemRandomBytes;
  const made: Made[] = [];
  if (makeFolder(folder)) made.push({ what: 'the folder for keys', path: folder });
  const idSecret = idSecretFile(folder);
  if (!existsSync(idSecret) && makeIdSecret(folder, randomBytes)) {
    made.push({ what: 'the id secret, which license ids are derived with', path: idSecret });
  }
  const id = await makeTestKey(folder, options, randomBytes);
  if (id !== undefined) {
    made.push({ what: `a test signing key (key ${id})`, path: signingKeyFile(folder, id) });
  }
  const simulator = simulatorFile(folder);
  if (options.simulator && !existsSync(simulator) && makeSimulatorKey(folder)) {
    made.push({ what: "the simulator's key", path: simulator });
  }
  return made;
}

async function makeTestKey(
  folder: string,
  { today, passphrase }: MakeMissing,
  randomBytes: RandomBytes,
): Promise<number | undefined> {
  const missing = () => activeKeys(readKeyring(folder), 'test').length === 0;
  // Looked at before the lock too: a folder with all its keys may be read-only.
  if (!missing()) return undefined;
  return withLock(folder, () => {
    if (!missing()) return undefined;
    return addSigningKey(folder, readKeyring(folder), { mode: 'test', today, passphrase, randomBytes }).id;
  });
}

function refuseToReplace(folder: string, ledgerExists: boolean): void {
  if (!ledgerExists) return;
  const lines: string[] = [];
  if (!existsSync(idSecretFile(folder))) {
    lines.push(
      `${idSecretFile(folder)} is missing, though there is a ledger: with another id secret a repeated order would be given another license. Restore it from your backup`,
    );
  }
  if (!existsSync(keyringFile(folder))) {
    lines.push(
      `${keyringFile(folder)} is missing, though there is a ledger: with other keys the codes in it could no longer be verified. Restore it from your backup`,
    );
  }
  if (lines.length > 0) throw new AppError('bad_configuration', lines.join('\n'));
}
