/** The first start: makes missing keys, for test orders only, and never replaces lost keys. */
import { randomBytes as systemRandomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Day } from '../domain/values/day.ts';
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
  /** Make the simulator's key too. */
  readonly simulator: boolean;
  /** The ledger has sales: then a missing id secret or keyring was lost. */
  readonly ledgerExists: boolean;
  readonly randomBytes?: RandomBytes;
}

/**
 * Makes the missing folder, id secret, *test* signing key and simulator's key, and returns what it made. Never makes
 * a live key. Processes can run it concurrently: each file is made once. Throws `bad_configuration` where a ledger
 * exists without its id secret or keyring: new ones would give known sales new licenses.
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
  // Also checked before the lock: a complete keys folder can be read-only.
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
