/** The table `sold_terms`: the terms under which each product was ever sold. Grows with product files, not with sales. */
import type { Connection } from './file/connection.ts';

interface SoldUnder {
  readonly product: string;
  readonly digest: string | null;
}

/** The terms of all licenses, and the terms that operators moved licenses to: what the table must hold. */
const EXPECTED = `
  SELECT product, terms FROM license
  UNION SELECT body ->> '$.product', unhex(body ->> '$.terms') FROM fact WHERE kind = 'termed' AND json_valid(body)`;

export class SoldTerms {
  readonly #insert;
  readonly #select;
  /** Cached, because every license asks. */
  readonly #known = new Set<string>();

  constructor(connection: Connection) {
    this.#insert = connection.prepare<[SoldUnder]>(
      'INSERT INTO sold_terms (product, terms) VALUES ($product, unhex($digest)) ON CONFLICT DO NOTHING',
    );
    this.#select = connection.prepare<[], SoldUnder>(
      `SELECT product, CASE WHEN terms IS NOT NULL THEN lower(hex(terms)) END AS digest FROM sold_terms
      ORDER BY product, terms`,
    );
  }

  /** Inside a transaction. `digest` is null where no terms were kept. */
  note(product: string, digest: string | null): void {
    const key = `${product} ${digest}`;
    if (this.#known.has(key)) return;
    this.#insert.run({ product, digest });
    this.#known.add(key);
  }

  list(): readonly SoldUnder[] {
    return this.#select.all();
  }

  afterRollback(): void {
    this.#known.clear();
  }
}

/** Products whose recorded terms differ from the terms of their licenses. */
export function productsWithWrongTerms(connection: Connection): readonly string[] {
  const noted = 'SELECT product, terms FROM sold_terms';
  return connection
    .prepare<[], string>(
      `SELECT DISTINCT product FROM (SELECT * FROM (${EXPECTED}) EXCEPT ${noted})
      UNION SELECT product FROM (${noted} EXCEPT SELECT * FROM (${EXPECTED}))`,
    )
    .pluck()
    .all();
}
