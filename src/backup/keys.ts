/** The files of the keys in a backup. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '../errors.ts';
import {
  fileFault,
  idSecretFile,
  keyringFile,
  readPrivate,
  signingKeyFiles,
  simulatorFile,
} from '../keyring/key-files.ts';
import type { Config } from '../service/config.ts';
import { IN_KEYS, MARK } from './manifest.ts';
import { type Source, textSource } from './write-archive.ts';

/**
 * Read at once, so that the ledger's mark is never newer than a ledger that is copied afterwards. Private keys stay
 * encrypted with their passphrase. Throws AppError for a folder without keys, and for private files that others can read.
 */
export function keySources({
  keysDir,
  ledgerMark,
}: Pick<Config, 'keysDir' | 'ledgerMark'>): readonly Source[] {
  const keyring = keyringFile(keysDir);
  if (!existsSync(keyring)) {
    throw new AppError(
      'not_found',
      `There are no keys in ${keysDir}: the service makes them at its first start.`,
    );
  }
  const secrets = [idSecretFile(keysDir), ...signingKeyFiles(keysDir), simulatorFile(keysDir)];
  const present = secrets.filter((file) => existsSync(file));
  return [
    ...present.map((file) => textSource(`${IN_KEYS}${basename(file)}`, readPrivate(file))),
    copyOf(`${IN_KEYS}${basename(keyring)}`, keyring),
    ...(existsSync(ledgerMark) ? [copyOf(MARK, ledgerMark)] : []),
  ];
}

/** The content as it is now. */
export function copyOf(path: string, file: string): Source {
  try {
    return textSource(path, readFileSync(file));
  } catch (error) {
    throw fileFault(error, file, 'read');
  }
}
