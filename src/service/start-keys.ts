/** The keys of a start: those that are missing are made; the simulator has its own. */
import { dayOf } from '../domain/values/day.ts';
import { AppError } from '../errors.ts';
import { type Made, makeMissing } from '../keyring/bootstrap.ts';
import { readSimulatorPublicKey, simulatorSecret } from '../keyring/simulator-key.ts';
import type { SharedKeys } from '../marketplaces/simulator.ts';
import type { Config } from './config.ts';

export function makeKeys(
  { keysDir, keyPassphrase, simulator, keysBundle }: Config,
  now: number,
  ledgerExists: boolean,
): Promise<readonly Made[]> {
  if (keysBundle !== undefined)
    throw new AppError(
      'bad_configuration',
      'KEYS_BUNDLE is for AWS Lambda: elsewhere put the keys into KEYS_DIR (keys restore), and remove the setting',
    );
  return makeMissing(keysDir, { today: dayOf(now), passphrase: keyPassphrase, simulator, ledgerExists });
}

export function simulatorKeys({ simulator, keysDir }: Config): SharedKeys | undefined {
  return simulator
    ? { publicKey: readSimulatorPublicKey(keysDir), secret: simulatorSecret(keysDir) }
    : undefined;
}
