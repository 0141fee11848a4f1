/** The timer that asks marketplaces' APIs what the ledger lacks. */
import { type ReconcileSetup, readable } from './readable-apis.ts';

const FIRST_MILLISECONDS = 5 * 60_000;
const INTERVAL_MILLISECONDS = 6 * 3_600_000;

export interface ReconcileTimer {
  /** Ends a reading that is under way. */
  stop(): Promise<void>;
}

/** Soon after the start, then every six hours; nothing with RECONCILE=off, or where no key reads an API. */
export function startReconciling(setup: Omit<ReconcileSetup, 'signal'>): ReconcileTimer {
  const { config } = setup;
  if (config.reconcile === 'off' || readable(config.accounts).length === 0) {
    return { stop: async () => {} };
  }
  const aborter = new AbortController();
  let underWay = Promise.resolve();
  const run = () => {
    underWay = underWay.then(async () => {
      const { reconcileAll } = await import('./reconcile-all.ts');
      await reconcileAll({ ...setup, signal: aborter.signal });
    });
  };
  const first = setTimeout(run, FIRST_MILLISECONDS);
  const timer = setInterval(run, INTERVAL_MILLISECONDS);
  return {
    stop: async () => {
      clearTimeout(first);
      clearInterval(timer);
      aborter.abort();
      await underWay;
    },
  };
}
