/** The table `terms`: the terms of sales, by their digest. */
import type { Market } from '../../domain/changes.ts';
import { type KeptTerms, type Terms, termsContent } from '../../domain/values/terms.ts';
import { equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareInsert } from './insert.ts';

interface TermsRow {
  readonly digest: Buffer;
  /** JSON. */
  readonly content: string;
}

interface OtherTermsQuery {
  readonly product: string;
  readonly digest: string;
  readonly limit: number;
}

interface TermsCount {
  readonly product: string;
  readonly digest: string | null;
  readonly licenses: number;
}

/** The terms of a license l: the terms that an operator last applied to its order (domain/life/terms-of.ts), or of its sale. */
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
  readonly #onUnknown;
  /** Cached, because every decision asks for the same few. */
  readonly #known = new Map<string, Terms>();

  /** `onUnknown` is called for a digest that the table does not have. */
  constructor(connection: Connection, onUnknown: (digest: string) => void = () => {}) {
    this.#onUnknown = onUnknown;
    this.#insert = prepareInsert<TermsRow>(
      connection,
      'terms',
      ['digest', 'content'],
      'ON CONFLICT (digest) DO NOTHING',
    );
    this.#select = connection
      .prepare<[Pick<TermsRow, 'digest'>], string>(`SELECT content FROM terms WHERE ${equal('digest')}`)
      .pluck();
    this.#count = connection.prepare<[], TermsCount>(`
      SELECT product, ${TERMS_NOW} AS digest, count(*) AS licenses FROM license l GROUP BY product, digest`);
    this.#others = connection.prepare<[OtherTermsQuery], Market & { readonly order: string }>(`
      SELECT marketplace, mode, order_id AS "order" FROM license l
      WHERE product = $product AND ${TERMS_NOW} IS NOT $digest
      GROUP BY marketplace, mode, order_id ORDER BY min(number) LIMIT $limit`);
  }

  /** Inside a transaction. */
  keep({ digest, terms }: KeptTerms): void {
    this.#insert.run({ digest: Buffer.from(digest, 'hex'), content: termsContent(terms) });
  }

  find(digest: string): Terms | undefined {
    const known = this.#known.get(digest);
    if (known !== undefined) return known;
    const content = this.#select.get({ digest: Buffer.from(digest, 'hex') });
    if (content === undefined) {
      this.#onUnknown(digest);
      return undefined;
    }
    const terms: Terms = JSON.parse(content);
    this.#known.set(digest, terms);
    return terms;
  }

  /** The oldest `limit` orders with a license of the product under other terms. Reads all licenses of the product. */
  findOthers(
    product: string,
    digest: string,
    limit: number,
  ): readonly (Market & { readonly order: string })[] {
    return this.#others.all({ product, digest, limit });
  }

  /** Reads all licenses. */
  count(): readonly TermsCount[] {
    return this.#count.all();
  }
}
