/** The events as they were received, and what became of them. To be run inside a transaction. */
import { createHash } from 'node:crypto';
import type { KeptEvent, MarketplaceEvent } from '../../domain/event.ts';
import type { EventQuery } from '../../domain/ledger.ts';
import type { Marketplace, Mode } from '../../domain/order.ts';
import type { Connection } from './open.ts';
import type { Sealer } from './seal.ts';
import type { Tallies } from './tally.ts';

type Told = Omit<MarketplaceEvent, 'facts' | 'people' | 'codes'>;

interface EventRow {
  /** In the order in which they came. */
  readonly number: number;
  readonly marketplace: Marketplace;
  readonly mode: Mode;
  readonly event_id: string;
  readonly type: string;
  readonly at: number;
  readonly received_at: number;
  readonly outcome: 'done' | 'failed';
  readonly fault: string | null;
  readonly attempts: number;
  readonly flagged: number;
  readonly payload: string | null;
}

/** What the seal of an event covers: all but the payload, which goes after a time. */
export interface SealedEvent extends Omit<EventRow, 'payload'> {
  readonly digest: Buffer;
}

const SELECT_SEALED = `
  SELECT number, marketplace, mode, event_id, type, at, received_at, digest, outcome, fault, attempts, flagged FROM event`;

export function sealEvent(sealer: Sealer, row: SealedEvent): Buffer {
  const { number, marketplace, mode, event_id, type, at, received_at, digest } = row;
  const { outcome, fault, attempts, flagged } = row;
  const became = [outcome, fault, attempts, flagged] as const;
  return sealer.seal('event', number, marketplace, mode, event_id, type, at, received_at, digest, ...became);
}

export function* eventSeals(connection: Connection, sealer: Sealer): Generator<Buffer> {
  for (const row of connection.prepare<[], SealedEvent>(SELECT_SEALED).iterate())
    yield sealEvent(sealer, row);
}

export class Events {
  readonly #sealer: Sealer;
  readonly #tallies: Tallies;
  readonly #one;
  readonly #keep;
  readonly #outcome;
  readonly #flag;
  readonly #forget;
  readonly #payloads;
  readonly #forgetOne;
  readonly #select;

  constructor(connection: Connection, sealer: Sealer, tallies: Tallies) {
    this.#sealer = sealer;
    this.#tallies = tallies;
    this.#one = connection.prepare<[string, string], SealedEvent>(
      `${SELECT_SEALED} WHERE marketplace = +? AND event_id = +?`,
    );
    // The payload is written again: a retry may find that it was forgotten meanwhile.
    this.#keep = connection.prepare(`
      INSERT INTO event
        (marketplace, mode, event_id, type, at, received_at, payload, digest, outcome, fault, attempts, flagged)
      VALUES ($marketplace, $mode, $event_id, $type, $at, $received_at, $payload, $digest, $outcome, $fault, $attempts, $flagged)
      ON CONFLICT (marketplace, event_id) DO UPDATE SET outcome = excluded.outcome, fault = excluded.fault,
        payload = excluded.payload, digest = excluded.digest, flagged = excluded.flagged, attempts = excluded.attempts`);
    this.#outcome = connection
      .prepare<[string, string], string>('SELECT outcome FROM event WHERE marketplace = +? AND event_id = +?')
      .pluck();
    this.#flag = connection.prepare('UPDATE event SET flagged = 1 WHERE marketplace = ? AND event_id = ?');
    this.#forget = connection.prepare(
      "UPDATE event SET payload = NULL WHERE received_at < ? AND payload IS NOT NULL AND outcome = 'done'",
    );
    this.#payloads = connection.prepare<[], EventRow>(
      'SELECT * FROM event WHERE payload IS NOT NULL ORDER BY number',
    );
    this.#forgetOne = connection.prepare('UPDATE event SET payload = NULL WHERE number = ?');
    this.#select = connection.prepare<[object], EventRow>(`
      SELECT * FROM event
      WHERE ($marketplace IS NULL OR marketplace = $marketplace) AND ($id IS NULL OR event_id = $id)
        AND ($failed = 0 OR outcome = 'failed') AND ($flagged = 0 OR flagged = 1)
      ORDER BY number DESC LIMIT $limit`);
  }

  isDone(marketplace: string, id: string): boolean {
    return this.#outcome.get(marketplace, id) === 'done';
  }

  keep(
    event: Told,
    receivedAt: number,
    { fault, flagged }: { fault: string | null; flagged: boolean },
  ): void {
    const { marketplace, mode, id, type, at, payload } = event;
    const known = this.#one.get(marketplace, id);
    const first = { marketplace, mode, event_id: id, type, at, received_at: receivedAt, attempts: 0 };
    const row = {
      ...(known ?? first),
      digest: createHash('sha256').update(payload).digest(),
      outcome: fault === null ? ('done' as const) : ('failed' as const),
      fault,
      flagged: flagged ? 1 : 0,
      attempts: (known ?? first).attempts + 1,
    };
    const { lastInsertRowid } = this.#keep.run({ ...row, payload });
    const after = sealEvent(this.#sealer, { ...row, number: known?.number ?? Number(lastInsertRowid) });
    this.#tallies.change('event', known && sealEvent(this.#sealer, known), after);
  }

  /** Somebody has to look at what it did. */
  flag({ marketplace, id }: Told): void {
    const known = this.#one.get(marketplace, id);
    if (known === undefined) throw new TypeError('an event that is not kept');
    this.#flag.run(marketplace, id);
    const after = sealEvent(this.#sealer, { ...known, flagged: 1 });
    this.#tallies.change('event', sealEvent(this.#sealer, known), after);
  }

  forget(before: number): number {
    return this.#forget.run(before).changes;
  }

  /** Those whose payload mentions an e-mail address, however JSON or a form writes it. */
  findAbout(email: string): KeptEvent[] {
    return this.#about(email).map(keptEvent);
  }

  forgetAbout(email: string): number {
    const rows = this.#about(email);
    for (const { number } of rows) this.#forgetOne.run(number);
    return rows.length;
  }

  #about(email: string) {
    return this.#payloads.all().filter(({ payload }) => payload !== null && mentions(payload, email));
  }

  find({ marketplace, id, failed, flagged, limit }: EventQuery): KeptEvent[] {
    const rows = this.#select.all({
      marketplace: marketplace ?? null,
      id: id ?? null,
      failed: failed ? 1 : 0,
      flagged: flagged ? 1 : 0,
      limit,
    });
    return rows.map(keptEvent);
  }
}

function keptEvent({ event_id, received_at, ...row }: EventRow): KeptEvent {
  return {
    marketplace: row.marketplace,
    mode: row.mode,
    id: event_id,
    type: row.type,
    at: row.at,
    receivedAt: received_at,
    outcome: row.outcome,
    fault: row.fault,
    attempts: row.attempts,
    flagged: row.flagged === 1,
    payload: row.payload,
  };
}

/** A form escapes with % and JSON with backslashes: whatever was escaped is read back before it is compared. */
function mentions(payload: string, email: string): boolean {
  const plain = payload
    .replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll('\\/', '/');
  const bytes = Buffer.from(email).toString('latin1').toLowerCase();
  return [payload, plain].some((text) => {
    const lower = text.toLowerCase();
    return lower.includes(email.toLowerCase()) || lower.includes(bytes);
  });
}
