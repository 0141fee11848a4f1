/** The simulator's RSA key: the CLI signs sample orders with it, which the service accepts in mode test. */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { AppError } from '../errors.ts';
import { readPrivate, simulatorFile, writePrivate } from './key-files.ts';

const BITS = 2048;

/** False where the key exists: it is never overwritten. */
export function makeSimulatorKey(folder: string): boolean {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: BITS });
  return writePrivate(simulatorFile(folder), privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
}

/** For the command, which signs. */
export function readSimulatorKey(folder: string): KeyObject {
  const file = simulatorFile(folder);
  const pem = readPrivate(file, 'the service makes it when it starts with SIMULATOR=on');
  const damaged = `${file} holds no RSA private key: delete it, and the next start of the service makes another`;
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new AppError('bad_configuration', damaged);
  }
  if (key.asymmetricKeyType !== 'rsa') throw new AppError('bad_configuration', damaged);
  return key;
}

/** For the service, which verifies. */
export function readSimulatorPublicKey(folder: string): KeyObject {
  return createPublicKey(readSimulatorKey(folder));
}

/** The simulator's secret for marketplaces that share a secret: derived from the key, which only both sides have. */
export function simulatorSecret(folder: string): string {
  const key = readSimulatorKey(folder).export({ format: 'der', type: 'pkcs8' });
  return createHmac('sha256', key).update('mintmark simulator secret v1').digest('hex');
}
