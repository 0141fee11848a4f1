/**
 * Prepares statements that write whole rows, from a table's list of columns. The list names the values too, so they are
 * bound by their places: measured, a third less time for a row of 29 columns than by name.
 */
import type { RunResult } from 'better-sqlite3';
import type { Connection } from './connection.ts';

export interface Insert<Row> {
  run(row: Row): RunResult;
}

/** `conflict`: an ON CONFLICT clause. */
export function prepareInsert<Row extends object>(
  connection: Connection,
  table: string,
  columns: readonly (keyof Row & string)[],
  conflict = '',
): Insert<Row> {
  const places = columns.map(() => '?');
  const statement = connection.prepare<[readonly unknown[]]>(
    `INSERT INTO ${table} (${columns.join()}) VALUES (${places.join()}) ${conflict}`,
  );
  return { run: (row) => statement.run(columns.map((column) => row[column])) };
}

/** Replaces the row of the same key. */
export function prepareUpsert<Row extends object>(
  connection: Connection,
  table: string,
  columns: readonly (keyof Row & string)[],
  key: readonly (keyof Row & string)[],
): Insert<Row> {
  const others = columns.filter((column) => !key.includes(column));
  const values = others.map((column) => `${column} = excluded.${column}`);
  return prepareInsert(
    connection,
    table,
    columns,
    `ON CONFLICT (${key.join()}) DO UPDATE SET ${values.join()}`,
  );
}
