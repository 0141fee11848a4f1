/** The table `event`: the events as they were received, and their outcomes. */
import type { EventHead, EventOutcome, KeptEvent } from '../../domain/facts/event.ts';
import type { Marketplace, Mode } from '../../domain/values/order.ts';
import type { Sealer } from './sealer.ts';

/** No column holds the seal of an event: the pen's sum includes it. */
export interface EventRow {
  readonly number: number;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly event_id: string;
  readonly type: string;
  readonly at: number;
  readonly received_at: number;
  readonly payload: string | null;
  readonly digest: Buffer;
  readonly outcome: EventOutcome;
  readonly fault: string | null;
  readonly attempts: number;
}

export const EVENT_COLUMNS: readonly (keyof EventRow)[] = [
  'number',
  'marketplace',
  'mode',
  'event_id',
  'type',
  'at',
  'received_at',
  'payload',
  'digest',
  'outcome',
  'fault',
  'attempts',
];

/** An event without its payload, which is deleted after a time. */
export type EventMetadata = Omit<EventRow, 'payload'>;

/** The seal covers the payload by its digest, which stays. */
export function sealEvent(sealer: Sealer, row: EventMetadata): Buffer {
  const { number, marketplace, mode, event_id, type, at, received_at, digest } = row;
  const { outcome, fault, attempts } = row;
  const received = [number, marketplace, mode, event_id, type, at, received_at, digest] as const;
  return sealer.seal('event', ...received, outcome, fault, attempts);
}

/** The row of an event before its first attempt. */
export function eventRow(event: EventHead, number: number, receivedAt: number, digest: Buffer): EventRow {
  const { marketplace, mode, id, type, at, payload } = event;
  const head = { number, marketplace, mode, event_id: id, type, at, received_at: receivedAt };
  return { ...head, payload, digest, outcome: 'done', fault: null, attempts: 0 };
}

export interface LoadedEvent extends Omit<EventRow, 'digest'> {
  /** 1: the event raised a flag that is not settled. */
  readonly flagged: 0 | 1;
}

export function keptEvent(row: LoadedEvent): KeptEvent {
  return {
    marketplace: row.marketplace,
    mode: row.mode,
    id: row.event_id,
    type: row.type,
    at: row.at,
    receivedAt: row.received_at,
    outcome: row.outcome,
    fault: row.fault,
    attempts: row.attempts,
    flagged: row.flagged === 1,
    payload: row.payload,
  };
}
