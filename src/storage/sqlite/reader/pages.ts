/** Pages of orders, licenses and events by key, the newest first. */

import type {
  Attention,
  DailyFigures,
  DownloadedOften,
  EventPageQuery,
  LicensePageQuery,
  ListedEvent,
  ListedLicense,
  ListedOrder,
  OftenQuery,
  OrderPageQuery,
} from '../../../domain/ports/ledger-reader.ts';
import type { OutboxCount } from '../../../domain/ports/outbox-ledger.ts';
import type { Mode } from '../../../domain/values/order.ts';
import {
  type ListedEventRow,
  type ListedLicenseRow,
  listedEvent,
  listedLicense,
} from '../../record/listed-rows.ts';
import { hasUnitIn } from '../../record/unit-licenses.ts';
import { aggregate, prepareLast } from '../aggregate.ts';
import { DailySums } from '../daily.ts';
import type { Connection } from '../file/connection.ts';
import { type LineKey, OrderLister } from '../order-list.ts';

/** Licenses read in one statement: the worker can be stopped between two statements. */
const RANGE = 20_000;
/** The first range: without a filter it has a whole page. */
const SMALLEST_RANGE = 256;

/** A bound parameter would keep SQLite from using an index of one mode. */
function forEachMode<T>(prepare: (mode: Mode) => T): Readonly<Record<Mode, T>> {
  return { live: prepare('live'), test: prepare('test') };
}

function indexOf(mode: Mode, index: string): string {
  return mode === 'test' ? `INDEXED BY ${index}` : '';
}

export class PageReader {
  readonly #lister: OrderLister;
  readonly #last;
  readonly #lines;
  readonly #newest;
  readonly #licenses;
  readonly #events;
  readonly #attention;
  readonly #often;
  readonly #announcements;
  readonly #figures;
  readonly #beginning;

  constructor(connection: Connection) {
    this.#lister = new OrderLister(connection);
    this.#last = prepareLast(connection, 'license');
    this.#lines = forEachMode((mode) =>
      connection.prepare<[object], LineKey & { readonly number: number }>(`
      SELECT max(number) AS number, marketplace, mode, order_id, line, product FROM license l ${indexOf(mode, 'license_test')}
      WHERE number <= $upto AND number > $after AND mode = '${mode}'
        AND ($product IS NULL OR product = $product) AND ($marketplace IS NULL OR marketplace = $marketplace)
        AND ($state IS NULL OR ${hasUnitIn('l', '$state')}) AND reissue = 0
        AND ($from IS NULL OR issued_at >= $from) AND ($to IS NULL OR issued_at < $to)
      GROUP BY marketplace, order_id, line, product ORDER BY number DESC`),
    );
    this.#newest = connection
      .prepare<[object], number>(
        `SELECT max(number) FROM license
         WHERE order_id = $order_id AND line = $line AND product = $product AND marketplace = $marketplace AND mode = $mode
           AND reissue = 0 AND ($from IS NULL OR issued_at >= $from) AND ($to IS NULL OR issued_at < $to)`,
      )
      .pluck();
    this.#licenses = forEachMode((mode) =>
      connection.prepare<[object], ListedLicenseRow>(`
      SELECT l.number, l.id, l.marketplace, l.order_id, l.product, l.unit, l.state, l.revision, l.last_valid,
        l.issued_at, l.customer, c.name, c.email, c.erased
      FROM license l ${indexOf(mode, 'license_test')} LEFT JOIN customer c ON c.number = l.customer
      WHERE l.number <= $upto AND l.number > $upto - ${RANGE} AND l.mode = '${mode}'
        AND ($product IS NULL OR l.product = $product) AND ($state IS NULL OR l.state = $state)
        AND ($validFrom IS NULL OR l.last_valid >= $validFrom) AND ($validTo IS NULL OR l.last_valid <= $validTo)
      ORDER BY l.number DESC LIMIT $limit`),
    );
    const events = (where: string, index: string, mode: Mode) =>
      connection.prepare<[object], ListedEventRow>(`
        SELECT e.number, e.marketplace, e.mode, e.event_id, e.type, e.at, e.received_at, e.outcome, e.fault, e.attempts,
          EXISTS (SELECT 1 FROM flag f WHERE f.event_id = e.event_id AND f.marketplace = e.marketplace
            AND f.mode = e.mode AND f.settled_at IS NULL) AS flagged
        FROM event e ${index} WHERE ${where} AND e.mode = '${mode}' AND e.number < $before ORDER BY e.number DESC LIMIT $limit`);
    this.#events = forEachMode((mode) => ({
      all: events('TRUE', indexOf(mode, 'event_test'), mode),
      failed: events("e.outcome = 'failed'", 'INDEXED BY event_failed', mode),
      flagged: events(
        `e.number IN (
        SELECT o.number FROM flag f CROSS JOIN event o
          ON o.event_id = f.event_id AND o.marketplace = f.marketplace AND o.mode = f.mode
        WHERE f.settled_at IS NULL AND f.event_id IS NOT NULL)`,
        '',
        mode,
      ),
    }));
    this.#attention = connection.prepare<[{ readonly mode: Mode }], Attention>(`
      SELECT (SELECT count(*) FROM event WHERE outcome = 'failed' AND mode = $mode) AS failedEvents,
        (SELECT count(*) FROM flag WHERE settled_at IS NULL AND mode = $mode) AS openFlags,
        (SELECT count(*) FROM outbox WHERE state IN ('given-up', 'held') AND mode = $mode) AS stuckAnnouncements`);
    this.#often = connection.prepare<[OftenQuery], DownloadedOften>(`
      SELECT l.marketplace, l.order_id AS "order", l.product, d.downloads
      FROM (
        SELECT license, count(*) AS downloads FROM download INDEXED BY download_done
        WHERE state <> 'begun' AND last_at > +$since GROUP BY license HAVING count(*) >= +$least) d
      CROSS JOIN license l ON l.id = d.license
      WHERE l.mode = +$mode ORDER BY d.downloads DESC, l.number DESC LIMIT $limit`);
    this.#announcements = connection.prepare<[{ readonly mode: Mode }], OutboxCount>(`
      SELECT channel, state, count(*) AS announcements, min(at) AS oldest FROM outbox
      WHERE state IN ('waiting', 'held', 'given-up') AND mode = $mode GROUP BY channel, state`);
    const sums = new DailySums(connection);
    this.#figures = connection.transaction(() => sums.read());
    this.#beginning = forEachMode((mode) =>
      connection
        .prepare<[object], string>(
          `SELECT DISTINCT order_id FROM license ${indexOf(mode, 'license_test_order')}
           WHERE order_id >= $beginning AND order_id < $beginning || char(0x10ffff) AND mode = '${mode}' LIMIT $limit`,
        )
        .pluck(),
    );
  }

  /** Lines without a license come first, on the first page. */
  orders(query: OrderPageQuery): readonly ListedOrder[] {
    const { before, limit, mode, product = null, marketplace = null, state = null, now } = query;
    const filters = { mode, product, marketplace, state, from: query.from ?? null, to: query.to ?? null };
    const found: ListedOrder[] = [];
    if (before === undefined && state === null)
      for (const line of this.#lister.owedLines({ ...filters, since: filters.from, now, limit }))
        if (filters.to === null || line.since < filters.to)
          found.push({ ...this.#lister.summary(line), number: 0 });
    const last = before === undefined ? this.#last() : before - 1;
    let range = SMALLEST_RANGE;
    for (
      let upto = last;
      upto > 0 && found.length < limit;
      upto -= range, range = Math.min(RANGE, 4 * range)
    ) {
      for (const { number, ...line } of this.#lines[mode].all({ ...filters, upto, after: upto - range })) {
        if (found.length >= limit) break;
        // A line stands where its newest unit is, whatever became of its units: so pages fit together while they are read.
        const newest = this.#newest.get({ ...filters, ...line });
        if (newest === number) found.push({ ...this.#lister.summary(line), number });
      }
    }
    return found;
  }

  licenses({ before, limit, mode, ...query }: LicensePageQuery): readonly ListedLicense[] {
    const { product = null, state = null, validFrom = null, validTo = null } = query;
    const found: ListedLicenseRow[] = [];
    const last = before === undefined ? this.#last() : before - 1;
    for (let upto = last; upto > 0 && found.length < limit; upto -= RANGE)
      found.push(
        ...this.#licenses[mode].all({
          product,
          state,
          validFrom,
          validTo,
          upto,
          limit: limit - found.length,
        }),
      );
    return found.map(listedLicense);
  }

  events({ which, mode, before = Number.MAX_SAFE_INTEGER, limit }: EventPageQuery): readonly ListedEvent[] {
    return this.#events[mode][which].all({ before, limit }).map(listedEvent);
  }

  attention(mode: Mode): Attention {
    return aggregate(this.#attention, { mode });
  }

  downloadedOften(query: OftenQuery): readonly DownloadedOften[] {
    return this.#often.all(query);
  }

  countAnnouncements(mode: Mode): readonly OutboxCount[] {
    return this.#announcements.all({ mode });
  }

  figures(mode: Mode, until: string): readonly DailyFigures[] {
    return this.#figures()
      .filter((row) => row.mode === mode && row.day <= until)
      .map(({ mode: _, ...figures }) => figures);
  }

  ordersBeginning(mode: Mode, beginning: string, limit: number): readonly string[] {
    return this.#beginning[mode].all({ beginning, limit });
  }
}
