/** What the service and the commands are made of alike: products, keys and the ledger, opened and checked. */
import { existsSync } from 'node:fs';
import { type Catalog, loadCatalog } from './catalog.ts';
import type { Config } from './config.ts';
import type { Minter } from './domain/minter.ts';
import type { Mode } from './domain/order.ts';
import { AppError } from './errors.ts';
import { readIdSecret } from './keyring/id-secret.ts';
import { loadSigners, type Signers } from './keyring/signer.ts';
import { Templates } from './message/templates.ts';
import { createMinter } from './minter.ts';
import type { ObserveCommit } from './storage/sqlite/group-commit.ts';
import { openLedgerFile } from './storage/sqlite/open.ts';
import { SqliteLedger } from './storage/sqlite/sqlite-ledger.ts';

export interface Parts {
  readonly catalog: Catalog;
  readonly signers: Signers;
  readonly ledger: SqliteLedger;
  readonly minter: Minter;
  readonly templates: Templates;
}

export interface OpenOptions {
  /** The modes that must have an active signing key. */
  readonly modesNeeded: readonly Mode[];
  readonly observeCommit?: ObserveCommit;
  /** The ledger's clock, in milliseconds since 1970-01-01; the computer's, if not given. */
  readonly now?: () => number;
}

/** Throws AppError `bad_configuration` naming what has to be mended. Whoever opens the parts closes the ledger. */
export async function openParts(
  config: Config,
  { modesNeeded, observeCommit, now }: OpenOptions,
): Promise<Parts> {
  const catalog = await loadCatalog(config.productsDir);
  const signers = loadSigners(config.keysDir, { passphrase: config.keyPassphrase, modesNeeded });
  const idSecret = readIdSecret(config.keysDir);
  const minter = createMinter({ idSecret, ...signers });
  const ledger = new SqliteLedger(openLedgerFile(config.ledgerFile), {
    idSecret,
    life: { minter, findProduct: (id) => catalog.get(id) },
    ...(observeCommit && { observeCommit }),
    ...(now && { now }),
  });
  try {
    const messages = catalog.all().map((product) => product.message);
    for (const message of messages) await ledger.keepMessage(message);
    return {
      catalog,
      signers,
      ledger,
      minter,
      templates: new Templates(messages, (digest) => ledger.findMessage(digest)),
    };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** For commands that only look: the ledger must be there, and of the keys only the id secret is needed. */
export function openLedger(config: Config): SqliteLedger {
  requireLedger(config);
  return new SqliteLedger(openLedgerFile(config.ledgerFile), { idSecret: readIdSecret(config.keysDir) });
}

/** Throws AppError `not_found` where no ledger has been made yet. */
export function requireLedger({ ledgerFile }: Config): void {
  if (existsSync(ledgerFile)) return;
  throw new AppError(
    'not_found',
    `There is no ledger at ${ledgerFile}: the service makes it when it starts.`,
  );
}
