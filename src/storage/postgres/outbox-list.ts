/** The list of announcements, the newest first: the number of a pen says nothing about time. */
import type { KeptAnnouncement, OutboxQuery } from '../../domain/ports/outbox-ledger.ts';
import { keptAnnouncement, type OutboxRow } from '../record/outbox-row.ts';
import { UNDONE } from './outbox-loads.ts';
import type { ReadLane } from './session/read-lane.ts';

const list = (condition: string) => (before: string) =>
  `
  SELECT * FROM outbox o
  WHERE ${condition} AND ($1::text IS NULL OR o.state = $1) AND ($2::text IS NULL OR o.channel = $2)
    AND ($3::text IS NULL OR o.target = $3) AND ($4::text IS NULL OR o.order_id = $4)
    AND ($5::text IS NULL OR o.marketplace = $5) AND ($6::text IS NULL OR o.mode = $6) ${before}
  ORDER BY o.at DESC, o.number DESC LIMIT $7`;

const BEFORE = 'AND (o.at, o.number) < ((SELECT b.at FROM outbox b WHERE b.number = $8), $8)';

/** Of millions of announcements, few are undone, and few are of an order. */
const LISTS = { all: list('TRUE'), undone: list(UNDONE), ofOrder: list('o.order_id = $4') };

export async function listAnnouncements(
  reads: ReadLane,
  { state, channel, target, order, marketplace, mode, before, limit }: OutboxQuery,
): Promise<readonly KeptAnnouncement[]> {
  const isUndone = state !== undefined && state !== 'sent' && state !== 'dropped';
  const which = order !== undefined ? 'ofOrder' : isUndone ? 'undone' : 'all';
  const filters = [state, channel, target, order, marketplace, mode].map((filter) => filter ?? null);
  const rows = await reads.searchList(LISTS[which](before === undefined ? '' : BEFORE), [
    ...filters,
    limit,
    ...(before === undefined ? [] : [before]),
  ]);
  return (rows as unknown as readonly OutboxRow[]).map(keptAnnouncement);
}
