/** A ledger with many events, each of a sale of its own, as the service stores them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvent } from '../src/marketplaces/fastspring/event.ts';
import { findByPath } from '../src/marketplaces/fastspring/product-keys.ts';
import { readConfig } from '../src/service/config.ts';
import { openParts } from '../src/service/open.ts';
import { LARGEST_GROUP } from '../src/storage/sqlite/file/group-commit.ts';
import { orderCompleted } from './events.ts';
import { settingsOf } from './server-process.ts';
import type { Stage } from './stage.ts';

/** The order of the event with this index; its customer's address begins with the order. */
export function nameOfEvent(index: number): string {
  return `held-${index}`;
}

/** The data folder of the ledger. */
export async function fillEvents(stage: Stage, events: number): Promise<string> {
  const dataDir = stage.dataDir('events');
  const settings = { ...settingsOf(stage, dataDir), LEDGER_MARK: join(dataDir, 'ledger-mark.json') };
  const config = readConfig(settings, (file) => readFileSync(file, 'utf8'));
  const { ledger, catalog } = await openParts(config, { modesNeeded: ['live'] });
  const findProduct = findByPath(catalog.all());
  try {
    for (let first = 0; first < events; first += LARGEST_GROUP) {
      const count = Math.min(LARGEST_GROUP, events - first);
      const group = Array.from({ length: count }, (_, place) => {
        const payload = JSON.stringify(orderCompleted(nameOfEvent(first + place)));
        return ledger.ingest(readEvent(payload, findProduct));
      });
      await Promise.all(group);
    }
  } finally {
    await ledger.close();
  }
  return dataDir;
}
