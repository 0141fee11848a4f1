/** Lists for the operator, on PostgreSQL: which rows a query finds. What is shown of them is the shared code's work. */
import type { Market } from '../../domain/changes.ts';
import type { EventQuery, FlagQuery, OrderQuery, OrderSummary } from '../../domain/ports/ledger-views.ts';
import { type Named, ordersNamed, subscriptionsNamed } from '../record/named.ts';
import { IS_UNDELIVERED } from '../record/owed-row.ts';
import { hasUnitIn, IS_LAST, recordedSince } from '../record/unit-licenses.ts';
import { isAboutCodes, LATE_MILLISECONDS, type LineKey } from '../sqlite/order-list.ts';
import { orderItem, orderLicenses, owedOf } from './loads.ts';
import type { Load } from './needs.ts';
import type { ReadLane } from './session/read-lane.ts';

/** The newest first. At the limit, lines without a license take precedence over lines with one. */
export async function listOrders(reads: ReadLane, query: OrderQuery): Promise<readonly OrderSummary[]> {
  const { limit, now, state, unmailed = false, expiringBefore, undelivered = false } = query;
  const common = [query.product ?? null, query.marketplace ?? null, query.mode ?? null, query.since ?? null];
  const late = now - LATE_MILLISECONDS;
  const isOfLicenses = state !== undefined || unmailed || expiringBefore !== undefined;
  const owed = isOfLicenses
    ? []
    : await reads.rows(
        `SELECT marketplace, mode, order_id, line, product FROM owed
        WHERE missing > 0 AND ($1::text IS NULL OR product = $1) AND ($2::text IS NULL OR marketplace = $2)
          AND ($3::text IS NULL OR mode = $3) AND ($4::bigint IS NULL OR since >= $4)
          AND (NOT $5::boolean OR (${IS_UNDELIVERED} AND (due IS NULL OR since <= $6)))
        ORDER BY since DESC LIMIT $7`,
        [...common, undelivered, late, limit],
      );
  const sold = await reads.rows(
    `SELECT marketplace, mode, order_id, line, product FROM license l
    WHERE ($1::text IS NULL OR product = $1) AND ($2::text IS NULL OR marketplace = $2)
      AND ($3::text IS NULL OR mode = $3) AND ($4::bigint IS NULL OR ${recordedSince('$4')})
      AND ($8::text IS NULL OR CASE WHEN $11 THEN state = $8 AND ${IS_LAST} ELSE ${hasUnitIn('l', '$8')} END)
      AND (reissue = 0 OR $11)
      AND (NOT $5::boolean OR (handed IS NULL AND state = 'active' AND issued_at <= $6))
      AND (NOT $9::boolean OR (state = 'active' AND handed < revision))
      AND ($10::text IS NULL OR (state = 'active' AND last_valid < $10))
    GROUP BY marketplace, mode, order_id, line, product
    ORDER BY max(issued_at) DESC, max(number) DESC LIMIT $7`,
    [
      ...common,
      undelivered,
      late,
      limit,
      state ?? null,
      unmailed,
      expiringBefore ?? null,
      isAboutCodes(query),
    ],
  );
  const lines = new Map<string, LineKey>();
  for (const row of [...owed, ...sold] as unknown as readonly LineKey[]) {
    const name = JSON.stringify([row.marketplace, row.mode, row.order_id, row.line, row.product]);
    if (lines.size < limit || lines.has(name)) lines.set(name, row);
  }
  const loads = [...lines.values()].flatMap((line) => {
    const item = orderItem(line.order_id, line);
    return [owedOf(item), ...orderLicenses(item)];
  });
  const summaries = await reads.read({ loads }, ({ lister }) =>
    [...lines.values()].map((line) => lister.summary(line)),
  );
  return [...summaries].sort((a, b) => b.at - a.at).slice(0, limit);
}

/** The markets in which an order or a subscription of this name is known. */
export async function marketsOf(reads: ReadLane, order: string, name: string): Promise<readonly Market[]> {
  const rows = await reads.search(
    `SELECT marketplace, mode FROM license WHERE order_id = $1
    UNION SELECT marketplace, mode FROM fact WHERE subject = $2
    UNION SELECT marketplace, mode FROM owed WHERE order_id = $1
    UNION SELECT marketplace, mode FROM flag WHERE order_id = $1`,
    [order, name],
  );
  return rows as unknown as readonly Market[];
}

/** As OrderLister.named has it. */
export async function named(reads: ReadLane, text: string): Promise<readonly Named[]> {
  const orders = await reads.search(ordersNamed('$1::text'), [text]);
  const found = orders.length > 0 ? orders : await reads.search(subscriptionsNamed('$1::text'), [text]);
  return found as unknown as readonly Named[];
}

const EVENT_COLUMNS =
  'id text, marketplace text, mode text, failed boolean, flagged boolean, "limit" integer';
const FLAGGED = `EXISTS (
  SELECT FROM flag f
  WHERE f.event_id = e.event_id AND f.marketplace = e.marketplace AND f.mode = e.mode AND f.settled_at IS NULL)`;
const FOUND_EVENTS = `
  SELECT e.* FROM json_to_recordset($1::json) AS k(${EVENT_COLUMNS}), LATERAL (
    SELECT * FROM event e
    WHERE (k.id IS NULL OR e.event_id = k.id) AND (k.marketplace IS NULL OR e.marketplace = k.marketplace)
      AND (k.mode IS NULL OR e.mode = k.mode) AND (k.failed IS NOT TRUE OR e.outcome = 'failed')
      AND (k.flagged IS NOT TRUE OR ${FLAGGED})
    ORDER BY e.received_at DESC, e.number DESC LIMIT k."limit") e`;

/** The events that a query finds, and their open flags. */
export function eventLoads(query: EventQuery): readonly Load[] {
  return [
    { table: 'event', text: FOUND_EVENTS, item: query },
    {
      table: 'flag',
      text: `SELECT f.* FROM (${FOUND_EVENTS}) e JOIN flag f
        ON f.event_id = e.event_id AND f.marketplace = e.marketplace AND f.mode = e.mode`,
      item: query,
    },
  ];
}

/** The flags that a query finds, and the lines that the flags of unknown products count. */
export function flagLoads(query: FlagQuery): readonly Load[] {
  const columns =
    'id bigint, key text, event text, kind text, "order" text, settled boolean, "limit" integer';
  const found = `
    SELECT f.* FROM json_to_recordset($1::json) AS k(${columns}), LATERAL (
      SELECT * FROM flag f
      WHERE (k.id IS NULL OR f.id = k.id) AND (k.key IS NULL OR f.key = k.key)
        AND (k.event IS NULL OR f.event_id = k.event) AND (k.kind IS NULL OR f.kind = k.kind)
        AND (k."order" IS NULL OR f.order_id = k."order")
        AND (k.settled IS NULL OR (f.settled_at IS NOT NULL) = k.settled)
      ORDER BY f.at DESC, f.id DESC LIMIT k."limit") f`;
  return [
    { table: 'flag', text: found, item: query },
    {
      table: 'owed',
      text: `SELECT o.* FROM (${found}) f JOIN owed o ON o.line = f.product AND o.marketplace = f.marketplace
          AND o.mode = f.mode AND o.missing > 0 AND o.product IS NULL
        WHERE f.kind = 'unknown-product'`,
      item: query,
    },
  ];
}

/** Newest first, by time: the numbers of different pens do not compare. */
export function newestFirst<T>(rows: readonly T[], time: (row: T) => number): readonly T[] {
  return [...rows].sort((a, b) => time(b) - time(a));
}
