/** The signers of a running service: every key is loaded and checked once, at the start. */
import { sign } from 'node:crypto';
import type { Mode } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import { exposure, idSecretFile, keyringFile, signingKeyFiles, simulatorFile } from './key-files.ts';
import { type Keyring, readKeyring } from './keyring.ts';
import { activeKeys } from './rotation.ts';
import { readSigningKey } from './signing-key.ts';

export interface Signer {
  /** 1 to 255, the second byte of a code. */
  readonly keyId: number;
  /** Ed25519 (RFC 8032, pure): 64 bytes, deterministic. */
  sign(message: Uint8Array): Uint8Array;
}

export interface Signers {
  /** All public keys, also retired keys: for reading codes. */
  readonly keyring: Keyring;
  /** undefined where the mode has no active key; a mode in `modesNeeded` always has an active key. */
  signerFor(mode: Mode): Signer | undefined;
}

/**
 * Loads each mode's active key. Throws one `bad_configuration` with one line per fault: a file that others can read,
 * two active keys of a mode, no active key for a needed mode, or a private key that is missing, not decrypted or
 * does not match its public half. Keys in the states `next` and `retired` need no private file here.
 */
export function loadSigners(
  folder: string,
  options: { readonly passphrase?: string | undefined; readonly modesNeeded: readonly Mode[] },
): Signers {
  const keyring = readKeyring(folder);
  // A set: a file that is open to others is found twice if its key is active.
  const faults = new Set<string>();
  for (const file of [...signingKeyFiles(folder), idSecretFile(folder), simulatorFile(folder)]) {
    const fault = exposure(file);
    if (fault !== undefined) faults.add(fault);
  }
  const signers = new Map<Mode, Signer>();
  for (const mode of ['live', 'test'] as const) {
    const [signer] = signersOf(mode);
    if (signer !== undefined) signers.set(mode, signer);
  }
  if (faults.size > 0) throw new AppError('bad_configuration', [...faults].join('\n'));
  return { keyring, signerFor: (mode) => signers.get(mode) };

  function signersOf(mode: Mode): readonly Signer[] {
    const active = activeKeys(keyring, mode);
    if (active.length > 1) faults.add(tooMany(folder, mode, active));
    if (active.length === 0 && options.modesNeeded.includes(mode)) faults.add(none(mode));
    return active.flatMap((entry) => {
      try {
        const key = readSigningKey(folder, entry, options.passphrase);
        return [{ keyId: entry.id, sign: (message: Uint8Array) => sign(null, message, key) }];
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        faults.add(error.message);
        return [];
      }
    });
  }
}

function tooMany(folder: string, mode: Mode, active: Keyring): string {
  const ids = active.map((entry) => entry.id).join(' and ');
  return `${keyringFile(folder)} has more than one active ${mode} key (${ids}): retire all but one with  npm run -s mintmark -- keys retire ID`;
}

function none(mode: Mode): string {
  return `There is no active ${mode} signing key: make one with  npm run -s mintmark -- keys new --mode ${mode}`;
}
