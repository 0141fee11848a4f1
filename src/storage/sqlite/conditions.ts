/** Conditions for the statements of this folder. Every statement but a whole row's (insert.ts) has named parameters. */

/**
 * `order_id = +$order_id AND line = +$line` for columns; `l.order_id = +$order_id` for a column with its table's alias.
 * The plus hides the value from SQLite's planner, which would otherwise plan the statement again for each new value
 * (sqlite.org/c3ref/prepare.html, SQLITE_ENABLE_STAT4).
 */
export function equal(...columns: readonly string[]): string {
  return columns.map((column) => `${column} = +$${column.replace(/^\w+\./, '')}`).join(' AND ');
}

export const IN_MARKET = equal('marketplace', 'mode');

/** The rows `value` of a JSON list, as a table: a list of any length is one parameter. The plus is as in `equal`. */
export function each(parameter: string): string {
  return `json_each(+$${parameter})`;
}
