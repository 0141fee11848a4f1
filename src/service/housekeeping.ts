/** The periodic work of a running service: applies due changes, and deletes the payloads of old events. */

import type { Ledger } from '../domain/ledger.ts';
import type { RefusedCallTally } from '../domain/ports/refused-calls.ts';
import { before } from '../domain/values/day.ts';
import type { Log } from '../log.ts';
import type { Config } from './config.ts';

/** Intervals in milliseconds. */
const FORGET_MILLISECONDS = 6 * 3_600_000;
const SETTLE_MILLISECONDS = 60_000;
const TELL_MILLISECONDS = 5 * 60_000;

export interface Housekeeping {
  /** Applies everything that is due now; resolves to the number of settled orders and subscriptions. Never rejects. */
  settleDue(): Promise<number>;
  /** Deletes the payloads of old events, and yields to sales. Resolves when done. Never rejects. */
  forgetOldEvents(): Promise<void>;
  /** Announces to the seller what needs somebody, where SELLER_EMAIL is set. Never rejects. */
  tellSeller(): Promise<void>;
  stop(): void;
}

export interface Household {
  readonly config: Pick<Config, 'retainEvents'> & { readonly mail?: Config['mail'] };
  readonly ledger: Ledger;
  readonly refused: Pick<RefusedCallTally, 'flush'>;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  readonly log: Log;
  /** Compares this instance with the others, each minute; undefined: there are none. Never rejects. */
  readonly compareInstances?: (() => Promise<void>) | undefined;
}

/**
 * Applies what is due and starts to delete, then repeats both at intervals until it is stopped. Not `byTimers`: the caller
 * calls all of it.
 */
export async function keepHouse(
  parts: Household,
  { byTimers = true }: { readonly byTimers?: boolean } = {},
): Promise<Housekeeping> {
  const settle = () => settleDue(parts);
  const forget = oneAtATime(() => forgetOldEvents(parts));
  const tell = oneAtATime(() => tellSeller(parts));
  const acts = { settleDue: settle, forgetOldEvents: forget, tellSeller: tell };
  if (!byTimers) return { ...acts, stop: () => {} };
  await settle();
  void forget();
  void tell();
  const settling = setInterval(settle, SETTLE_MILLISECONDS);
  const forgetting = setInterval(forget, FORGET_MILLISECONDS);
  const telling = setInterval(tell, TELL_MILLISECONDS);
  const compare = oneAtATime(parts.compareInstances ?? (async () => {}));
  void compare();
  const comparing = setInterval(compare, SETTLE_MILLISECONDS);
  return {
    ...acts,
    stop: () => {
      clearInterval(telling);
      clearInterval(comparing);
      clearInterval(settling);
      clearInterval(forgetting);
    },
  };
}

/** A call during another call returns the same promise. */
function oneAtATime(act: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined;
  return () => {
    underWay ??= act().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

async function settleDue({ ledger, refused, now, log }: Household): Promise<number> {
  let settled = 0;
  try {
    for (let batch = await ledger.settleDue(now()); batch > 0; batch = await ledger.settleDue(now()))
      settled += batch;
    if (settled > 0) log.info({ settled }, 'due changes were applied');
    // What customers typed is deleted within the hour, whatever became of it.
    await ledger.selfService.forget(now());
    await refused.flush(ledger.refusedCalls);
  } catch (error) {
    log.error({ err: error }, 'due changes could not be applied');
  }
  return settled;
}

/** Payloads can hold personal data and have a retention; decisions from them stay. */
async function forgetOldEvents({ config, ledger, now, log }: Household): Promise<void> {
  try {
    const moment = before(now(), config.retainEvents);
    const forgotten = await ledger.forgetEvents(moment);
    if (forgotten > 0) log.info({ events: forgotten }, 'the payloads of old events were deleted');
    const announcements = await ledger.outbox.forget(moment);
    if (announcements > 0) log.info({ announcements }, 'bodies and answers of the outbox were deleted');
  } catch (error) {
    log.error(
      { err: error },
      'the payloads of old events, or the answers of the outbox, could not be deleted',
    );
  }
}

async function tellSeller({ config, ledger, now, log }: Household): Promise<void> {
  if (config.mail?.seller === undefined) return;
  try {
    // The code of mails is loaded where it is needed.
    const { announceNeeds } = await import('../outbox/mail/seller-news.ts');
    await announceNeeds(ledger, now());
  } catch (error) {
    log.error({ err: error }, 'the seller could not be told what needs somebody');
  }
}
