/** Queries whose answer PostgreSQL computes, and the probe. */
import type { Market, OwedLine } from '../../domain/changes.ts';
import type { Ledger } from '../../domain/ledger.ts';
import type { FlagKind } from '../../domain/values/flag.ts';
import type { Marketplace, Mode } from '../../domain/values/order.ts';
import type { Message } from '../../domain/values/product.ts';
import type { Terms } from '../../domain/values/terms.ts';
import { IS_UNDELIVERED, type OwedRow, owedLine } from '../record/owed-row.ts';
import type { DueQuery, DueRow } from '../sqlite/due.ts';
import { LATE_MILLISECONDS } from '../sqlite/order-list.ts';
import type { Rows } from './session/query.ts';
import type { ReadLane } from './session/read-lane.ts';

/** The terms of a license l, as `TermsTable` on SQLite has it. */
const TERMS_NOW = `coalesce(
  (SELECT f.body::json ->> 'terms' FROM fact f
    WHERE f.subject = CASE WHEN starts_with(l.order_id, 'subscription:') THEN l.order_id ELSE 'order:' || l.order_id END
      AND f.marketplace = l.marketplace AND f.mode = l.mode AND f.kind = 'termed'
      AND f.body::json ->> 'product' = l.product
    ORDER BY f.at DESC, f.key DESC LIMIT 1),
  encode(l.terms, 'hex'))`;

export class Tables {
  readonly #reads: ReadLane;

  constructor(reads: ReadLane) {
    this.#reads = reads;
  }

  /** Orders with a due date, the earliest first. */
  due({ from, now, limit }: DueQuery): Promise<readonly DueRow[]> {
    const ofTable = (table: string) => `(
      SELECT marketplace, mode, order_id, due FROM ${table} WHERE due <= $1 AND due >= $2 ORDER BY due LIMIT $3)`;
    const rows = this.#reads.search(
      `SELECT marketplace, mode, order_id AS "order", min(due) AS due
      FROM (${ofTable('license')} UNION ALL ${ofTable('owed')}) AS each
      GROUP BY marketplace, mode, order_id ORDER BY min(due) LIMIT $3`,
      [now, from, limit],
    );
    return rows as Promise<unknown> as Promise<readonly DueRow[]>;
  }

  async countFlags(): Promise<Readonly<Partial<Record<FlagKind, number>>>> {
    const rows = await this.#all<{ readonly kind: FlagKind; readonly flags: number }>(
      'SELECT kind, count(*) AS flags FROM flag WHERE settled_at IS NULL GROUP BY kind',
    );
    return Object.fromEntries(rows.map(({ kind, flags }) => [kind, flags]));
  }

  async owed(marketplace: Marketplace, line: string): Promise<readonly (OwedLine & Market)[]> {
    const rows = await this.#all<OwedRow>(
      'SELECT * FROM owed WHERE line = $1 AND marketplace = $2 AND missing > 0 ORDER BY since',
      [line, marketplace],
    );
    return rows.map((row) => ({ ...owedLine(row), marketplace: row.marketplace, mode: row.mode }));
  }

  async countUndelivered(now: number): ReturnType<Ledger['countUndelivered']> {
    const [row] = await this.#reads.rows(
      `SELECT
        (SELECT count(*) FROM license WHERE handed IS NULL AND state = 'active' AND issued_at <= $1)
          + (SELECT coalesce(sum(missing), 0) FROM owed
            WHERE missing > 0 AND ${IS_UNDELIVERED} AND (due IS NULL OR since <= $1)) AS undelivered,
        (SELECT count(*) FROM license WHERE state = 'active' AND handed < revision) AS unmailed`,
      [now - LATE_MILLISECONDS],
    );
    return { undelivered: Number(row?.['undelivered']), unmailed: Number(row?.['unmailed']) };
  }

  async message(digest: string): Promise<Message | undefined> {
    const content = await this.#contentOf('message', digest);
    return content === undefined ? undefined : { digest, ...JSON.parse(content) };
  }

  async terms(digest: string): Promise<Terms | undefined> {
    const content = await this.#contentOf('terms', digest);
    return content === undefined ? undefined : JSON.parse(content);
  }

  soldTerms(): ReturnType<Ledger['soldTerms']> {
    return this.#all(
      `SELECT product, encode(terms, 'hex') AS digest FROM sold_terms ORDER BY product, terms NULLS FIRST`,
    );
  }

  countTerms(): ReturnType<Ledger['countTerms']> {
    return this.#all(
      `SELECT product, ${TERMS_NOW} AS digest, count(*) AS licenses FROM license l GROUP BY 1, 2 ORDER BY 1, 2`,
    );
  }

  otherTerms(product: string, digest: string, limit: number): ReturnType<Ledger['findOtherTerms']> {
    return this.#all(
      `SELECT marketplace, mode, order_id AS "order" FROM license l
      WHERE product = $1 AND ${TERMS_NOW} IS DISTINCT FROM $2
      GROUP BY marketplace, mode, order_id ORDER BY min(issued_at), min(number) LIMIT $3`,
      [product, digest, limit],
    );
  }

  async products(): Promise<readonly string[]> {
    const rows = await this.#reads.rows(
      `SELECT DISTINCT content::json ->> 'productId' AS product FROM message`,
    );
    return rows.map(({ product }) => String(product));
  }

  async listSeq(product: string): Promise<number | undefined> {
    const [row] = await this.#reads.search(
      'SELECT seq FROM revocation_list WHERE product = $1 AND changed = 0',
      [product],
    );
    return row && Number(row['seq']);
  }

  /** Counters of the pens: counting rows would take seconds at millions. */
  async countLicenses(): Promise<Readonly<Record<Mode, number>>> {
    const [row] = await this.#reads.rows(
      'SELECT sum(last_license)::bigint AS all, sum(test_licenses)::bigint AS test FROM pen',
    );
    const test = Number(row?.['test']);
    return { live: Number(row?.['all']) - test, test };
  }

  /** A durable commit on a pen that nobody else uses. */
  async probe(): Promise<void> {
    await this.#reads.runShort(`
      UPDATE pen SET last_group = gen_random_uuid()
      WHERE pen = (SELECT pen FROM pen LIMIT 1 FOR UPDATE SKIP LOCKED)`);
  }

  async #contentOf(table: 'message' | 'terms', digest: string): Promise<string | undefined> {
    const [row] = await this.#reads.search(`SELECT content FROM ${table} WHERE digest = decode($1, 'hex')`, [
      digest,
    ]);
    return row && String(row['content']);
  }

  async #all<T>(text: string, values: readonly unknown[] = []): Promise<readonly T[]> {
    const rows: Rows = await this.#reads.rows(text, values);
    return rows as unknown as readonly T[];
  }
}
