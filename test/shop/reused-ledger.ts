/** A database in memory that many plays share, one after the other: preparing statements takes longer than a play. */
import Database from 'better-sqlite3';
import type { Connection } from '../../src/storage/sqlite/connection.ts';

/** Rows by table. */
export type Rows = Readonly<Record<string, readonly object[]>>;

export interface ReusedLedger {
  /** Closing it does nothing. */
  readonly connection: Connection;
  /** Restores exactly the initial rows. */
  reset(): void;
}

/** `bytes`: the initial database of each play. */
export function reuseLedger(bytes: Buffer): ReusedLedger {
  const connection = new Database(bytes);
  const first = rowsOf(connection);
  const prepare = connection.prepare.bind(connection);
  const prepared = new Map<string, Database.Statement>();
  connection.prepare = ((sql: string) => {
    const statement = prepared.get(sql) ?? prepare(sql);
    prepared.set(sql, statement);
    return statement;
  }) as Connection['prepare'];
  connection.close = () => connection;
  const reset = () => {
    // With foreign keys on, SQLite checks each row that it deletes.
    connection.exec('PRAGMA foreign_keys = OFF');
    connection.exec(['BEGIN', ...Object.keys(first).map((table) => `DELETE FROM ${table}`)].join(';'));
    for (const [table, rows] of Object.entries(first)) {
      for (const row of rows) connection.prepare(insertOf(table, row)).run(row);
    }
    connection.exec('COMMIT; PRAGMA foreign_keys = ON');
  };
  return { connection, reset };
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
