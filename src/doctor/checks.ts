/** The checks of a running service, one by one: a page shows each as it answers. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { RefusedCallTally } from '../domain/ports/refused-calls.ts';
import type { PublicKeyEntry } from '../license-code/keyring.ts';
import type { Config } from '../service/config.ts';
import { examineAddress, type Presence } from './address.ts';
import { examineDeliveries } from './deliveries.ts';
import { examineDownloads } from './downloads.ts';
import type { Finding } from './finding.ts';
import { examineKeys } from './keys.ts';
import { examineClock, examineConnections, examineDisk, examineLedger, examineMark } from './ledger.ts';
import { examineEvents, examineRequests, examineSettings } from './marketplaces.ts';
import { examineOutbox } from './outbox.ts';
import { examineProducts, examineSold } from './products.ts';
import { examineReconciled } from './reconciled.ts';
import { examineRelay } from './relay.ts';
import { examineSeen } from './seen.ts';
import { examineSender, type ResolveTxt } from './sender.ts';
import { examineSignatures } from './signatures.ts';
import { examineStanding } from './standing.ts';

export interface Check {
  /** Two or three words, shown while it does not answer. */
  readonly name: string;
  /** Checks of the same part stand together. */
  readonly part: 'here' | 'marketplaces' | 'customers';
  readonly run: () => Promise<readonly Finding[]>;
}

export interface Examined {
  readonly config: Config;
  readonly ledger: Ledger;
  /** Reads all licenses, apart from the sales. */
  readonly reads: Pick<Ledger, 'countTerms'>;
  readonly catalog: Catalog;
  readonly presence: Presence;
  /** The keys of the start. */
  readonly keyring: readonly PublicKeyEntry[];
  /** What this process counted, and the ledger does not have yet. */
  readonly refused: Pick<RefusedCallTally, 'flush'>;
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
  keyring,
  refused,
  resolveTxt,
  now,
}: Examined): readonly Check[] {
  return [
    ...here({ config, ledger, reads, catalog, presence, keyring, now }),
    ...marketplaces({ config, ledger, refused, now }),
    ...customers({ config, ledger, catalog, resolveTxt, now }),
  ];
}

function here({
  config,
  ledger,
  reads,
  catalog,
  presence,
  keyring,
  now,
}: Omit<Examined, 'resolveTxt' | 'refused'>): readonly Check[] {
  const part = 'here';
  const sold = {
    countTerms: () => reads.countTerms(),
    findTerms: (digest: string) => ledger.findTerms(digest),
  };
  return [
    { name: 'signing keys', part, run: async () => examineKeys(config, keyring) },
    { name: 'product files', part, run: async () => (await examineProducts(config)).findings },
    { name: 'sold products', part, run: () => examineSold(sold, catalog) },
    {
      name: 'public address',
      part,
      run: async () => [await examineAddress(config.publicUrl, presence, { now: now() })],
    },
    { name: 'ledger', part, run: async () => [await examineLedger(ledger), await examineMark(config)] },
    { name: 'upkeep', part, run: async () => examineStanding(config, now()) },
    { name: 'disk', part, run: async () => examineDisk(config) },
    { name: 'connections', part, run: () => examineConnections(ledger) },
    { name: 'clock', part, run: async () => [await examineClock(ledger, now())] },
  ];
}

function marketplaces({
  config,
  ledger,
  refused,
  now,
}: Pick<Examined, 'config' | 'ledger' | 'refused' | 'now'>): readonly Check[] {
  const part = 'marketplaces';
  return [
    { name: 'marketplaces', part, run: async () => examineSettings(config) },
    { name: 'requests', part, run: () => examineRequests(ledger, config, now()) },
    { name: 'events', part, run: () => examineEvents(ledger, config, now()) },
    {
      name: 'signatures',
      part,
      run: async () => {
        await refused.flush(ledger.refusedCalls);
        return examineSignatures(ledger, now());
      },
    },
    { name: 'APIs', part, run: async () => examineReconciled(config, now()) },
    { name: 'deliveries', part, run: () => examineDeliveries(ledger, now()) },
  ];
}

function customers({
  config,
  ledger,
  catalog,
  resolveTxt,
  now,
}: Omit<Examined, 'reads' | 'presence' | 'keyring' | 'refused'>): readonly Check[] {
  const part = 'customers';
  return [
    { name: 'mail', part, run: async () => [await examineRelay(config)] },
    { name: 'sender', part, run: () => examineSender(config, resolveTxt) },
    { name: 'outbox', part, run: () => examineOutbox(ledger, now()) },
    { name: 'downloads', part, run: () => examineDownloads(config, catalog) },
    { name: 'test order', part, run: () => examineSeen(ledger, config, now()) },
  ];
}
