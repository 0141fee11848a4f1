/** A table of the working memory: its rows, and which of them a group changed. */
import { aggregate } from '../sqlite/aggregate.ts';
import type { Connection } from '../sqlite/file/connection.ts';
import type { LedgerTable } from './tables.ts';

export type Row = Readonly<Record<string, unknown>>;

/** The rows that a group changed in one table. */
export interface ChangedRows {
  readonly table: LedgerTable;
  readonly columns: readonly string[];
  readonly inserted: readonly Row[];
  readonly updated: readonly Row[];
  /** Only their keys. */
  readonly removed: readonly Row[];
}

/** `known`: inserted and not changed since. */
type Counts = Readonly<Record<'all' | 'known' | 'inserted' | 'updated' | 'removed', number>>;

const NONE: readonly Row[] = [];

/** One table with the list of its changed rows, which triggers keep. */
export class TableMemory {
  readonly #table: LedgerTable;
  readonly #columns: readonly string[];
  readonly #bytes: ReadonlySet<string>;
  readonly #insert;
  readonly #counts;
  readonly #changed;
  readonly #removed;
  /** Rows that were inserted and not read back. */
  #inserted: Row[] = [];
  #isTouched = false;

  /** `place`: what its triggers tell the function `noting`. */
  constructor(connection: Connection, table: LedgerTable, place: number) {
    const { name, key } = table;
    const unique = key.length > 0 ? key.join() : 'kind';
    this.#table = table;
    this.#columns = columnsOf(connection, name);
    const note = (kind: string, of: 'NEW' | 'OLD', then: string) => `
      CREATE TEMP TRIGGER ${kind}_${name} AFTER ${kind} ON main.${name} WHEN noting(${place}) BEGIN
        ${then}
        INSERT OR IGNORE INTO changed_${name} VALUES (${[...key.map((column) => `${of}.${column}`), `'${kind}'`].join()});
      END;`;
    const same = (a: string, b: string) =>
      key.map((column) => `${a}.${column} IS ${b}.${column}`).join(' AND ') || 'TRUE';
    // Deleting and inserting a row again counts as an update. Inserting and deleting it counts as no change. FRESH: a row
    // that was changed since it was inserted.
    connection.exec(`
      CREATE TEMP TABLE changed_${name} (${[...key, 'kind'].join()}, UNIQUE (${unique}));
      ${note('INSERT', 'NEW', `UPDATE changed_${name} SET kind = 'UPDATE' WHERE ${same(`changed_${name}`, 'NEW')};`)}
      ${note(
        'UPDATE',
        'NEW',
        `UPDATE changed_${name} SET kind = 'FRESH' WHERE kind = 'INSERT' AND ${same(`changed_${name}`, 'NEW')};`,
      )}
      ${note(
        'DELETE',
        'OLD',
        `UPDATE changed_${name} SET kind = CASE WHEN kind IN ('INSERT', 'FRESH') THEN '' ELSE 'DELETE' END
          WHERE ${same(`changed_${name}`, 'OLD')};`,
      )}`);
    this.#insert = connection.prepare<[readonly unknown[]]>(
      `INSERT OR IGNORE INTO ${name} (${this.#columns.join()}) VALUES (${this.#columns.map(() => '?').join()})`,
    );
    this.#bytes = new Set(bytesOf(connection, name));
    const count = (...kinds: readonly string[]) => `count(*) FILTER (WHERE kind IN (${texts(kinds)}))`;
    this.#counts = connection.prepare<[], Counts>(`
      SELECT count(*) AS "all", ${count('INSERT')} AS known, ${count('INSERT', 'FRESH')} AS inserted,
        ${count('UPDATE')} AS updated, ${count('DELETE')} AS removed
      FROM temp.changed_${name}`);
    const changed = (...kinds: readonly string[]) =>
      connection.prepare<[], Row>(
        `SELECT t.* FROM temp.changed_${name} c CROSS JOIN ${name} t ON ${same('c', 't')} WHERE c.kind IN (${texts(kinds)})`,
      );
    this.#changed = { inserted: changed('INSERT', 'FRESH'), updated: changed('UPDATE') };
    this.#removed = connection.prepare<[], Row>(
      `SELECT ${[...key, 'kind'].join()} FROM temp.changed_${name} WHERE kind = 'DELETE'`,
    );
  }

  load(rows: readonly Row[]): void {
    for (const row of rows) this.#insert.run(this.#columns.map((column) => this.#valueOf(row, column)));
  }

  /** JSON has bytes as text. */
  #valueOf(row: Row, column: string): unknown {
    const value = row[column];
    return typeof value === 'string' && this.#bytes.has(column) ? Buffer.from(value.slice(2), 'hex') : value;
  }

  /** A trigger notes a change. */
  touch(): void {
    this.#isTouched = true;
  }

  /** The row as it was inserted, with all its columns. */
  noteInserted(row: Row): void {
    this.#inserted.push(row);
  }

  changes(): ChangedRows | undefined {
    if (!this.#isTouched) return undefined;
    const { all, known, inserted, updated, removed } = aggregate(this.#counts);
    if (all === 0) return undefined;
    const of = { table: this.#table, columns: this.#columns };
    // Nothing but rows that are known: reading them back would take longer than writing them.
    if (all === known && known === this.#inserted.length)
      return { ...of, inserted: this.#inserted, updated: NONE, removed: NONE };
    return {
      ...of,
      inserted: inserted === 0 ? NONE : this.#changed.inserted.all(),
      updated: updated === 0 ? NONE : this.#changed.updated.all(),
      removed: removed === 0 ? NONE : this.#removed.all(),
    };
  }

  /** The group has ended. */
  forget(): void {
    this.#isTouched = false;
    this.#inserted = [];
  }
}

function texts(kinds: readonly string[]): string {
  return kinds.map((kind) => `'${kind}'`).join();
}

export function columnsOf(connection: Connection, table: string): readonly string[] {
  return connection
    .prepare<[{ readonly table: string }], string>('SELECT name FROM pragma_table_info($table) ORDER BY cid')
    .pluck()
    .all({ table });
}

function bytesOf(connection: Connection, table: string): readonly string[] {
  return connection
    .prepare<[{ readonly table: string }], string>(
      "SELECT name FROM pragma_table_info($table) WHERE type = 'BLOB'",
    )
    .pluck()
    .all({ table });
}
