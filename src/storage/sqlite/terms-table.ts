/** The terms of sales, kept under their digest. */
import { type KeptTerms, type Terms, termsContent } from '../../domain/terms.ts';
import type { Connection } from './connection.ts';

interface TermsCount {
  readonly product: string;
  readonly digest: string | null;
  readonly licenses: number;
}

export class TermsTable {
  readonly #insert;
  readonly #select;
  readonly #count;
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
      SELECT product, lower(hex(terms)) AS digest, count(*) AS licenses FROM license GROUP BY product, terms`);
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

  /** Reads the whole table of licenses. */
  count(): readonly TermsCount[] {
    return this.#count.all().map((row) => ({ ...row, digest: row.digest === '' ? null : row.digest }));
  }
}
