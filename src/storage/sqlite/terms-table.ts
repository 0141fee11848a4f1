/** The terms of sales, kept under their digest. */
import type { Market } from '../../domain/changes.ts';
import { type KeptTerms, type Terms, termsContent } from '../../domain/terms.ts';
import type { Connection } from './connection.ts';

interface TermsCount {
  readonly product: string;
  readonly digest: string | null;
  readonly licenses: number;
}

/** The terms that a license l lives by: those that an operator applied to its order last (domain/terms-of.ts), else of its sale. */
const TERMS_NOW = `coalesce(
  (SELECT f.body ->> '$.terms' FROM fact f
    WHERE f.subject = CASE WHEN l.order_id LIKE 'subscription:%' THEN l.order_id ELSE 'order:' || l.order_id END
      AND f.marketplace = l.marketplace AND f.mode = l.mode AND f.kind = 'termed'
      AND f.body ->> '$.product' = l.product
    ORDER BY f.at DESC, f.key DESC LIMIT 1),
  CASE WHEN l.terms IS NOT NULL THEN lower(hex(l.terms)) END)`;

export class TermsTable {
  readonly #insert;
  readonly #select;
  readonly #count;
  readonly #others;
  /** Every decision asks for the same few. */
  readonly #known = new Map<string, Terms>();

  constructor(connection: Connection) {
    this.#insert = connection.prepare(
      'INSERT INTO terms (digest, content) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING',
    );
    this.#select = connection
      .prepare<[Buffer], string>('SELECT content FROM terms WHERE digest = +?')
      .pluck();
    this.#count = connection.prepare<[], TermsCount>(`
      SELECT product, ${TERMS_NOW} AS digest, count(*) AS licenses FROM license l GROUP BY product, digest`);
    this.#others = connection.prepare<[object], Market & { readonly order: string }>(`
      SELECT marketplace, mode, order_id AS "order" FROM license l
      WHERE product = $product AND ${TERMS_NOW} IS NOT $digest
      GROUP BY marketplace, mode, order_id ORDER BY min(number) LIMIT $limit`);
  }

  /** Inside a transaction. */
  keep({ digest, terms }: KeptTerms): void {
    this.#insert.run(Buffer.from(digest, 'hex'), termsContent(terms));
  }

  find(digest: string): Terms | undefined {
    const known = this.#known.get(digest);
    if (known !== undefined) return known;
    const content = this.#select.get(Buffer.from(digest, 'hex'));
    if (content === undefined) return undefined;
    const terms: Terms = JSON.parse(content);
    this.#known.set(digest, terms);
    return terms;
  }

  /** The oldest so many orders with a license of the product that lives by other terms. Reads the table of licenses. */
  findOthers(
    product: string,
    digest: string,
    limit: number,
  ): readonly (Market & { readonly order: string })[] {
    return this.#others.all({ product, digest, limit });
  }

  /** Reads the whole table of licenses. */
  count(): readonly TermsCount[] {
    return this.#count.all();
  }
}
