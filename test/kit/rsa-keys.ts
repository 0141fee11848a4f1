/** RSA keys of a run: making one takes longer than most tests. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Shorter than Paddle's 4096 bits, to be fast; the settings refuse shorter keys. */
const BITS = 2048;

const placeOf = (name: string): string => `rsa key ${name}`;

/** PKCS#8. */
function makePem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: BITS });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** Makes keys for all threads that start from now on. */
export function shareRsaKeys(names: readonly string[]): void {
  for (const name of names) setEnvironmentData(placeOf(name), makePem());
}

const known = new Map<string, KeyPair>();

/** The key pair of that name: the shared key, or a new key for this thread. Always the same pair. */
export function rsaKey(name: string): KeyPair {
  const kept = known.get(name);
  if (kept !== undefined) return kept;
  const privateKey = createPrivateKey(String(getEnvironmentData(placeOf(name)) ?? makePem()));
  const pair = { privateKey, publicKey: createPublicKey(privateKey) };
  known.set(name, pair);
  return pair;
}
