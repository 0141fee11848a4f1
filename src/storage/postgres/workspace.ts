/**
 * The working memory of a group of acts: the ledger's schema in an SQLite database in memory. It holds the rows that were
 * loaded for the group, and the acts of both databases run in it by the same statements. Nothing in it outlives the group.
 */
import Database from 'better-sqlite3';
import type { ServiceRules } from '../../domain/rules.ts';
import { type Components, createComponents, type Guards } from '../sqlite/components.ts';
import type { Connection } from '../sqlite/connection.ts';
import { migrate } from '../sqlite/open.ts';
import { MANY } from './loads.ts';
import type { Rows } from './query.ts';
import { type LedgerTable, TABLES } from './tables.ts';

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

export interface WorkspaceOptions {
  readonly idSecret: Uint8Array;
  readonly rules: ServiceRules | undefined;
  readonly now: () => number;
  /** Told before rows are read that may not be loaded. */
  readonly guards: Guards;
}

export class Workspace {
  readonly components: Components;
  readonly #connection: Connection;
  readonly #tables: ReadonlyMap<string, TableMemory>;
  #isNoting = 0;

  constructor({ idSecret, rules, now, guards }: WorkspaceOptions) {
    const connection = new Database(':memory:');
    migrate(connection, idSecret);
    // A row may be loaded without the rows that it refers to.
    connection.pragma('foreign_keys = OFF');
    for (const table of ['identity', 'schema_version', ...TABLES.map(({ name }) => name)]) {
      connection.exec(`DELETE FROM ${table}`);
    }
    connection.function('noting', () => this.#isNoting);
    this.#connection = connection;
    this.#tables = new Map(TABLES.map((table) => [table.name, new TableMemory(connection, table)]));
    const write = () => Promise.reject(new TypeError('acts in working memory are synchronous'));
    this.components = createComponents(connection, { idSecret, rules, now, write, guards, dailyBatch: 1 });
  }

  /** Begins a group; `end` must follow. */
  begin(): void {
    this.#connection.exec('BEGIN');
  }

  /** Rows that were loaded twice are the same rows. `table`: MANY for rows of several tables. */
  load(table: string, rows: readonly Row[]): void {
    if (table === MANY) this.loadMany(rows);
    else this.#memoryOf(table).load(rows);
  }

  /** Rows of several tables, as JSON. Returns the names that the database held for them. */
  loadMany(rows: Rows): readonly string[] {
    let held: readonly string[] = [];
    for (const { table, row } of rows) {
      if (table === 'held') held = row as readonly string[];
      else if (row !== null) this.#memoryOf(String(table)).load([row as Row]);
    }
    return held;
  }

  /** From now on changes are noted. */
  note(): void {
    this.#isNoting = 1;
  }

  /** What the group changed, in the order in which it is to be written. */
  changes(): readonly ChangedRows[] {
    this.#isNoting = 0;
    return [...this.#tables.values()].flatMap((memory) => memory.changes() ?? []);
  }

  /** Forgets everything. */
  end(): void {
    this.#isNoting = 0;
    this.#connection.exec('ROLLBACK');
  }

  close(): void {
    this.#connection.close();
  }

  #memoryOf(table: string): TableMemory {
    const memory = this.#tables.get(table);
    if (memory === undefined) throw new TypeError(`no table ${table}`);
    return memory;
  }
}

/** One table with the list of its changed rows, which triggers keep. */
class TableMemory {
  readonly #table: LedgerTable;
  readonly #columns: readonly string[];
  readonly #bytes: ReadonlySet<string>;
  readonly #insert;
  readonly #isChanged;
  readonly #changed;
  readonly #removed;

  constructor(connection: Connection, table: LedgerTable) {
    const { name, key } = table;
    const unique = key.length > 0 ? key.join() : 'kind';
    this.#table = table;
    this.#columns = columnsOf(connection, name);
    const note = (kind: string, of: 'NEW' | 'OLD', then: string) => `
      CREATE TEMP TRIGGER ${kind}_${name} AFTER ${kind} ON main.${name} WHEN noting() BEGIN
        ${then}
        INSERT OR IGNORE INTO changed_${name} VALUES (${[...key.map((column) => `${of}.${column}`), `'${kind}'`].join()});
      END;`;
    const same = (a: string, b: string) =>
      key.map((column) => `${a}.${column} IS ${b}.${column}`).join(' AND ') || 'TRUE';
    // Deleting and inserting a row again counts as an update. Inserting and deleting it counts as no change.
    connection.exec(`
      CREATE TEMP TABLE changed_${name} (${[...key, 'kind'].join()}, UNIQUE (${unique}));
      ${note('INSERT', 'NEW', `UPDATE changed_${name} SET kind = 'UPDATE' WHERE ${same(`changed_${name}`, 'NEW')};`)}
      ${note('UPDATE', 'NEW', '')}
      ${note(
        'DELETE',
        'OLD',
        `UPDATE changed_${name} SET kind = CASE kind WHEN 'INSERT' THEN '' ELSE 'DELETE' END
          WHERE ${same(`changed_${name}`, 'OLD')};`,
      )}`);
    this.#insert = connection.prepare<[readonly unknown[]]>(
      `INSERT OR IGNORE INTO ${name} (${this.#columns.join()}) VALUES (${this.#columns.map(() => '?').join()})`,
    );
    this.#bytes = new Set(bytesOf(connection, name));
    this.#isChanged = connection.prepare<[], number>(`SELECT 1 FROM temp.changed_${name} LIMIT 1`).pluck();
    const changed = (kind: string) =>
      connection.prepare<[], Row>(
        `SELECT t.* FROM temp.changed_${name} c CROSS JOIN ${name} t ON ${same('c', 't')} WHERE c.kind = '${kind}'`,
      );
    this.#changed = { inserted: changed('INSERT'), updated: changed('UPDATE') };
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

  changes(): ChangedRows | undefined {
    if (this.#isChanged.get() === undefined) return undefined;
    return {
      table: this.#table,
      columns: this.#columns,
      inserted: this.#changed.inserted.all(),
      updated: this.#changed.updated.all(),
      removed: this.#removed.all(),
    };
  }
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
