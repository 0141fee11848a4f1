/** The reads of the console on PostgreSQL, over a connection of their own, so that no sale waits for them. */
import type {
  Attention,
  DailyFigures,
  EventPageQuery,
  LedgerReader,
  LicensePageQuery,
  ListedEvent,
  ListedLicense,
  ListedOrder,
  OrderPageQuery,
} from '../../domain/ledger-reader.ts';
import type { Mode } from '../../domain/order.ts';
import type { OutboxCount } from '../../domain/outbox-ledger.ts';
import { COUNTED } from '../record/daily.ts';
import {
  type ListedEventRow,
  type ListedLicenseRow,
  listedEvent,
  listedLicense,
} from '../record/listed-rows.ts';
import type { LineKey } from '../sqlite/order-list.ts';
import { orderItem, orderLicenses, owedOf } from './loads.ts';
import { openPostgresLedger } from './open-ledger.ts';
import type { PostgresLedger } from './postgres-ledger.ts';

const FLAGGED = `(
  SELECT count(*) FROM flag f
  WHERE f.event_id = e.event_id AND f.marketplace = e.marketplace AND f.mode = e.mode AND f.settled_at IS NULL)`;

const EVENTS_WHERE: Readonly<Record<EventPageQuery['which'], string>> = {
  all: 'TRUE',
  failed: "e.outcome = 'failed'",
  flagged: `${FLAGGED} > 0`,
};

export class PostgresReader implements LedgerReader {
  readonly #open: () => Promise<PostgresLedger>;
  #ledger: Promise<PostgresLedger> | undefined;

  /** Nothing is opened before the first read. */
  constructor(url: string, idSecret: Uint8Array) {
    this.#open = () => openPostgresLedger(url, { idSecret, lanes: 0 });
  }

  readonly find: LedgerReader['find'] = async (query) => (await this.#opened()).find(query);
  readonly findFlags: LedgerReader['findFlags'] = async (query) => (await this.#opened()).findFlags(query);
  readonly findEventsAbout: LedgerReader['findEventsAbout'] = async (email) =>
    (await this.#opened()).findEventsAbout(email);
  readonly countUndelivered: LedgerReader['countUndelivered'] = async (now) =>
    (await this.#opened()).countUndelivered(now);

  readonly countTerms: LedgerReader['countTerms'] = async () => (await this.#opened()).countTerms();
  readonly findOtherTerms: LedgerReader['findOtherTerms'] = async (product, digest, limit) =>
    (await this.#opened()).findOtherTerms(product, digest, limit);
  readonly codesAfter: LedgerReader['codesAfter'] = async (number, limit) =>
    (await this.#opened()).codesAfter(number, limit);
  readonly listAnnouncements: LedgerReader['listAnnouncements'] = async (query) =>
    (await this.#opened()).outbox.list(query);
  readonly listTargets: LedgerReader['listTargets'] = async () => (await this.#opened()).outbox.targets();

  async countAnnouncements(mode: Mode): Promise<readonly OutboxCount[]> {
    return this.#rows(
      `SELECT channel, state, count(*) AS announcements, min(at) AS oldest FROM outbox
      WHERE state IN ('waiting', 'held', 'given-up') AND mode = $1
      GROUP BY channel, state ORDER BY channel, state`,
      [mode],
    );
  }

  async figures(mode: Mode, until: string): Promise<readonly DailyFigures[]> {
    const sums = COUNTED.map((name) => `sum(${name})::bigint AS ${name}`);
    return this.#rows(
      `SELECT day, product, ${sums.join()} FROM daily WHERE mode = $1 AND day <= $2
      GROUP BY day, product ORDER BY day, product`,
      [mode, until],
    );
  }

  /** Lines without a license come first, on the first page. */
  async listOrderPage(query: OrderPageQuery): Promise<readonly ListedOrder[]> {
    const { before, limit, mode, product = null, marketplace = null, state = null } = query;
    const filters = [mode, product, marketplace, query.from ?? null, query.to ?? null, limit];
    const owed =
      before === undefined && state === null
        ? await this.#rows<LineKey & { readonly number: number }>(
            `SELECT 0 AS number, marketplace, mode, order_id, line, product FROM owed
            WHERE missing > 0 AND mode = $1 AND ($2::text IS NULL OR product = $2)
              AND ($3::text IS NULL OR marketplace = $3) AND ($4::bigint IS NULL OR since >= $4)
              AND ($5::bigint IS NULL OR since < $5)
            ORDER BY since DESC LIMIT $6`,
            filters,
          )
        : [];
    // A line stands where its newest license is.
    const sold = await this.#rows<LineKey & { readonly number: number }>(
      `SELECT max(number) AS number, marketplace, mode, order_id, line, product FROM license
      WHERE mode = $1 AND ($2::text IS NULL OR product = $2) AND ($3::text IS NULL OR marketplace = $3)
        AND ($4::bigint IS NULL OR issued_at >= $4) AND ($5::bigint IS NULL OR issued_at < $5)
        AND ($7::text IS NULL OR state = $7)
      GROUP BY marketplace, mode, order_id, line, product
      HAVING $8::bigint IS NULL OR max(number) < $8 ORDER BY 1 DESC LIMIT $6`,
      [...filters, state, before ?? null],
    );
    const lines = [...owed, ...sold].slice(0, limit);
    const loads = lines.flatMap((line) => {
      const item = orderItem(line.order_id, line);
      return [owedOf(item), ...orderLicenses(item)];
    });
    const { reads } = await this.#opened();
    return reads.read({ loads }, ({ lister }) =>
      lines.map(({ number, ...line }) => ({ ...lister.summary(line), number })),
    );
  }

  async listLicensePage(query: LicensePageQuery): Promise<readonly ListedLicense[]> {
    const { before, limit, mode, product, state, validFrom, validTo } = query;
    const rows = await this.#rows<ListedLicenseRow>(
      `SELECT l.number, l.id, l.marketplace, l.order_id, l.product, l.unit, l.state, l.revision, l.last_valid,
        l.issued_at, l.customer, c.name, c.email, c.erased
      FROM license l LEFT JOIN customer c ON c.number = l.customer
      WHERE l.mode = $1 AND ($2::text IS NULL OR l.product = $2) AND ($3::text IS NULL OR l.state = $3)
        AND ($4::text IS NULL OR l.last_valid >= $4) AND ($5::text IS NULL OR l.last_valid <= $5)
        AND ($6::bigint IS NULL OR l.number < $6)
      ORDER BY l.number DESC LIMIT $7`,
      [mode, product ?? null, state ?? null, validFrom ?? null, validTo ?? null, before ?? null, limit],
    );
    return rows.map(listedLicense);
  }

  async listEventPage({ which, mode, before, limit }: EventPageQuery): Promise<readonly ListedEvent[]> {
    const rows = await this.#rows<ListedEventRow>(
      `SELECT e.number, e.marketplace, e.mode, e.event_id, e.type, e.at, e.received_at, e.outcome, e.fault, e.attempts,
        least(${FLAGGED}, 1) AS flagged
      FROM event e WHERE ${EVENTS_WHERE[which]} AND e.mode = $1 AND ($2::bigint IS NULL OR e.number < $2)
      ORDER BY e.number DESC LIMIT $3`,
      [mode, before ?? null, limit],
    );
    return rows.map(listedEvent);
  }

  async attention(mode: Mode): Promise<Attention> {
    const [row] = await this.#rows<Attention>(
      `SELECT (SELECT count(*) FROM event WHERE outcome = 'failed' AND mode = $1) AS "failedEvents",
        (SELECT count(*) FROM flag WHERE settled_at IS NULL AND mode = $1) AS "openFlags",
        (SELECT count(*) FROM outbox WHERE state IN ('held', 'given-up') AND mode = $1) AS "stuckAnnouncements"`,
      [mode],
    );
    return row ?? { failedEvents: 0, openFlags: 0, stuckAnnouncements: 0 };
  }

  async findOrdersBeginning(mode: Mode, beginning: string, limit: number): Promise<readonly string[]> {
    const rows = await this.#rows<{ readonly order_id: string }>(
      `SELECT DISTINCT order_id FROM license
      WHERE starts_with(order_id, $2) AND order_id >= $2 AND mode = $1 LIMIT $3`,
      [mode, beginning, limit],
    );
    return rows.map(({ order_id }) => order_id);
  }

  async close(): Promise<void> {
    await (await this.#ledger)?.close();
  }

  #opened(): Promise<PostgresLedger> {
    this.#ledger ??= this.#open();
    return this.#ledger;
  }

  async #rows<T>(text: string, values: readonly unknown[]): Promise<readonly T[]> {
    const { reads } = await this.#opened();
    return (await reads.rows(text, values)) as unknown as readonly T[];
  }
}
