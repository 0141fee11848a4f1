/** The place of a run: a temporary folder with keys, a product, and a data folder for each server. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeMissing } from '../src/keyring/bootstrap.ts';
import { readKeyring } from '../src/keyring/keyring.ts';
import { addSigningKey } from '../src/keyring/signing-key.ts';
import { BENCH_PRODUCT } from './orders.ts';

/** The size of Paddle's keys in bits. */
const RSA_BITS = 4096;

export interface Stage {
  readonly folder: string;
  readonly productsDir: string;
  readonly keysDir: string;
  /** The marketplace's key pair: the client signs with the private key, the servers check with the public key. */
  readonly privateKeyFile: string;
  readonly publicKeyFile: string;
  /** A new folder for a server's data. */
  dataDir(name: string): string;
  remove(): void;
}

export async function createStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-bench-'));
  const productsDir = join(folder, 'products');
  mkdirSync(productsDir);
  copyFileSync(join(import.meta.dirname, 'product.md'), join(productsDir, `${BENCH_PRODUCT}.md`));
  const keysDir = join(folder, 'keys');
  await makeKeys(keysDir);
  const privateKeyFile = join(folder, 'marketplace-private.pem');
  const publicKeyFile = join(folder, 'marketplace-public.pem');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  writeFileSync(privateKeyFile, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  writeFileSync(publicKeyFile, publicKey.export({ format: 'pem', type: 'spki' }));
  return {
    folder,
    productsDir,
    keysDir,
    privateKeyFile,
    publicKeyFile,
    dataDir(name) {
      const dataDir = join(folder, `data-${name}`);
      mkdirSync(dataDir);
      return dataDir;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Live orders: the service makes a test key by itself, and never a live key. */
async function makeKeys(keysDir: string): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  await makeMissing(keysDir, { today, simulator: false, ledgerExists: false });
  addSigningKey(keysDir, readKeyring(keysDir), { mode: 'live', today, randomBytes });
}
