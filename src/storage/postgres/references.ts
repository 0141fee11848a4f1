/**
 * Texts and terms that rows refer to must exist. A foreign key would lock the row of a text in each sale that refers to
 * it; texts and terms are never deleted, so that each is looked for once a connection: the database may then be an older
 * copy of itself. What this instance wrote into it before, it writes again.
 */
import type { Session } from './session/connection.ts';
import type { ChangedRows, Row } from './table-memory.ts';

/** The columns that refer to a table by its digest. */
const REFERRING = {
  message: [
    ['license', 'message'],
    ['fulfillment', 'message'],
  ],
  terms: [['license', 'terms']],
} as const;

type Referred = keyof typeof REFERRING;

export class References {
  readonly #known: Readonly<Record<Referred, Set<string>>> = { message: new Set(), terms: new Set() };
  /** The contents that this instance wrote, by their digest. */
  readonly #written: Readonly<Record<Referred, Map<string, unknown>>> = {
    message: new Map(),
    terms: new Map(),
  };

  /** A new connection: what was known may be gone. */
  forget(): void {
    for (const known of Object.values(this.#known)) known.clear();
  }

  /** Throws TypeError if a changed row refers to what does not exist. In the transaction that writes the rows. */
  async require(session: Session, changes: readonly ChangedRows[]): Promise<void> {
    for (const table of ['message', 'terms'] as const) {
      const fresh = insertedInto(changes, table);
      const written = new Set(fresh.flatMap((row) => digestsIn(row, 'digest')));
      for (const row of fresh)
        for (const digest of digestsIn(row, 'digest')) this.#written[table].set(digest, row['content']);
      const wanted = new Set(
        REFERRING[table].flatMap(([from, column]) =>
          insertedInto(changes, from).flatMap((row) => digestsIn(row, column)),
        ),
      );
      const unknown = [...wanted].filter((digest) => !this.#known[table].has(digest) && !written.has(digest));
      if (unknown.length > 0) await this.#look(session, table, unknown);
    }
  }

  async #look(session: Session, table: Referred, digests: readonly string[]): Promise<void> {
    const rows = await session.rows(
      `SELECT encode(digest, 'hex') AS digest FROM ${table} WHERE encode(digest, 'hex') = ANY ($1::text[])`,
      [digests],
    );
    for (const { digest } of rows) this.#known[table].add(String(digest));
    for (const digest of digests) {
      if (this.#known[table].has(digest)) continue;
      const content = this.#written[table].get(digest);
      if (content === undefined) throw new TypeError(`a row refers to the missing ${table} ${digest}`);
      await session.rows(
        `INSERT INTO ${table} (digest, content) VALUES (decode($1, 'hex'), $2) ON CONFLICT DO NOTHING`,
        [digest, content],
      );
    }
  }
}

function insertedInto(changes: readonly ChangedRows[], name: string): readonly Row[] {
  return changes.flatMap(({ table, inserted }) => (table.name === name ? inserted : []));
}

function digestsIn(row: Row, column: string): readonly string[] {
  const value = row[column];
  return Buffer.isBuffer(value) ? [value.toString('hex')] : [];
}
