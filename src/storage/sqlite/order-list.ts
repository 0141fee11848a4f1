/** Lists orders and counts undelivered units, for the operator. */

import type { Market, OwedLine } from '../../domain/changes.ts';
import type { OrderQuery, OrderSummary } from '../../domain/ports/ledger-views.ts';
import type { Day } from '../../domain/values/day.ts';
import type { LicenseState } from '../../domain/values/license.ts';
import type { Customer, Marketplace, Mode } from '../../domain/values/order.ts';
import { orderSubject } from '../../domain/values/order-subject.ts';
import { type CustomerRow, customerOf } from '../record/customer-row.ts';
import type { LicenseRow } from '../record/license-row.ts';
import { type Named, ordersNamed, subscriptionsNamed } from '../record/named.ts';
import { IS_UNDELIVERED, type OwedRow, owedLine } from '../record/owed-row.ts';
import { hasUnitIn, IS_LAST, recordedSince } from '../record/unit-licenses.ts';
import { aggregate, prepareLast } from './aggregate.ts';
import { equal, IN_MARKET } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { yieldToEventLoop } from './pages.ts';

/** A license that was not handed out is undelivered after an hour. */
export const LATE_MILLISECONDS = 3_600_000;

/** Licenses read in one step, so that no sale waits for a list. */
const RANGE = 5000;

/** One line of an order. */
export type LineKey = Pick<LicenseRow, 'marketplace' | 'mode' | 'order_id' | 'line'> & {
  readonly product: string | null;
};

type LineLicense = Pick<
  LicenseRow,
  'unit' | 'reissue' | 'state' | 'revision' | 'issued_at' | 'last_valid' | 'handed'
> &
  Pick<CustomerRow, 'name' | 'email'> & { readonly customer: number | null; readonly erased: number | null };

export class OrderLister {
  readonly #last;
  readonly #lines;
  readonly #owedLines;
  readonly #licenses;
  readonly #owed;
  readonly #counts;
  readonly #markets;
  readonly #orders;
  readonly #subscriptions;
  readonly #byLine;

  constructor(connection: Connection) {
    this.#last = prepareLast(connection, 'license');
    this.#lines = connection.prepare<[object], LineKey>(`
      SELECT DISTINCT marketplace, mode, order_id, line, product FROM license l
      WHERE number <= $upto AND number > $upto - ${RANGE}
        AND ($product IS NULL OR product = $product) AND ($marketplace IS NULL OR marketplace = $marketplace)
        AND ($mode IS NULL OR mode = $mode)
        AND ($state IS NULL OR CASE WHEN $ofLicenses THEN state = $state AND ${IS_LAST} ELSE ${hasUnitIn('l', '$state')} END)
        AND (reissue = 0 OR $ofLicenses) AND ($since IS NULL OR ${recordedSince('$since')})
        AND ($undelivered = 0 OR (handed IS NULL AND state = 'active' AND issued_at <= $late))
        AND ($unmailed = 0 OR (state = 'active' AND handed < revision))
        AND ($expiring IS NULL OR (state = 'active' AND last_valid < $expiring))
      ORDER BY number DESC`);
    this.#owedLines = connection.prepare<[object], LineKey & { readonly since: number }>(`
      SELECT marketplace, mode, order_id, line, product, since FROM owed
      WHERE missing > 0 AND ($product IS NULL OR product = $product)
        AND ($marketplace IS NULL OR marketplace = $marketplace) AND ($mode IS NULL OR mode = $mode)
        AND ($since IS NULL OR since >= $since) AND ($undelivered = 0 OR (${IS_UNDELIVERED} AND (due IS NULL OR since <= $late)))
      ORDER BY since DESC LIMIT $limit`);
    this.#licenses = connection.prepare<[LineKey], LineLicense>(`
      SELECT l.unit, l.reissue, l.state, l.revision, l.issued_at, l.last_valid, l.handed, l.customer, c.name, c.email,
        c.erased
      FROM license l LEFT JOIN customer c ON c.number = l.customer
      WHERE ${equal('l.order_id', 'l.line', 'l.product', 'l.marketplace', 'l.mode')}
      ORDER BY l.unit, l.reissue`);
    this.#owed = connection.prepare<[LineKey], OwedRow>(
      `SELECT * FROM owed WHERE ${equal('order_id', 'line')} AND ${IN_MARKET}`,
    );
    this.#counts = connection.prepare<[{ late: number }], { undelivered: number; unmailed: number }>(`
      SELECT
        (SELECT count(*) FROM license WHERE handed IS NULL AND state = 'active' AND issued_at <= $late)
          + (SELECT coalesce(sum(missing), 0) FROM owed WHERE missing > 0 AND ${IS_UNDELIVERED} AND (due IS NULL OR since <= $late))
          AS undelivered,
        (SELECT count(*) FROM license WHERE state = 'active' AND handed < revision) AS unmailed`);
    this.#markets = connection.prepare<[{ order: string; name: string }], Market>(`
      SELECT marketplace, mode FROM license WHERE order_id = +$order
      UNION SELECT marketplace, mode FROM fact WHERE subject = +$name
      UNION SELECT marketplace, mode FROM owed WHERE order_id = +$order
      UNION SELECT marketplace, mode FROM flag WHERE order_id = +$order`);
    this.#orders = connection.prepare<[{ text: string }], Named>(ordersNamed('+$text'));
    this.#subscriptions = connection.prepare<[{ text: string }], Named>(subscriptionsNamed('+$text'));
    this.#byLine = connection.prepare<[Pick<OwedRow, 'line' | 'marketplace'>], OwedRow>(
      `SELECT * FROM owed WHERE ${equal('line', 'marketplace')} AND missing > 0 ORDER BY since`,
    );
  }

  /** The newest first. At the limit, lines without a license take precedence over lines with one. */
  async list(query: OrderQuery): Promise<readonly OrderSummary[]> {
    const { limit, now, state, unmailed, expiringBefore } = query;
    const isOfLicenses = state !== undefined || unmailed === true || expiringBefore !== undefined;
    const given = {
      product: query.product ?? null,
      marketplace: query.marketplace ?? null,
      mode: query.mode ?? null,
      state: state ?? null,
      since: query.since ?? null,
      undelivered: query.undelivered ? 1 : 0,
      unmailed: unmailed ? 1 : 0,
      expiring: expiringBefore ?? null,
      late: now - LATE_MILLISECONDS,
      ofLicenses: isAboutCodes(query) ? 1 : 0,
      limit,
    };
    const lines = new Map<string, OrderSummary>();
    const keep = (line: LineKey): void => {
      const name = JSON.stringify([line.marketplace, line.mode, line.order_id, line.line, line.product]);
      if (!lines.has(name)) lines.set(name, this.summary(line));
    };
    if (!isOfLicenses) for (const line of this.#owedLines.all(given)) keep(line);
    for (let upto = this.#last(); upto > 0 && lines.size < limit; upto -= RANGE) {
      for (const line of this.#lines.all({ ...given, upto })) {
        if (lines.size >= limit) break;
        keep(line);
      }
      await yieldToEventLoop();
    }
    return [...lines.values()].sort((a, b) => b.at - a.at).slice(0, limit);
  }

  /** Lines with a unit without a license. */
  owedLines(filters: {
    readonly product: string | null;
    readonly marketplace: Marketplace | null;
    readonly mode: Mode;
    readonly since: number | null;
    readonly now: number;
    readonly limit: number;
  }): readonly (LineKey & { readonly since: number })[] {
    return this.#owedLines.all({ ...filters, undelivered: 0, late: filters.now - LATE_MILLISECONDS });
  }

  /** The markets in which an order or a subscription of this name is known. */
  marketsOf(order: string): readonly Market[] {
    return this.#markets.all({ order, name: orderSubject(order) });
  }

  /** Orders of which the text is any name, or else subscriptions. */
  named(text: string): readonly Named[] {
    const orders = this.#orders.all({ text });
    return orders.length > 0 ? orders : this.#subscriptions.all({ text });
  }

  owedOf(marketplace: Marketplace, line: string): readonly (OwedLine & Market)[] {
    return this.#byLine
      .all({ marketplace, line })
      .map((row) => ({ ...owedLine(row), marketplace: row.marketplace, mode: row.mode }));
  }

  countUndelivered(now: number): { readonly undelivered: number; readonly unmailed: number } {
    return aggregate(this.#counts, { late: now - LATE_MILLISECONDS });
  }

  summary(line: LineKey): OrderSummary {
    const all = this.#licenses.all(line);
    const rows = all.filter((row, place) => all[place + 1]?.unit !== row.unit);
    const owed = this.#owed.get(line);
    const active = rows.filter(({ state }) => state === 'active');
    const states: Record<LicenseState, number> = { active: 0, suspended: 0, revoked: 0, ended: 0 };
    for (const { state } of rows) states[state] += 1;
    const [first] = rows;
    return {
      marketplace: line.marketplace,
      mode: line.mode,
      order: line.order_id,
      line: line.line,
      product: line.product,
      at: all[0]?.issued_at ?? owed?.since ?? 0,
      licenses: states,
      missing: owed?.missing ?? 0,
      undelivered: active.filter(({ handed }) => handed === null).length,
      unmailed: active.filter(({ handed, revision }) => handed !== null && handed < revision).length,
      lastValid: earliest(active),
      customer: holderOf(first),
    };
  }
}

/** Such a query finds licenses, also reissued ones; any other finds orders, which stand where they were sold. */
export function isAboutCodes({ undelivered, unmailed, expiringBefore }: OrderQuery): boolean {
  return undelivered === true || unmailed === true || expiringBefore !== undefined;
}

function earliest(rows: readonly LineLicense[]): Day | null {
  return rows
    .map(({ last_valid }) => last_valid)
    .reduce<Day | null>((a, b) => (a === null ? b : b === null ? a : a < b ? a : b), null);
}

function holderOf(row: LineLicense | undefined): Customer {
  const person =
    row === undefined || row.customer === null
      ? undefined
      : { name: row.name, email: row.email, erased: row.erased ?? 0 };
  return customerOf(person) ?? { name: undefined, email: undefined };
}
