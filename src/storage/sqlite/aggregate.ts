/** Queries without GROUP BY over an aggregate: they have one row, also for an empty table. */
import type { Connection } from './file/connection.ts';

export function aggregate<P extends readonly unknown[], R>(
  statement: { get(...parameters: P): R | undefined },
  ...parameters: P
): R {
  return statement.get(...parameters) as R;
}

/** The highest number of a table, read when it is called; 0 for an empty table. */
export function prepareLast(connection: Connection, table: string): () => number {
  const statement = connection.prepare<[], number>(`SELECT coalesce(max(number), 0) FROM ${table}`).pluck();
  return () => aggregate(statement);
}
