/** The events as they were received, and what became of them. Writes are to be run inside a transaction. */
import { hash } from 'node:crypto';
import type { EventHead, EventOutcome, KeptEvent } from '../../domain/event.ts';
import type { EventQuery } from '../../domain/ledger.ts';
import { eventRow, keptEvent } from '../record/mapping.ts';
import type { EventRow } from '../record/rows.ts';
import type { Sealer } from '../record/sealer.ts';
import { sealEvent } from '../record/seals.ts';
import { EVENT_COLUMNS } from './columns.ts';
import type { Connection } from './connection.ts';
import { prepareInsert } from './insert.ts';
import type { Pen } from './pens.ts';

/** An event with whether it raised a flag that nobody has settled. */
type ShownEvent = Omit<EventRow, 'digest'> & { readonly flagged: 0 | 1 };

const SHOWN = `
  SELECT e.*, EXISTS (
    SELECT 1 FROM flag f
    WHERE f.event_id = e.event_id AND f.marketplace = e.marketplace AND f.mode = e.mode AND f.settled_at IS NULL
  ) AS flagged
  FROM event e`;

/** An event as it is kept, without its payload. */
export type KnownEvent = Omit<EventRow, 'payload'>;

/** Applied before, whether it matched anything or not. */
export function isDone(known: KnownEvent | undefined): boolean {
  return known !== undefined && known.outcome !== 'failed';
}

export class Events {
  readonly #sealer: Sealer;
  readonly #pen: Pen;
  readonly #one;
  readonly #insert;
  readonly #update;
  readonly #find;
  readonly #page;

  constructor(connection: Connection, { sealer, pen }: { readonly sealer: Sealer; readonly pen: Pen }) {
    this.#sealer = sealer;
    this.#pen = pen;
    this.#one = connection.prepare<[string, string, string], KnownEvent>(`
      SELECT number, marketplace, mode, event_id, type, at, received_at, digest, outcome, fault, attempts
      FROM event WHERE event_id = +? AND marketplace = +? AND mode = +?`);
    this.#insert = prepareInsert<EventRow>(connection, 'event', EVENT_COLUMNS);
    // The payload is written again: a retry may find that it was forgotten meanwhile.
    this.#update = connection.prepare<[EventRow]>(`
      UPDATE event SET payload = $payload, digest = $digest, outcome = $outcome, fault = $fault, attempts = $attempts
      WHERE number = +$number`);
    const find = (where: string) =>
      connection.prepare<[object], ShownEvent>(`
        ${SHOWN}
        WHERE ${where} AND ($marketplace IS NULL OR e.marketplace = $marketplace)
          AND ($mode IS NULL OR e.mode = $mode) AND ($failed = 0 OR e.outcome = 'failed')
        ORDER BY e.number DESC LIMIT $limit`);
    // Each reads by an index: few events have failed or are flagged, and there may be millions.
    this.#find = {
      all: find('TRUE'),
      byId: find('e.event_id = $id'),
      failed: find("e.outcome = 'failed'"),
      flagged: find(`e.number IN (
        SELECT o.number FROM flag f CROSS JOIN event o
          ON o.event_id = f.event_id AND o.marketplace = f.marketplace AND o.mode = f.mode
        WHERE f.settled_at IS NULL AND f.event_id IS NOT NULL)`),
    };
    this.#page = connection.prepare<[number, number], ShownEvent>(
      `${SHOWN} WHERE e.number > ? AND e.payload IS NOT NULL ORDER BY e.number LIMIT ?`,
    );
  }

  /** The event as it is kept, without its payload. */
  get({ id, marketplace, mode }: EventHead): KnownEvent | undefined {
    return this.#one.get(id, marketplace, mode);
  }

  /** `known`: as `get` answered. `fault` tells why it failed. */
  keep(
    event: EventHead,
    known: KnownEvent | undefined,
    { at, outcome, fault = null }: { at: number; outcome: EventOutcome; fault?: string | null },
  ): void {
    const { strokes } = this.#pen;
    const { payload } = event;
    const digest = Buffer.from(hash('sha256', payload, 'hex'), 'hex');
    const first = known ?? eventRow(event, strokes.next('event'), at, digest);
    const row = { ...first, payload, digest, outcome, fault, attempts: first.attempts + 1 };
    if (known === undefined) this.#insert(row);
    else this.#update.run(row);
    strokes.count('event', known && sealEvent(this.#sealer, known), sealEvent(this.#sealer, row));
  }

  find({ marketplace, mode, id, failed = false, flagged = false, limit }: EventQuery): readonly KeptEvent[] {
    const { all, byId, failed: byOutcome, flagged: byFlag } = this.#find;
    const found = id !== undefined ? byId : flagged ? byFlag : failed ? byOutcome : all;
    const given = { marketplace: marketplace ?? null, mode: mode ?? null, id, failed: Number(failed), limit };
    return found
      .all(given)
      .filter((event) => !flagged || event.flagged === 1)
      .map(keptEvent);
  }

  /** Events that still have their payload, by number. */
  page(after: number, limit: number): readonly ShownEvent[] {
    return this.#page.all(after, limit);
  }
}
