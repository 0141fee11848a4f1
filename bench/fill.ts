/** Ledgers that hold licenses already, with random ids and with texts that only look like codes. */
import { randomFillSync } from 'node:crypto';
import { closeSync, copyFileSync, fsyncSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadCatalog } from '../src/catalog/catalog.ts';
import { keptTermsOf } from '../src/catalog/kept-terms.ts';
import type { Issue } from '../src/domain/ledger.ts';
import type { Minter } from '../src/domain/minter.ts';
import { REQUEST } from '../src/domain/values/causes.ts';
import type { Product } from '../src/domain/values/product.ts';
import { readIdSecret } from '../src/keyring/id-secret.ts';
import { armor, CODE_BYTES } from '../src/license-code/armor.ts';
import { LICENSE_ID_BYTES } from '../src/license-code/license-id.ts';
import { LARGEST_GROUP } from '../src/storage/sqlite/file/group-commit.ts';
import { openLedgerFile } from '../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../src/storage/sqlite/sqlite-ledger.ts';
import { BENCH_PRODUCT } from './orders.ts';
import type { Stage } from './stage.ts';

/** Lower order numbers than those of the run: Paddle numbers orders upwards. */
const FIRST_ORDER = 200_000_000;
const GAP = 97;

/** KiB, negative as SQLite requires: the whole index at five million licenses. */
const CACHE = -512 * 1024;

export interface Filled {
  readonly licenses: number;
  /** The number of licenses in the ledger. */
  readonly dataDir: string;
  /** The ledger's size in bytes, and the seconds since the filling began. */
  readonly bytes: number;
  readonly seconds: number;
}

export interface Filling {
  /** Default: random ids and codes. */
  readonly minter?: Minter;
  /** How long ago a sale was, in milliseconds, by its index; default: all are sold now. */
  readonly age?: (index: number) => number;
}

/**
 * Makes a ledger for each size, in ascending order. Uses the ledger's port, so that every row is as the service writes
 * it, but without durability.
 */
export async function fillLedgers(
  stage: Stage,
  sizes: readonly number[],
  { minter = RANDOM, age = () => 0 }: Filling = {},
): Promise<readonly Filled[]> {
  const start = performance.now();
  const file = join(stage.dataDir('filling'), 'ledger.sqlite');
  const idSecret = readIdSecret(stage.keysDir);
  const connection = openLedgerFile(file, idSecret);
  // Also, so that the copied file is complete. The service sets its own journal mode when it opens the file.
  connection.pragma('journal_mode = MEMORY');
  connection.pragma('synchronous = OFF');
  connection.pragma(`cache_size = ${CACHE}`);
  const product = (await loadCatalog(stage.productsDir)).get(BENCH_PRODUCT);
  if (product === undefined) throw new TypeError('the product of the bench is missing');
  const terms = keptTermsOf(product);
  const ledger = new SqliteLedger(connection, {
    idSecret,
    rules: {
      minter,
      findProduct: () => product,
      currentTerms: () => terms,
      expectsEvents: () => false,
    },
  });
  await ledger.keepMessage(product.message);
  await ledger.keepTerms(terms);
  const at = Date.now();
  const filled: Filled[] = [];
  let held = 0;
  const upwards = [...new Set(sizes)].sort((a, b) => a - b);
  const largest = upwards.at(-1);
  for (const licenses of upwards) {
    while (held < licenses) {
      const count = Math.min(LARGEST_GROUP, licenses - held);
      const first = held;
      const group = Array.from({ length: count }, (_, place) =>
        ledger.issue(sale(first + place, product, at - age(first + place))),
      );
      await Promise.all(group);
      held += count;
    }
    // The last ledger needs no copy.
    const isLast = licenses === largest;
    const dataDir = isLast ? dirname(file) : stage.dataDir(`filled-${licenses}`);
    if (!isLast) copyFileSync(file, join(dataDir, 'ledger.sqlite'));
    filled.push({
      licenses,
      dataDir,
      bytes: statSync(file).size,
      seconds: (performance.now() - start) / 1000,
    });
  }
  await ledger.close();
  for (const { dataDir } of filled) flush(join(dataDir, 'ledger.sqlite'));
  return filled;
}

/** Syncs to the disk, so that the writes do not disturb the measurement. */
function flush(file: string): void {
  const handle = openSync(file, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}

/** Random ids and codes of the real length: minting is not measured here. */
const RANDOM: Minter = {
  mint({ unit }, _entitlement, revision) {
    const random = randomFillSync(Buffer.allocUnsafe(LICENSE_ID_BYTES + CODE_BYTES));
    const code = armor(random.subarray(LICENSE_ID_BYTES));
    return { id: random.subarray(0, LICENSE_ID_BYTES), unit, revision, code };
  },
  entitlementOf() {
    throw new TypeError('a plain sale reads no code');
  },
  recognize: () => undefined,
};

function sale(index: number, product: Product, at: number): Issue {
  return {
    order: {
      marketplace: 'paddle-classic',
      mode: 'live',
      order: String(FIRST_ORDER + index * GAP),
      line: '',
      product: product.id,
      quantity: 1,
      soldAt: at,
      customer: { name: `Ada Byron ${index}`, email: `buyer${index}@example.org` },
    },
    product,
    units: 'all',
    at,
    cause: REQUEST,
    facts: [],
  };
}
