/** Reads the APIs of all marketplaces once, and feeds in what the ledger lacks. Loaded where one has a key. */
import { setTimeout as wait } from 'node:timers/promises';
import { type Day, dayOf } from '../domain/values/day.ts';
import type { Mode } from '../domain/values/order.ts';
import type { Account } from '../marketplaces/marketplace.ts';
import { flagDrift } from './drift-flags.ts';
import { type ReconcileSetup, readable } from './readable-apis.ts';
import {
  entryAfter,
  findLastReading,
  keyOf,
  noteElsewhere,
  noteReconciled,
  type ReconciledEntry,
} from './reconciled-note.ts';
import { reconcileAccount } from './reconciling.ts';

const DAY_MILLISECONDS = 86_400_000;

/** Marketplaces deliver late, and a day begins anywhere. */
const OVERLAP_MILLISECONDS = 2 * DAY_MILLISECONDS;

/** A little less than the timer's interval: of several instances one reads each time. */
const TURN_MILLISECONDS = 5 * 3_600_000;

/** Reads each marketplace and mode once, one after another. Never rejects. */
export async function reconcileAll(setup: ReconcileSetup): Promise<void> {
  for (const { account, mode } of readable(setup.config.accounts)) {
    if (setup.signal.aborted) return;
    try {
      await reconcileOne(account, mode, setup);
    } catch (error) {
      if (setup.signal.aborted) return;
      const { marketplace } = account;
      setup.log.error({ err: error, marketplace, mode }, 'a marketplace could not be reconciled');
    }
  }
}

async function reconcileOne(account: Account, mode: Mode, setup: ReconcileSetup): Promise<void> {
  const { config, ledger, catalog, now, log, signal } = setup;
  const { marketplace } = account;
  const moment = now();
  const key = keyOf(marketplace, mode);
  if ((await ledger.takeTurn?.(`reconcile ${key}`, TURN_MILLISECONDS)) === false) {
    noteElsewhere(config.dataDir, key, moment);
    return;
  }
  const before = await findLastReading(ledger, config.dataDir, key);
  const since = sinceOf(before, moment);
  const apply = config.reconcile === 'apply';
  const pause = (milliseconds: number) => wait(milliseconds, undefined, { signal, ref: false });
  const around = { ledger, catalog, now: moment, wait: pause, signal };
  const wish = { mode, since, soldSince: before?.from ?? since, apply };
  const found = await reconcileAccount(account, wish, around);
  if (found === undefined) return;
  const noted = entryAfter(before, found, moment);
  await noteReconciled(ledger, config.dataDir, key, noted);
  await flagDrift(ledger, { marketplace, mode }, noted, moment);
  const { read, lacking, older, stopped } = found;
  const facts = { marketplace, mode, read, lacking: lacking.length, older, applied: apply };
  if (stopped !== undefined) log.warn({ ...facts, stopped }, "a marketplace's API was not read to its end");
  else if (lacking.length > 0) log.warn(facts, 'the ledger lacked what a marketplace has');
  else log.info(facts, 'a marketplace was reconciled');
}

/**
 * From the last reading that came to its end, and never before the first one: whoever bought before may have been served by
 * something else.
 */
export function sinceOf(noted: ReconciledEntry | undefined, now: number): Day {
  if (noted === undefined) return dayOf(now);
  const whole =
    noted.wholeAt === undefined ? noted.from : dayOf(Date.parse(noted.wholeAt) - OVERLAP_MILLISECONDS);
  return whole > noted.from ? whole : noted.from;
}
