/** Takes in the events of a delivery: each is kept once and applied, and one that fails stops no other. */
import { AppError } from '../errors.ts';
import type { EventHead, MarketplaceEvent } from './event.ts';
import type { Ledger } from './ledger.ts';

/** An event as it was received: its head, and a way to read the rest. */
export interface Received {
  readonly head: EventHead;
  readonly read: () => MarketplaceEvent;
}

export interface EventReceipt {
  readonly id: string;
  readonly type: string;
  readonly outcome: 'applied' | 'unmatched' | 'known' | 'failed';
  /** Why it failed, for the log. */
  readonly error?: unknown;
}

/**
 * Promises what became of each event, in their order, when all that is done is on disk. What failed is kept with its
 * fault, to be seen and replayed, unless the ledger itself could not write.
 */
export function receiveEvents(events: readonly Received[], ledger: Ledger): Promise<readonly EventReceipt[]> {
  // All at once, in order: they share a commit.
  return Promise.all(events.map(({ head, read }) => receiptOf(head, applyEvent(read, ledger), ledger)));
}

/** No async function: it would hold what was parsed of the event until the commit, and the collector would copy it. */
function applyEvent(read: Received['read'], ledger: Ledger): ReturnType<Ledger['ingest']> {
  try {
    return ledger.ingest(read());
  } catch (error) {
    return Promise.reject(error);
  }
}

async function receiptOf(
  head: EventHead,
  outcome: ReturnType<Ledger['ingest']>,
  ledger: Ledger,
): Promise<EventReceipt> {
  const { id, type } = head;
  try {
    return { id, type, outcome: await outcome };
  } catch (error) {
    if (!isTransient(error)) await ledger.keepFailed(withSafeTime(head), faultOf(error)).catch(() => {});
    return { id, type, outcome: 'failed', error };
  }
}

/** A time that is none must not keep the event from being seen. */
function withSafeTime(head: Received['head']): Received['head'] {
  return Number.isSafeInteger(head.at) ? head : { ...head, at: 0 };
}

function isTransient(error: unknown): boolean {
  return error instanceof AppError && error.code === 'ledger_unavailable';
}

/** Short, and of our own words: an error's text may repeat what was in the event. */
function faultOf(error: unknown): string {
  return error instanceof AppError ? error.message : error instanceof Error ? error.name : 'unknown';
}
