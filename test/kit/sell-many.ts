/** Sells many orders of one unit into the ledger of settings, past the service. */
import { randomBytes } from 'node:crypto';
import { makeIdSecret } from '../../src/keyring/id-secret.ts';
import type { Config } from '../../src/service/config.ts';
import { openParts } from '../../src/service/open.ts';
import { orderOf } from './ledger-data.ts';

/** They share durable transactions. */
const AT_ONCE = 100;

/** Makes the id secret too. `now` in milliseconds since 1970-01-01. */
export async function sellMany(config: Config, orders: number, now: number): Promise<void> {
  makeIdSecret(config.keysDir, randomBytes);
  const { ledger, catalog } = await openParts(config, { modesNeeded: [], now: () => now });
  try {
    const [product] = catalog.all();
    if (product === undefined) throw new Error('there is no product');
    const sale = (place: number) => ({
      order: orderOf({ order: String(600_000 + place), product: product.id }),
      product,
      units: 'all' as const,
      facts: [],
      at: now,
      cause: 'request',
    });
    for (let done = 0; done < orders; done += AT_ONCE) {
      const count = Math.min(AT_ONCE, orders - done);
      await Promise.all(Array.from({ length: count }, (_, place) => ledger.issue(sale(done + place))));
    }
  } finally {
    await ledger.close();
  }
}
