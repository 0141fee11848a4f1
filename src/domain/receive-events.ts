/** Stores and applies the events of one delivery; a failed event does not stop the others. */
import { AppError } from '../errors.ts';
import type { EventHead, MarketplaceEvent } from './facts/event.ts';
import type { Ledger } from './ledger.ts';

type Keeper = Pick<Ledger, 'ingest' | 'keepFailed'>;

/** A received event: its head, and a function that parses the rest. */
export interface Received {
  readonly head: EventHead;
  readonly read: () => MarketplaceEvent;
}

export interface EventReceipt {
  readonly id: string;
  readonly type: string;
  readonly outcome: 'applied' | 'unmatched' | 'known' | 'failed';
  /** The error, for the log. */
  readonly error?: unknown;
}

/**
 * Resolves to a receipt for each event, in order, once all of it is on disk. A failed event is stored with
 * its fault, for display and replay, unless the ledger itself could not write.
 */
export function receiveEvents(events: readonly Received[], ledger: Keeper): Promise<readonly EventReceipt[]> {
  // Started together and in order, so that the events share a commit.
  return Promise.all(events.map(({ head, read }) => receiptOf(head, applyEvent(read, ledger), ledger)));
}

/** Not async: an async function would keep the parsed event in memory until the commit. */
function applyEvent(read: Received['read'], ledger: Keeper): ReturnType<Ledger['ingest']> {
  try {
    return ledger.ingest(read());
  } catch (error) {
    return Promise.reject(error);
  }
}

async function receiptOf(
  head: EventHead,
  outcome: ReturnType<Ledger['ingest']>,
  ledger: Keeper,
): Promise<EventReceipt> {
  const { id, type } = head;
  try {
    return { id, type, outcome: await outcome };
  } catch (error) {
    if (!isTransient(error)) await ledger.keepFailed(withSafeTime(head), faultOf(error)).catch(() => {});
    return { id, type, outcome: 'failed', error };
  }
}

/** An invalid time must not prevent the event from being stored. */
function withSafeTime(head: Received['head']): Received['head'] {
  return Number.isSafeInteger(head.at) ? head : { ...head, at: 0 };
}

function isTransient(error: unknown): boolean {
  return error instanceof AppError && error.code === 'ledger_unavailable';
}

/** A short text of our own: an error's message may repeat data of the event. */
function faultOf(error: unknown): string {
  return error instanceof AppError ? error.message : error instanceof Error ? error.name : 'unknown';
}
