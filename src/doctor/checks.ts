/** The checks of a running service, one by one: a page shows each as it answers. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Config } from '../service/config.ts';
import { examineAddress, type Presence } from './address.ts';
import { examineDeliveries } from './deliveries.ts';
import { examineDownloads } from './downloads.ts';
import type { Finding } from './finding.ts';
import { examineKeys } from './keys.ts';
import { examineClock, examineDisk, examineLedger, examineMark } from './ledger.ts';
import { examineEvents, examineSettings } from './marketplaces.ts';
import { examineOutbox } from './outbox.ts';
import { examineProducts, examineSold } from './products.ts';
import { examineRelay } from './relay.ts';

export interface Check {
  /** Two or three words, shown while it does not answer. */
  readonly name: string;
  readonly run: () => Promise<readonly Finding[]>;
}

export interface Examined {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly catalog: Catalog;
  readonly presence: Presence;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

export function checksOf({ config, ledger, catalog, presence, now }: Examined): readonly Check[] {
  return [
    { name: 'signing keys', run: async () => examineKeys(config) },
    { name: 'product files', run: async () => (await examineProducts(config)).findings },
    { name: 'sold products', run: () => examineSold(ledger, catalog) },
    {
      name: 'public address',
      run: async () => [await examineAddress(config.publicUrl, presence, { now: now() })],
    },
    { name: 'marketplaces', run: async () => examineSettings(config) },
    { name: 'events', run: () => examineEvents(ledger, config, now()) },
    { name: 'deliveries', run: () => examineDeliveries(ledger, now()) },
    { name: 'ledger', run: async () => [await examineLedger(ledger), await examineMark(config)] },
    { name: 'disk', run: async () => examineDisk(config) },
    { name: 'clock', run: async () => [await examineClock(ledger, now())] },
    { name: 'mail', run: async () => [await examineRelay(config)] },
    { name: 'downloads', run: () => examineDownloads(config, catalog) },
    { name: 'outbox', run: () => examineOutbox(ledger, now()) },
  ];
}
