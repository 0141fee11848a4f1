/** Migration to schema 6: the tallies of schema 5 become the pen's, with the differences that they show. */
import { addSeal, type Tally } from '../../record/pen.ts';
import { SEAL_BYTES, type Sealer } from '../../record/sealer.ts';
import type { Connection } from '../file/connection.ts';
import { OLD_EVENTS, type OldEvent } from './fill-schema-6-events.ts';

export const OLD_TALLIED = ['event', 'fact', 'answer', 'change'] as const;
export type OldTallied = (typeof OLD_TALLIED)[number];

interface OldTally extends Tally {
  readonly seal: Buffer;
}

const SEALS: Readonly<Record<Exclude<OldTallied, 'event'>, string>> = {
  fact: 'SELECT seal FROM fact',
  answer: `
    SELECT f.seal FROM fulfillment_5 f JOIN history_5 h ON h.license = f.license AND h.sequence = 0
    WHERE f.sequence > 1 OR h.cause <> 'fulfillment request'`,
  change: 'SELECT seal FROM history_5 WHERE sequence > 0',
};

/** From this schema on, opening a ledger made all tallies. */
const TALLIED_SINCE = 5;

/** Matches no ledger. */
const DAMAGED: Tally = { rows: -1, sum: Buffer.alloc(SEAL_BYTES) };

/**
 * The tally of the new rows, changed by the difference between the old tally and the old rows: rows that were deleted
 * before the migration are still missing after it.
 */
export function carryTally(
  connection: Connection,
  sealer: Sealer,
  { name, now, from }: { readonly name: OldTallied; readonly now: Tally; readonly from: number },
): Tally {
  const found = addUp(oldSeals(connection, sealer, name));
  const old = connection
    .prepare<[{ readonly name: OldTallied }], OldTally>(
      'SELECT rows, sum, seal FROM tally WHERE name = $name',
    )
    .get({ name });
  if (old === undefined) return from < TALLIED_SINCE || found.rows === 0 ? now : DAMAGED;
  if (!old.seal.equals(sealer.seal('tally', name, old.rows, old.sum))) return DAMAGED;
  const sum = Buffer.from(now.sum);
  addSeal(sum, old.sum);
  addSeal(sum, found.sum);
  return { rows: now.rows + old.rows - found.rows, sum };
}

function addUp(seals: Iterable<Buffer>): Tally {
  const sum = Buffer.alloc(SEAL_BYTES);
  let rows = 0;
  for (const seal of seals) {
    rows += 1;
    addSeal(sum, seal);
  }
  return { rows, sum };
}

function* oldSeals(connection: Connection, sealer: Sealer, name: OldTallied): Generator<Buffer> {
  if (name !== 'event') {
    yield* connection.prepare<[], Buffer>(SEALS[name]).pluck().iterate();
    return;
  }
  for (const event of connection.prepare<[], OldEvent>(OLD_EVENTS).iterate())
    yield sealOldEvent(sealer, event);
}

function sealOldEvent(sealer: Sealer, row: OldEvent): Buffer {
  const { number, marketplace, mode, event_id, type, at, received_at, digest } = row;
  const received = [number, marketplace, mode, event_id, type, at, received_at, digest] as const;
  return sealer.seal('event', ...received, row.outcome, row.fault, row.attempts, row.flagged);
}
