/** Part of the step to schema 6: events move to a table whose key has the mode, and flagged ones get a flag. */
import type { PenStrokes } from '../record/pen.ts';
import type { EventRow } from '../record/rows.ts';
import type { Sealer } from '../record/sealer.ts';
import { sealEvent, sealFlag } from '../record/seals.ts';
import type { Connection } from './connection.ts';

export interface OldEvent extends Omit<EventRow, 'payload'> {
  readonly flagged: 0 | 1;
}

export const OLD_EVENTS = `
  SELECT number, marketplace, mode, event_id, type, at, received_at, digest, outcome, fault, attempts, flagged
  FROM event_5 ORDER BY number`;

export function fillEvents(connection: Connection, sealer: Sealer, strokes: PenStrokes): void {
  connection.exec(`
    INSERT INTO event (number, marketplace, mode, event_id, type, at, received_at, payload, digest, outcome, fault, attempts)
    SELECT number, marketplace, mode, event_id, type, at, received_at, payload, digest, outcome, fault, attempts
    FROM event_5 ORDER BY number`);
  const flagged: OldEvent[] = [];
  for (const event of connection.prepare<[], OldEvent>(OLD_EVENTS).iterate()) {
    strokes.count('event', undefined, sealEvent(sealer, event));
    if (event.flagged === 1) flagged.push(event);
  }
  const insert = connection.prepare(`
    INSERT INTO flag (id, marketplace, mode, key, kind, reason, event_id, at, seal)
    VALUES ($id, $marketplace, $mode, $key, $kind, $reason, $event_id, $at, $seal)`);
  for (const { marketplace, mode, event_id, received_at } of flagged) {
    const flag = {
      id: strokes.next('flag'),
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
    strokes.count('flag', undefined, seal);
  }
}
