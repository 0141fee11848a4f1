/** Migration to schema 6: copies events to a table whose key has the mode, and gives flagged events a flag. */
import { type EventMetadata, sealEvent } from '../../record/event-row.ts';
import { sealFlag } from '../../record/flag-row.ts';
import type { PenCounter } from '../../record/pen.ts';
import type { Sealer } from '../../record/sealer.ts';
import type { Connection } from '../file/connection.ts';

export interface OldEvent extends EventMetadata {
  readonly flagged: 0 | 1;
}

export const OLD_EVENTS = `
  SELECT number, marketplace, mode, event_id, type, at, received_at, digest, outcome, fault, attempts, flagged
  FROM event_5 ORDER BY number`;

export function fillEvents(connection: Connection, sealer: Sealer, counter: PenCounter): void {
  connection.exec(`
    INSERT INTO event (number, marketplace, mode, event_id, type, at, received_at, payload, digest, outcome, fault, attempts)
    SELECT number, marketplace, mode, event_id, type, at, received_at, payload, digest, outcome, fault, attempts
    FROM event_5 ORDER BY number`);
  const flagged: OldEvent[] = [];
  for (const event of connection.prepare<[], OldEvent>(OLD_EVENTS).iterate()) {
    counter.count('event', undefined, sealEvent(sealer, event));
    if (event.flagged === 1) flagged.push(event);
  }
  const insert = connection.prepare(`
    INSERT INTO flag (id, marketplace, mode, key, kind, reason, event_id, at, seal)
    VALUES ($id, $marketplace, $mode, $key, $kind, $reason, $event_id, $at, $seal)`);
  for (const { marketplace, mode, event_id, received_at } of flagged) {
    const flag = {
      id: counter.next('flag'),
      marketplace,
      mode,
      key: `event:${event_id}`,
      kind: 'unclear' as const,
      reason: 'the event was flagged by a Mintmark that kept no reasons',
      order_id: null,
      product: null,
      event_id,
      at: received_at,
      settled_at: null,
      settled_by: null,
    };
    const seal = sealFlag(sealer, flag);
    insert.run({ ...flag, seal });
    counter.count('flag', undefined, seal);
  }
}
