/** Reads and writes the events as they were received, with their outcomes. Writes need a transaction. */
import { hash } from 'node:crypto';
import type { EventHead, EventOutcome, KeptEvent } from '../../domain/facts/event.ts';
import type { EventQuery } from '../../domain/ledger.ts';
import {
  EVENT_COLUMNS,
  type EventMetadata,
  type EventRow,
  eventRow,
  keptEvent,
  type LoadedEvent,
  sealEvent,
} from '../record/event-row.ts';
import { equal, IN_MARKET } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareInsert } from './insert.ts';
import type { Page } from './pages.ts';
import type { Pen } from './pens.ts';

const METADATA_COLUMNS = EVENT_COLUMNS.filter((column) => column !== 'payload');

const EVENTS = `
  SELECT e.*, EXISTS (
    SELECT 1 FROM flag f
    WHERE f.event_id = e.event_id AND f.marketplace = e.marketplace AND f.mode = e.mode AND f.settled_at IS NULL
  ) AS flagged
  FROM event e`;

/** The event was applied before, matched or unmatched. */
export function isDone(known: EventMetadata | undefined): boolean {
  return known !== undefined && known.outcome !== 'failed';
}

export class Events {
  readonly #pen: Pen;
  readonly #one;
  readonly #insert;
  readonly #update;
  readonly #find;
  readonly #page;

  constructor(connection: Connection, pen: Pen) {
    this.#pen = pen;
    this.#one = connection.prepare<[Pick<EventHead, 'id' | 'marketplace' | 'mode'>], EventMetadata>(`
      SELECT ${METADATA_COLUMNS.join()} FROM event WHERE event_id = +$id AND ${IN_MARKET}`);
    this.#insert = prepareInsert<EventRow>(connection, 'event', EVENT_COLUMNS);
    // Writes the payload again: it may have been deleted before the retry.
    this.#update = connection.prepare<[EventRow]>(`
      UPDATE event SET payload = $payload, digest = $digest, outcome = $outcome, fault = $fault, attempts = $attempts
      WHERE ${equal('number')}`);
    const find = (where: string) =>
      connection.prepare<[object], LoadedEvent>(`
        ${EVENTS}
        WHERE ${where} AND ($marketplace IS NULL OR e.marketplace = $marketplace)
          AND ($mode IS NULL OR e.mode = $mode) AND ($failed = 0 OR e.outcome = 'failed')
        ORDER BY e.number DESC LIMIT $limit`);
    // Each uses an index: of millions of events, few have failed or are flagged.
    this.#find = {
      all: find('TRUE'),
      byId: find('e.event_id = $id'),
      failed: find("e.outcome = 'failed'"),
      flagged: find(`e.number IN (
        SELECT o.number FROM flag f CROSS JOIN event o
          ON o.event_id = f.event_id AND o.marketplace = f.marketplace AND o.mode = f.mode
        WHERE f.settled_at IS NULL AND f.event_id IS NOT NULL)`),
    };
    this.#page = connection.prepare<[Page], LoadedEvent>(
      `${EVENTS} WHERE e.number > $after AND e.payload IS NOT NULL ORDER BY e.number LIMIT $limit`,
    );
  }

  get({ id, marketplace, mode }: EventHead): EventMetadata | undefined {
    return this.#one.get({ id, marketplace, mode });
  }

  /** Inserts an event or updates `known`, the result of `get`. `fault`: why the event failed. The digest is always kept. */
  keep(
    event: EventHead,
    known: EventMetadata | undefined,
    {
      at,
      outcome,
      fault = null,
      keepsPayload = true,
    }: { at: number; outcome: EventOutcome; fault?: string | null; keepsPayload?: boolean },
  ): void {
    const { sealer, counter } = this.#pen;
    const { payload } = event;
    const digest = Buffer.from(hash('sha256', payload, 'hex'), 'hex');
    const first = known ?? eventRow(event, counter.next('event'), at, digest);
    const row = {
      ...first,
      payload: keepsPayload ? payload : null,
      digest,
      outcome,
      fault,
      attempts: first.attempts + 1,
    };
    if (known === undefined) this.#insert.run(row);
    else this.#update.run(row);
    counter.count('event', known && sealEvent(sealer, known), sealEvent(sealer, row));
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
  page(page: Page): readonly LoadedEvent[] {
    return this.#page.all(page);
  }
}
