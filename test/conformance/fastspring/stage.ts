/** A service for FastSpring's samples, and the content of its ledger. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../../src/keyring/key-files.ts';
import { entitlementOf } from '../../../src/keyring/minter.ts';
import { addSigningKey } from '../../../src/keyring/signing-key.ts';
import { createLog } from '../../../src/log.ts';
import { signWebhook } from '../../../src/marketplaces/fastspring/simulator.ts';
import { readConfig } from '../../../src/service/config.ts';
import { openLedger } from '../../../src/service/open.ts';
import { startService } from '../../../src/service/service.ts';

const SECRET = 'a-secret-of-this-run';

/** Product files by the paths in the samples; all are valid for a month with 14 days of grace. */
const PATHS = [
  'cloud-storage',
  'example-monthly-subscription',
  'falcon-monthly-subscriptions',
  'falcon-plus-bonus-package-annual-subscription-individual-license',
  'falcon-plus-bonus-package-individual-license',
  'furious-falcon',
];

export interface Stage {
  deliver(body: string): Promise<number>;
  /** Order, product, state and last valid day of each license of these orders, sorted. */
  held(orders: readonly string[]): Promise<readonly string[]>;
}

/** `now`: the service's clock, in milliseconds since 1970-01-01. */
export async function atService<T>(now: number, act: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-conformance-'));
  const config = readConfig(
    {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      KEYS_DIR: join(folder, 'keys'),
      FASTSPRING_WEBHOOK_SECRETS: SECRET,
      SIMULATOR: 'on',
    },
    () => '',
  );
  try {
    mkdirSync(config.productsDir, { recursive: true });
    for (const [place, path] of PATHS.entries()) {
      const frontMatter = `name: ${path}\nterm: P1M\ngrace: P14D\nmarketplaces: { fastspring: { product: ${path} } }`;
      writeFileSync(
        join(config.productsDir, `product-${place}.md`),
        `---\n${frontMatter}\n---\n\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n`,
      );
    }
    makeFolder(config.keysDir);
    addSigningKey(config.keysDir, [], { mode: 'live', today: '2015-01-01', randomBytes });
    const service = await startService(config, { log: createLog('silent'), now: () => now });
    try {
      return await act({
        deliver: async (body) => {
          const headers = {
            'Content-Type': 'application/json; charset=UTF-8',
            'X-FS-Signature': signWebhook(body, SECRET),
          };
          const answer = await fetch(`${service.url}/webhooks/fastspring`, { method: 'POST', headers, body });
          await answer.text();
          return answer.status;
        },
        held: async (orders) => {
          const ledger = openLedger(config);
          try {
            const stories = await Promise.all(orders.map((order) => ledger.find({ by: 'order', order })));
            return stories
              .flat()
              .map(({ order, product, state, code }) => {
                const path = PATHS[Number(product.slice('product-'.length))];
                return `${order} ${path} ${state} ${entitlementOf(code).lastValid}`;
              })
              .sort();
          } finally {
            await ledger.close();
          }
        },
      });
    } finally {
      await service.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
