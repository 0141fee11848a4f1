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
import { examineReconciled } from './reconciled.ts';
import { examineRelay } from './relay.ts';
import { examineSeen } from './seen.ts';
import { examineSender, type ResolveTxt } from './sender.ts';
import { examineStanding } from './standing.ts';

export interface Check {
  /** Two or three words, shown while it does not answer. */
  readonly name: string;
  readonly run: () => Promise<readonly Finding[]>;
}

export interface Examined {
  readonly config: Config;
  readonly ledger: Ledger;
  /** Reads all licenses, apart from the sales. */
  readonly reads: Pick<Ledger, 'countTerms'>;
  readonly catalog: Catalog;
  readonly presence: Presence;
  /** Default: the resolver of this computer. */
  readonly resolveTxt?: ResolveTxt | undefined;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

export function checksOf({
  config,
  ledger,
  reads,
  catalog,
  presence,
  resolveTxt,
  now,
}: Examined): readonly Check[] {
  return [
    { name: 'signing keys', run: async () => examineKeys(config) },
    { name: 'product files', run: async () => (await examineProducts(config)).findings },
    {
      name: 'sold products',
      run: () =>
        examineSold(
          { countTerms: () => reads.countTerms(), findTerms: (digest) => ledger.findTerms(digest) },
          catalog,
        ),
    },
    {
      name: 'public address',
      run: async () => [await examineAddress(config.publicUrl, presence, { now: now() })],
    },
    { name: 'marketplaces', run: async () => examineSettings(config) },
    { name: 'events', run: () => examineEvents(ledger, config, now()) },
    { name: 'APIs', run: async () => examineReconciled(config, now()) },
    { name: 'deliveries', run: () => examineDeliveries(ledger, now()) },
    { name: 'ledger', run: async () => [await examineLedger(ledger), await examineMark(config)] },
    { name: 'upkeep', run: async () => examineStanding(config, now()) },
    { name: 'disk', run: async () => examineDisk(config) },
    { name: 'clock', run: async () => [await examineClock(ledger, now())] },
    { name: 'mail', run: async () => [await examineRelay(config)] },
    { name: 'sender', run: () => examineSender(config, resolveTxt) },
    { name: 'downloads', run: () => examineDownloads(config, catalog) },
    { name: 'outbox', run: () => examineOutbox(ledger, now()) },
    { name: 'test order', run: () => examineSeen(ledger, config, now()) },
  ];
}
