/** What the metrics read beside the requests: the ledger, the backups, the marketplaces' last events and reconciliations. */
import type { Ledger } from '../domain/ledger.ts';
import { newestBackup } from '../keyring/backup-note.ts';
import type { Metrics } from '../metrics.ts';
import type { Config } from './config.ts';
import { DatabaseMetrics } from './database-metrics.ts';
import { LedgerMetrics } from './ledger-metrics.ts';
import { watchReconciled } from './reconcile-metrics.ts';
import { readingsOf } from './reconciled-note.ts';
import { type WatchedInstances, watchInstances } from './watch-instances.ts';

export interface Watched extends Pick<WatchedInstances, 'catalog' | 'log'> {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly now: () => number;
}

/** Returns what compares this instance with others; undefined: there are none. */
export async function watch(
  metrics: Metrics,
  { config, ledger, now, catalog, log }: Watched,
): Promise<(() => Promise<void>) | undefined> {
  new LedgerMetrics(metrics, ledger, now);
  for (const { marketplace, live } of config.accounts) {
    const [event] = live.events ? await ledger.findEvents({ marketplace, mode: 'live', limit: 1 }) : [];
    if (event !== undefined) metrics.eventBefore(marketplace, event.receivedAt);
  }
  metrics.watchBackups(() => newestBackup(config.keysDir));
  watchReconciled(metrics, () => readingsOf(config));
  const { database } = ledger;
  if (database === undefined) return undefined;
  return watchInstances({ database, catalog, metrics: new DatabaseMetrics(metrics, database), log });
}
