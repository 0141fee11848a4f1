/** Checks that the keys exist, are complete, and are private to their owner. */
import { existsSync, statSync } from 'node:fs';
import { keysNotBackedUp, readBackupNote } from '../keyring/backup-note.ts';
import { readIdSecret } from '../keyring/id-secret.ts';
import { readKeyring } from '../keyring/keyring.ts';
import { loadSigners } from '../keyring/signer.ts';
import type { PublicKeyEntry } from '../license-code/keyring.ts';
import { RUN } from '../service/command.ts';
import type { Config } from '../service/config.ts';
import { servedModes } from '../service/served-modes.ts';
import { type Finding, fault, note, ok, said, warning } from './finding.ts';

const KEYS = 'signing keys';
const SECRET = 'id secret';
const FOLDER = 'keys folder';
const BACKUP = 'backup of the keys';

/** `started`: the keyring of a running service, which signs with the keys of its start. */
export function examineKeys(config: Config, started?: readonly PublicKeyEntry[]): readonly Finding[] {
  const { keysDir } = config;
  if (!existsSync(keysDir)) {
    return [note(KEYS, `There is no folder ${keysDir} yet.`, 'Start the service once: it makes a test key.')];
  }
  return [
    ...signingKeys(config),
    ...newer(keysDir, started),
    idSecret(keysDir),
    folder(keysDir),
    backedUp(keysDir),
  ];
}

function signingKeys(config: Config): readonly Finding[] {
  const modes = servedModes(config);
  try {
    const { signerFor } = loadSigners(config.keysDir, {
      passphrase: config.keyPassphrase,
      modesNeeded: modes,
    });
    const active = (['live', 'test'] as const).flatMap((mode) => {
      const signer = signerFor(mode);
      return signer === undefined ? [] : [`key ${signer.keyId} signs ${mode} orders`];
    });
    const findings = [ok(KEYS, `${active.join(', ').replace(/^k/, 'K')}.`)];
    if (signerFor('live') !== undefined) return findings;
    const remedy = `Before you sell:  ${RUN} keys new --mode live`;
    return [...findings, note(KEYS, 'There is no live key, so no real sale can be served.', remedy)];
  } catch (error) {
    return [fault(KEYS, said(error), 'Follow each of these lines: until then no license is issued.')];
  }
}

function newer(keysDir: string, started: readonly PublicKeyEntry[] | undefined): readonly Finding[] {
  const made = readKeyring(keysDir).filter(({ id, state }) => {
    return state === 'active' && !started?.some((entry) => entry.id === id && entry.state === 'active');
  });
  if (started === undefined || made.length === 0) return [];
  const so = `${made.map(({ id, mode }) => `Key ${id} signs ${mode} orders`).join(', ')} from the next start of the service.`;
  return [warning(KEYS, so, 'Start the service again.')];
}

function idSecret(keysDir: string): Finding {
  try {
    readIdSecret(keysDir);
    return ok(SECRET, 'It exists and is complete.');
  } catch (error) {
    return fault(SECRET, said(error), 'With another id secret, a repeated order would get another license.');
  }
}

function folder(keysDir: string): Finding {
  const open = process.platform === 'win32' ? 0 : statSync(keysDir).mode & 0o077;
  if (open === 0) return ok(FOLDER, 'Only its owner can read it.');
  return warning(FOLDER, `Others can read ${keysDir}.`, `Close it:  chmod 700 ${keysDir}`);
}

function backedUp(keysDir: string): Finding {
  const missing = keysNotBackedUp(keysDir);
  const { keysAt } = readBackupNote(keysDir);
  if (missing.length === 0)
    return ok(BACKUP, `The newest is of ${keysAt?.slice(0, 10)}, and holds every key.`);
  const isLive = readKeyring(keysDir).some(({ id, mode }) => mode === 'live' && missing.includes(id));
  const so = `The keys were not backed up since key ${missing.at(-1)} was made.`;
  const remedy = `Nobody can make a lost key again:  ${RUN} keys backup FILE  or, done in another way,  ${RUN} keys backup --elsewhere`;
  return isLive ? warning(BACKUP, so, remedy) : note(BACKUP, so, remedy);
}
