/** What a running service does by itself: it applies due changes, and deletes the payloads of old events. */

import { before } from '../domain/day.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Log } from '../log.ts';
import type { Config } from './config.ts';

/** Intervals of the two. */
const FORGET_MILLISECONDS = 6 * 3_600_000;
const SETTLE_MILLISECONDS = 60_000;

export interface Housekeeping {
  /** Applies everything that is due now; resolves to how many stories were settled. Never rejects. */
  settleDue(): Promise<number>;
  /** Resolves when the payloads of old events are deleted, which yields to sales. Never rejects. */
  forgetOldEvents(): Promise<void>;
  stop(): void;
}

export interface Household {
  readonly config: Pick<Config, 'retainEvents'>;
  readonly ledger: Ledger;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  readonly log: Log;
}

/** Applies what is due and begins to delete, then does both at intervals until it is stopped. */
export async function keepHouse(parts: Household): Promise<Housekeeping> {
  const settle = () => settleDue(parts);
  await settle();
  const forget = oneAtATime(() => forgetOldEvents(parts));
  void forget();
  const settling = setInterval(settle, SETTLE_MILLISECONDS);
  const forgetting = setInterval(forget, FORGET_MILLISECONDS);
  return {
    settleDue: settle,
    forgetOldEvents: forget,
    stop: () => {
      clearInterval(settling);
      clearInterval(forgetting);
    },
  };
}

/** A call during another call returns that call's promise. */
function oneAtATime(act: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined;
  return () => {
    underWay ??= act().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

async function settleDue({ ledger, now, log }: Household): Promise<number> {
  let settled = 0;
  try {
    for (let batch = await ledger.settleDue(now()); batch > 0; batch = await ledger.settleDue(now()))
      settled += batch;
    if (settled > 0) log.info({ stories: settled }, 'what became due was applied');
  } catch (error) {
    log.error({ err: error }, 'what is due could not be applied');
  }
  return settled;
}

/** Payloads may hold personal data and are kept for a time only; what was decided by them stays. */
async function forgetOldEvents({ config, ledger, now, log }: Household): Promise<void> {
  try {
    const forgotten = await ledger.forgetEvents(before(now(), config.retainEvents));
    if (forgotten > 0) log.info({ events: forgotten }, 'what old events said was forgotten');
  } catch (error) {
    log.error({ err: error }, 'old events could not be forgotten');
  }
}
