/**
 * Pages of orders, licenses and events on PostgreSQL, the newest first. A page's key is the number of its last entry, whose
 * time is looked up: the number of a pen says nothing about time.
 */
import type {
  EventPageQuery,
  LicensePageQuery,
  ListedEvent,
  ListedLicense,
  ListedOrder,
  OrderPageQuery,
} from '../../domain/ports/ledger-reader.ts';
import {
  type ListedEventRow,
  type ListedLicenseRow,
  listedEvent,
  listedLicense,
} from '../record/listed-rows.ts';
import { hasUnitIn } from '../record/unit-licenses.ts';
import type { LineKey } from '../sqlite/order-list.ts';
import { orderItem, orderLicenses, owedOf } from './loads.ts';
import type { ReadLane } from './session/read-lane.ts';

type NumberedLine = LineKey & { readonly number: number };

/** What an order page asks of a license. */
const ofOrders = (license: string) => `
  ${license}.mode = $1 AND ($2::text IS NULL OR ${license}.product = $2) AND ($3::text IS NULL OR ${license}.marketplace = $3)
  AND ($4::bigint IS NULL OR ${license}.issued_at >= $4) AND ($5::bigint IS NULL OR ${license}.issued_at < $5)
  AND ${license}.reissue = 0`;

/** A line stands where its newest unit is, whatever became of its units: so pages fit together while they are read. */
const orderLines = (before: string) => `
  SELECT l.number, l.marketplace, l.mode, l.order_id, l.line, l.product FROM license l
  WHERE ${ofOrders('l')} AND ($6::text IS NULL OR ${hasUnitIn('l', '$6')}) ${before}
    AND NOT EXISTS (
      SELECT FROM license n
      WHERE n.order_id = l.order_id AND n.line = l.line AND n.product = l.product AND n.marketplace = l.marketplace
        AND ${ofOrders('n')} AND (n.issued_at, n.number) > (l.issued_at, l.number) OFFSET 0)
  ORDER BY l.issued_at DESC, l.number DESC LIMIT $7`;

const licenses = (before: string) => `
  SELECT l.number, l.id, l.marketplace, l.order_id, l.product, l.unit, l.state, l.revision, l.last_valid,
    l.issued_at, l.customer, c.name, c.email, c.erased
  FROM license l LEFT JOIN LATERAL (SELECT * FROM customer c WHERE c.number = l.customer OFFSET 0) c ON TRUE
  WHERE l.mode = $1 AND ($2::text IS NULL OR l.product = $2) AND ($3::text IS NULL OR l.state = $3)
    AND ($4::text IS NULL OR l.last_valid >= $4) AND ($5::text IS NULL OR l.last_valid <= $5) ${before}
  ORDER BY l.issued_at DESC, l.number DESC LIMIT $6`;

const licenseBefore = (key: string) => `
  AND (l.issued_at, l.number) < ((SELECT b.issued_at FROM license b WHERE b.number = ${key}), ${key})`;

const FLAGGED = `(
  SELECT least(count(*), 1) FROM flag f
  WHERE f.event_id = e.event_id AND f.marketplace = e.marketplace AND f.mode = e.mode AND f.settled_at IS NULL)`;

/** The events of a list, by their fewest. */
const EVENTS: Readonly<Record<EventPageQuery['which'], string>> = {
  all: 'event',
  failed: "(SELECT * FROM event WHERE outcome = 'failed' OFFSET 0)",
  flagged: `(
    SELECT * FROM event WHERE number IN (
      SELECT o.number FROM flag f, LATERAL (
        SELECT number FROM event o
        WHERE o.event_id = f.event_id AND o.marketplace = f.marketplace AND o.mode = f.mode OFFSET 0) o
      WHERE f.settled_at IS NULL AND f.event_id IS NOT NULL))`,
};

const events = (which: EventPageQuery['which'], before: string) => `
  SELECT e.number, e.marketplace, e.mode, e.event_id, e.type, e.at, e.received_at, e.outcome, e.fault, e.attempts,
    ${FLAGGED} AS flagged
  FROM ${EVENTS[which]} e WHERE e.mode = $1 ${before} ORDER BY e.received_at DESC, e.number DESC LIMIT $2`;

const EVENT_BEFORE =
  'AND (e.received_at, e.number) < ((SELECT b.received_at FROM event b WHERE b.number = $3), $3)';

/** Lines without a license come first, on the first page. */
export async function orderPage(reads: ReadLane, query: OrderPageQuery): Promise<readonly ListedOrder[]> {
  const { before, limit, mode, product = null, marketplace = null, state = null } = query;
  const filters = [mode, product, marketplace, query.from ?? null, query.to ?? null];
  const owed =
    before === undefined && state === null
      ? await reads.searchList(
          `SELECT 0 AS number, marketplace, mode, order_id, line, product FROM owed
          WHERE missing > 0 AND mode = $1 AND ($2::text IS NULL OR product = $2)
            AND ($3::text IS NULL OR marketplace = $3) AND ($4::bigint IS NULL OR since >= $4)
            AND ($5::bigint IS NULL OR since < $5)
          ORDER BY since DESC LIMIT $6`,
          [...filters, limit],
        )
      : [];
  const key = before === undefined ? [] : [before];
  const text = orderLines(before === undefined ? '' : licenseBefore('$8'));
  const sold = await reads.searchList(text, [...filters, state, limit, ...key]);
  const lines = [...owed, ...sold].slice(0, limit) as unknown as readonly NumberedLine[];
  const loads = lines.flatMap((line) => {
    const item = orderItem(line.order_id, line);
    return [owedOf(item), ...orderLicenses(item)];
  });
  return reads.read({ loads }, ({ lister }) =>
    lines.map(({ number, ...line }) => ({ ...lister.summary(line), number })),
  );
}

export async function licensePage(
  reads: ReadLane,
  { before, limit, mode, product, state, validFrom, validTo }: LicensePageQuery,
): Promise<readonly ListedLicense[]> {
  const filters = [mode, product ?? null, state ?? null, validFrom ?? null, validTo ?? null, limit];
  const text = licenses(before === undefined ? '' : licenseBefore('$7'));
  const rows = await reads.searchList(text, [...filters, ...(before === undefined ? [] : [before])]);
  return (rows as unknown as readonly ListedLicenseRow[]).map(listedLicense);
}

export async function eventPage(
  reads: ReadLane,
  { which, mode, before, limit }: EventPageQuery,
): Promise<readonly ListedEvent[]> {
  const rows = await reads.searchList(events(which, before === undefined ? '' : EVENT_BEFORE), [
    mode,
    limit,
    ...(before === undefined ? [] : [before]),
  ]);
  return (rows as unknown as readonly ListedEventRow[]).map(listedEvent);
}
