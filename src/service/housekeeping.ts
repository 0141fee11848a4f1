/** What a running service does by itself: it applies what became due, and forgets what old events said. */

import { before } from '../domain/day.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Log } from '../log.ts';
import type { Config } from './config.ts';

/** How often old events are forgotten, and what is due is applied. */
const FORGET_MILLISECONDS = 6 * 3_600_000;
const SETTLE_MILLISECONDS = 60_000;

export interface Housekeeping {
  /** Applies all that is due now; resolves to how many stories were settled. Never rejects. */
  settleDue(): Promise<number>;
  /** Resolves when what old events said is forgotten; it takes its time beside sales. Never rejects. */
  forgetOldEvents(): Promise<void>;
  stop(): void;
}

export interface HousekeepingParts {
  readonly config: Pick<Config, 'retainEvents'>;
  readonly ledger: Ledger;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  readonly log: Log;
}

/** Applies what is due, begins to forget, and does both again from time to time until it is stopped. */
export async function keepHouse(parts: HousekeepingParts): Promise<Housekeeping> {
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

/** A call while one is under way waits for that one. */
function oneAtATime(act: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined;
  return () => {
    underWay ??= act().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

async function settleDue({ ledger, now, log }: HousekeepingParts): Promise<number> {
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
async function forgetOldEvents({ config, ledger, now, log }: HousekeepingParts): Promise<void> {
  try {
    const forgotten = await ledger.forgetEvents(before(now(), config.retainEvents));
    if (forgotten > 0) log.info({ events: forgotten }, 'what old events said was forgotten');
  } catch (error) {
    log.error({ err: error }, 'old events could not be forgotten');
  }
}
