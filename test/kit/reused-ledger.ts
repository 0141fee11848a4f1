/** Ledgers that many plays or edits share, one after the other: preparing statements takes longer than a play. */
import { writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Connection } from '../../src/storage/sqlite/file/connection.ts';

/** Rows by table. */
export type Rows = Readonly<Record<string, readonly object[]>>;

export interface ReusedLedger {
  /** Closing it does nothing. */
  readonly connection: Connection;
  /** Restores exactly the initial rows. */
  reset(): void;
}

/** In memory. `bytes`: the initial database of each play. */
export function reuseLedger(bytes: Buffer): ReusedLedger {
  const connection = new Database(bytes);
  const first = rowsOf(connection);
  keepStatements(connection);
  connection.close = () => connection;
  const reset = () => {
    // With foreign keys on, SQLite checks each row that it deletes.
    connection.exec('PRAGMA foreign_keys = OFF');
    restore(connection, first);
    connection.exec('PRAGMA foreign_keys = ON');
  };
  return { connection, reset };
}

export interface EditedLedger {
  /**
   * Edits rows with every check of SQLite off, looks at the ledger on another connection, and restores its rows.
   * Undefined where the edit returns false.
   */
  after<T>(edit: (connection: Connection) => boolean, look: (connection: Connection) => T): T | undefined;
  close(): void;
}

/** In a file, for two connections: the settings of the editing one would discard the statements of the other. */
export function editLedger(file: string, bytes: Buffer): EditedLedger {
  writeFileSync(file, bytes);
  const [editing, looking] = [new Database(file), new Database(file)];
  const first = rowsOf(editing);
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'foreign_keys = OFF'])
    editing.pragma(pragma);
  editing.pragma('ignore_check_constraints = ON');
  for (const connection of [editing, looking]) keepStatements(connection);
  return {
    after: (edit, look) => {
      try {
        return edit(editing) ? look(looking) : undefined;
      } finally {
        restore(editing, first);
      }
    },
    close: () => {
      for (const connection of [editing, looking]) connection.close();
    },
  };
}

/** From now on the same SQL is the same statement. */
function keepStatements(connection: Connection): void {
  const prepare = connection.prepare.bind(connection);
  const prepared = new Map<string, Database.Statement>();
  connection.prepare = ((sql: string) => {
    const statement = prepared.get(sql) ?? prepare(sql);
    prepared.set(sql, statement);
    return statement;
  }) as Connection['prepare'];
}

function restore(connection: Connection, first: Rows): void {
  connection.exec(['BEGIN', ...Object.keys(first).map((table) => `DELETE FROM ${table}`)].join(';'));
  for (const [table, rows] of Object.entries(first)) {
    for (const row of rows) connection.prepare(insertOf(table, row)).run(row);
  }
  connection.exec('COMMIT');
}

/** All rows of all tables. */
export function rowsOf(connection: Connection): Rows {
  const tables = connection
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name);
  return Object.fromEntries(
    tables.map((table) => [table, connection.prepare<[], object>(`SELECT * FROM ${table}`).all()]),
  );
}

function insertOf(table: string, row: object): string {
  const columns = Object.keys(row);
  return `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map((name) => `$${name}`).join()})`;
}
