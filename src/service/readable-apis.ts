/** Which marketplaces' APIs the settings can read. */
import type { Mode } from '../domain/values/order.ts';
import type { Log } from '../log.ts';
import type { Account } from '../marketplaces/marketplace.ts';
import type { Config } from './config.ts';
import type { ReconcileSources } from './reconciling.ts';

export interface ReconcileSetup extends Pick<ReconcileSources, 'ledger' | 'catalog' | 'signal'> {
  readonly config: Pick<Config, 'accounts' | 'dataDir' | 'reconcile'>;
  readonly now: () => number;
  readonly log: Log;
}

/** A mode whose events can arrive, and whose API a key reads. */
export function readable(
  accounts: readonly Account[],
): readonly { readonly account: Account; readonly mode: Mode }[] {
  return accounts.flatMap((account) => {
    const { live, sandbox, canReadHistory } = account;
    const modes: readonly Mode[] = [
      ...(live.events ? (['live'] as const) : []),
      ...(sandbox ? (['test'] as const) : []),
    ];
    return modes.filter((mode) => canReadHistory?.(mode) === true).map((mode) => ({ account, mode }));
  });
}
