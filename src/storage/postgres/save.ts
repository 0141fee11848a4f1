/** The statements that write what a group changed. */

import type { ChangedRows, Row } from './table-memory.ts';
import type { LedgerTable } from './tables.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** The number of rows that it must write; undefined: any. */
  readonly rows?: number;
}

export function saveStatements(changes: readonly ChangedRows[]): readonly Statement[] {
  return changes.flatMap((changed) => {
    const { table, columns, inserted, updated, removed } = changed;
    return [
      ...(inserted.length > 0 ? [insertion(table, columns, inserted)] : []),
      ...(updated.length > 0 ? [update(table, columns, updated)] : []),
      ...(removed.length > 0 ? [removal(table, removed)] : []),
    ];
  });
}

/**
 * The same as one statement: each would cost a message and a turn of the executor. Its parts write other rows each, in the
 * order of TABLES. Answers with one row: how many rows each part wrote.
 */
export function oneStatement(statements: readonly Statement[]): Statement {
  const values: unknown[] = [];
  const parts = statements.map((statement, place) => {
    const before = values.length;
    values.push(...statement.values);
    const text = statement.text.replace(/\$(\d+)/g, (_, number) => `$${before + Number(number)}`);
    return `w${place} AS (${text} RETURNING 1)`;
  });
  const counts = statements.map((_, place) => `(SELECT count(*) FROM w${place}) AS w${place}`);
  return { text: `WITH ${parts.join()} SELECT ${counts.join()}`, values, rows: 1 };
}

/** Throws TypeError if a part of `oneStatement` wrote other rows than it must. */
export function requireCounts(statements: readonly Statement[], counts: Row | undefined): void {
  for (const [place, { rows }] of statements.entries()) {
    const written = counts?.[`w${place}`];
    if (rows !== undefined && written !== rows)
      throw new TypeError(`a statement wrote ${written} rows in place of ${rows}`);
  }
}

/** Notes in the pen which group wrote last: with the pen's other columns, where they changed. */
export function withGroup(
  statements: readonly Statement[],
  group: string,
  pen: number,
): readonly Statement[] {
  const last = statements.at(-1);
  if (last === undefined || !last.text.startsWith(UPDATE_PEN)) {
    const text = `${UPDATE_PEN}last_group = $1::uuid WHERE pen = $2`;
    return [...statements, { text, values: [group, pen], rows: 1 }];
  }
  const place = last.values.length + 1;
  const text = `${UPDATE_PEN}last_group = $${place}::uuid, ${last.text.slice(UPDATE_PEN.length)}`;
  return [...statements.slice(0, -1), { ...last, text, values: [...last.values, group] }];
}

const UPDATE_PEN = updateOf('pen');

/** The lists whose entries changed: their publishers must wait, and number them anew. */
export function changedLists(changes: readonly ChangedRows[]): readonly string[] {
  const entries = changes.filter(({ table }) => table.name === 'withdrawal');
  const rows = entries.flatMap(({ inserted, updated, removed }) => [...inserted, ...updated, ...removed]);
  return [...new Set(rows.map(({ product }) => String(product)))].sort();
}

function insertion(table: LedgerTable, columns: readonly string[], rows: readonly Row[]): Statement {
  const text = `
    INSERT INTO ${table.name} (${columns.join()})
    SELECT ${columns.join()} FROM json_populate_recordset(NULL::${table.name}, $1::json) ${conflict(table, columns)}`;
  const count = table.fresh === 'ignore' ? {} : { rows: rows.length };
  return { text, values: [jsonOf(rows, columns)], ...count };
}

function conflict({ name, key, fresh }: LedgerTable, columns: readonly string[]): string {
  const others = columns.filter((column) => !key.includes(column));
  switch (fresh) {
    case 'ignore':
      return 'ON CONFLICT DO NOTHING';
    case 'replace':
      return `ON CONFLICT (${key.join()}) DO UPDATE SET ${others.map((c) => `${c} = excluded.${c}`).join()}`;
    case 'add':
      return `ON CONFLICT (${key.join()}) DO UPDATE SET ${others.map((c) => `${c} = ${name}.${c} + excluded.${c}`).join()}`;
    default:
      return '';
  }
}

function update({ name, key }: LedgerTable, columns: readonly string[], rows: readonly Row[]): Statement {
  const others = columns.filter((column) => !key.includes(column));
  const text = `${updateOf(name)}${others.map((column) => `${column} = n.${column}`).join()}
    FROM json_populate_recordset(NULL::${name}, $1::json) n
    WHERE ${key.map((column) => `${name}.${column} = n.${column}`).join(' AND ') || 'TRUE'}`;
  return { text, values: [jsonOf(rows, columns)], rows: rows.length };
}

function updateOf(table: string): string {
  return `UPDATE ${table} SET `;
}

function removal({ name, key, removed }: LedgerTable, rows: readonly Row[]): Statement {
  if (removed === undefined) throw new TypeError(`a row of ${name} was deleted`);
  const emptied = removed.emptied ?? [];
  const text = `
    UPDATE ${name} SET ${[removed, ...emptied].map(({ column }, place) => `${column} = $${place + 2}`).join()}
    FROM json_populate_recordset(NULL::${name}, $1::json) n
    WHERE ${key.map((column) => `${name}.${column} = n.${column}`).join(' AND ')}`;
  const values = [jsonOf(rows, key), removed.value, ...emptied.map(({ value }) => value)];
  return { text, values, rows: rows.length };
}

/** The rows as JSON, without what is null. Written by columns: half the time of JSON.stringify of a copy. */
function jsonOf(rows: readonly Row[], columns: readonly string[]): string {
  return `[${rows.map((row) => jsonRow(row, columns)).join()}]`;
}

function jsonRow(row: Row, columns: readonly string[]): string {
  let text = '';
  for (const column of columns) {
    const value = row[column];
    if (value !== null && value !== undefined)
      text += `${text === '' ? '' : ','}"${column}":${jsonValue(value)}`;
  }
  return `{${text}}`;
}

function jsonValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return value instanceof Uint8Array ? `"\\\\x${hexOf(value)}"` : JSON.stringify(value);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** Bytes as PostgreSQL reads them. */
export function textRow(row: Row): Row {
  const text: Record<string, unknown> = {};
  for (const column in row) {
    const value = row[column];
    text[column] = value instanceof Uint8Array ? `\\x${hexOf(value)}` : value;
  }
  return text;
}
