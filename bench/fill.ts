/** A ledger that holds licenses already: random ids as real ones are, codes that are no codes but look like it. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { loadCatalog } from '../src/catalog.ts';
import { readIdSecret } from '../src/keyring/id-secret.ts';
import { armor, CODE_BYTES } from '../src/license-code/armor.ts';
import { LICENSE_ID_BYTES } from '../src/license-code/license-id.ts';
import { LARGEST_GROUP } from '../src/storage/sqlite/group-commit.ts';
import { openLedgerFile } from '../src/storage/sqlite/open.ts';
import { SqliteLedger } from '../src/storage/sqlite/sqlite-ledger.ts';
import { BENCH_PRODUCT } from './orders.ts';
import type { Stage } from './stage.ts';

/** Older orders than those of the run: Paddle numbers them upwards. */
const FIRST_ORDER = 200_000_000;
const GAP = 97;

/** The data folder with the ledger. Goes through the ledger's port, so that every row is as the service writes it. */
export async function fillLedger(stage: Stage, licenses: number): Promise<string> {
  const dataDir = stage.dataDir('filled');
  const ledger = new SqliteLedger(openLedgerFile(join(dataDir, 'ledger.sqlite')), {
    idSecret: readIdSecret(stage.keysDir),
  });
  const product = (await loadCatalog(stage.productsDir)).get(BENCH_PRODUCT);
  if (product === undefined) throw new TypeError('the product of the bench is missing');
  await ledger.keepMessage(product.message);
  const { digest } = product.message;
  for (let first = 0; first < licenses; first += LARGEST_GROUP) {
    const group = Array.from({ length: Math.min(LARGEST_GROUP, licenses - first) }, (_, place) =>
      ledger.issue(sale(first + place, digest)),
    );
    await Promise.all(group);
  }
  await ledger.close();
  return dataDir;
}

function sale(index: number, message: string) {
  const at = Date.now();
  return {
    order: {
      marketplace: 'paddle-classic',
      mode: 'live',
      order: String(FIRST_ORDER + index * GAP),
      product: BENCH_PRODUCT,
      quantity: 1,
      soldAt: at,
      customer: { name: `Ada Byron ${index}`, email: `buyer${index}@example.org` },
    },
    licenses: [
      { id: randomBytes(LICENSE_ID_BYTES), unit: 0, revision: 0, code: armor(randomBytes(CODE_BYTES)) },
    ],
    message,
    at,
    cause: 'fulfillment request',
    whole: true,
    facts: [],
  } as const;
}
