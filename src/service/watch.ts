/** What the metrics read beside the requests: the ledger, the backups, the marketplaces' last events and reconciliations. */
import type { Ledger } from '../domain/ledger.ts';
import { newestBackup } from '../keyring/backup-note.ts';
import type { Metrics } from '../metrics.ts';
import type { Config } from './config.ts';
import { readReconciledNote } from './reconciled-note.ts';

export async function watch(
  metrics: Metrics,
  { config, ledger, now }: { readonly config: Config; readonly ledger: Ledger; readonly now: () => number },
): Promise<void> {
  metrics.watch(ledger, now);
  for (const { marketplace, live } of config.accounts) {
    const [event] = live.events ? await ledger.findEvents({ marketplace, mode: 'live', limit: 1 }) : [];
    if (event !== undefined) metrics.eventBefore(marketplace, event.receivedAt);
  }
  metrics.watchBackups(() => newestBackup(config.keysDir));
  metrics.watchReconciled(() => readReconciledNote(config.dataDir));
}
