/** Keys from one encrypted text, the file of `keys backup` in base64, where there is no disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { restore } from '../../backup/restore.ts';
import { AppError } from '../../errors.ts';
import type { Config } from '../config.ts';

/**
 * Unpacks the keys to a private folder of this instance, which becomes KEYS_DIR, and calls `start` with it; a start that
 * failed leaves no keys behind. Rejects with AppError `bad_configuration` without the settings, and `bad_usage` for a
 * bundle that is damaged or has another passphrase.
 */
export async function withKeys<T>(config: Config, start: (unpacked: Config) => Promise<T>): Promise<T> {
  const unpacked = unpackKeys(config);
  try {
    return await start(unpacked);
  } catch (error) {
    rmSync(dirname(unpacked.keysDir), { recursive: true, force: true });
    throw error;
  }
}

function unpackKeys(config: Config): Config {
  const { keysBundle, keysBundlePassphrase: passphrase } = config;
  if (keysBundle === undefined || passphrase === undefined)
    throw new AppError(
      'bad_configuration',
      'KEYS_BUNDLE: set it to what  keys bundle  prints, and KEYS_BUNDLE_PASSPHRASE to its passphrase',
    );
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-keys-'));
  const keysDir = join(folder, 'keys');
  const unpacked = { ...config, keysDir, ledgerMark: join(keysDir, 'ledger-mark.json') };
  const file = join(folder, 'KEYS_BUNDLE');
  try {
    writeFileSync(file, Buffer.from(keysBundle, 'base64'), { mode: 0o600 });
    restore(file, passphrase, unpacked, 'keys');
    return unpacked;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(file, { force: true });
  }
}
