/** A service for a marketplace's samples, and the content of its ledger. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../../src/keyring/key-files.ts';
import { entitlementOf } from '../../../src/keyring/minter.ts';
import { addSigningKey } from '../../../src/keyring/signing-key.ts';
import { createLog } from '../../../src/log.ts';
import type { Account } from '../../../src/marketplaces/marketplace.ts';
import { readConfig } from '../../../src/service/config.ts';
import { openLedger } from '../../../src/service/open.ts';
import { startService } from '../../../src/service/service.ts';

export interface Stage {
  deliver(body: string): Promise<number>;
  /** Fetches what events lack. */
  sendDue(): Promise<void>;
  /** Order, product, state and last valid day of each license of these orders, sorted. */
  held(orders: readonly string[]): Promise<readonly string[]>;
}

export interface Scene {
  /** The service's clock, in milliseconds since 1970-01-01. */
  readonly now: number;
  readonly settings: Readonly<Record<string, string>>;
  /** The front matter of product files by product id. */
  readonly products: Readonly<Record<string, string>>;
  readonly path: string;
  headersOf(body: string): Readonly<Record<string, string>>;
  /** Fetches what events lack, instead of the marketplace's API. */
  readonly fetch?: NonNullable<Account['fetch']>;
}

export async function atScene<T>(scene: Scene, act: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-conformance-'));
  const places = { PORT: '0', DATA_DIR: join(folder, 'data'), KEYS_DIR: join(folder, 'keys') };
  const read = readConfig({ ...places, ...scene.settings, SIMULATOR: 'on' }, () => '');
  const { fetch: fetchLacking } = scene;
  const accounts = read.accounts.map((account) =>
    fetchLacking === undefined || account.fetch === undefined ? account : { ...account, fetch: fetchLacking },
  );
  const config = { ...read, accounts };
  try {
    mkdirSync(config.productsDir, { recursive: true });
    for (const [id, frontMatter] of Object.entries(scene.products)) {
      const text = `---\n${frontMatter}\n---\n\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n`;
      writeFileSync(join(config.productsDir, `${id}.md`), text);
    }
    makeFolder(config.keysDir);
    addSigningKey(config.keysDir, [], { mode: 'live', today: '2015-01-01', randomBytes });
    const service = await startService(config, { log: createLog('silent'), now: () => scene.now });
    try {
      return await act({
        deliver: async (body) => {
          const headers = { 'Content-Type': 'application/json; charset=UTF-8', ...scene.headersOf(body) };
          const answer = await fetch(`${service.url}${scene.path}`, { method: 'POST', headers, body });
          await answer.text();
          return answer.status;
        },
        sendDue: () => service.sendDue(),
        held: async (orders) => {
          const ledger = await openLedger(config);
          try {
            const stories = await Promise.all(orders.map((order) => ledger.find({ by: 'order', order })));
            return stories
              .flat()
              .map(
                ({ order, product, state, code }) =>
                  `${order} ${product} ${state} ${entitlementOf(code).lastValid}`,
              )
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

/** Like cards dealt to this number of players, one hand after the other. */
export function dealt<T>(list: readonly T[], players: number): T[] {
  return Array.from({ length: players }, (_, player) =>
    list.filter((_each, place) => place % players === player),
  ).flat();
}
