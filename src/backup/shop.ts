/** Makes the backup of a whole shop, also while the service runs. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { listProductFiles } from '../catalog/catalog.ts';
import { makeFolder, simulatorFile } from '../keyring/key-files.ts';
import type { Config } from '../service/config.ts';
import { backUpLedger } from '../service/ledger-files.ts';
import { COST, type Cost } from './header.ts';
import { copyOf, keySources } from './keys.ts';
import {
  IN_KEYS,
  IN_PICTURE,
  IN_PRODUCTS,
  IN_TEXTS,
  LEDGER,
  type Manifest,
  SETTINGS,
  SHOP,
  WEBHOOKS,
} from './manifest.ts';
import { releaseSources } from './releases.ts';
import { settingsFile } from './settings-file.ts';
import { fileSource, type Source, textSource, writeArchive } from './write-archive.ts';

/** 16 MiB and some 50 ms: a function waits for it at each start. */
const BUNDLE_COST: Cost = { ...COST, n: 2 ** 14 };

const DAY_MILLISECONDS = 86_400_000;

export interface Wanted {
  readonly config: Config;
  readonly file: string;
  readonly passphrase: string;
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
}

/** Keys alone. */
export function backUpKeys({ config, file, passphrase, now }: Wanted): void {
  writeArchive(file, passphrase, about('keys', now), keySources(config));
}

/** Keys alone, as a text: the file of `backUpKeys` in base64, which fits into the environment of a function. */
export function bundleKeys({
  config,
  passphrase,
  now,
  simulator,
}: Omit<Wanted, 'file'> & { readonly simulator: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-bundle-'));
  const file = join(folder, 'keys');
  try {
    const path = `${IN_KEYS}${basename(simulatorFile(config.keysDir))}`;
    const sources = keySources(config).filter((source) => simulator || source.path !== path);
    writeArchive(file, passphrase, about('keys', now), sources, BUNDLE_COST);
    return readFileSync(file).toString('base64');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keys, product files, webhook endpoints, the shop as customers see it, releases without their files, settings without secrets, ledger. */
export async function backUpShop({ config, file, passphrase, now }: Wanted): Promise<void> {
  const keys = keySources(config);
  const products = await listProductFiles(config.productsDir);
  const small: Source[] = [
    ...keys,
    ...products.map((name) => copyOf(`${IN_PRODUCTS}${name}`, join(config.productsDir, name))),
    ...(existsSync(config.webhooksFile) ? [copyOf(WEBHOOKS, config.webhooksFile)] : []),
    ...(await shopSources(config)),
    ...(await releaseSources(config)),
    textSource(SETTINGS, settingsFile(config, new Date(now).toISOString())),
  ];
  removeLeftCopies(config, now);
  // Beside the ledger, which is as private; with a database, the folder may be missing.
  if (config.ledgerDatabase !== undefined) makeFolder(dirname(config.ledgerFile));
  const copy = `${config.ledgerFile}.copy-${process.pid}`;
  try {
    await backUpLedger(config, copy);
    writeArchive(file, passphrase, about('shop', now), [...small, fileSource(LEDGER, copy)]);
  } finally {
    rmSync(copy, { force: true });
  }
}

/** shop.yaml, its picture, and the seller's own texts. */
async function shopSources({ shopFile }: Pick<Config, 'shopFile'>): Promise<readonly Source[]> {
  const { listShopFiles } = await import('../customer/shop-files.ts');
  const pathOf = (name: string) => {
    if (name === basename(shopFile)) return SHOP;
    return name.startsWith(IN_TEXTS) ? name : `${IN_PICTURE}${name}`;
  };
  return (await listShopFiles(shopFile)).map((name) => copyOf(pathOf(name), join(dirname(shopFile), name)));
}

function about(kind: Manifest['kind'], now: number): Omit<Manifest, 'files'> {
  return { kind, version: manifest.version, at: new Date(now).toISOString() };
}

/** Copies that a killed backup left would keep what was erased since. */
function removeLeftCopies({ ledgerFile }: Pick<Config, 'ledgerFile'>, now: number): void {
  const folder = dirname(ledgerFile);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (!name.startsWith(`${basename(ledgerFile)}.copy-`)) continue;
    if (now - statSync(file).mtimeMs > DAY_MILLISECONDS) rmSync(file, { force: true });
  }
}
