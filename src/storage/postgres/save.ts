/** The statements that write what a group changed. */
import { combinedText, type JsonColumn, NOTE_GROUP, textsOf, withGroupText } from './save-texts.ts';
import type { ChangedRows, Row } from './table-memory.ts';
import type { LedgerTable } from './tables.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** The number of rows that it must write; undefined: any. */
  readonly rows?: number;
}

export function saveStatements(changes: readonly ChangedRows[]): readonly Statement[] {
  const statements: Statement[] = [];
  for (const { table, columns, inserted, updated, removed } of changes) {
    if (inserted.length > 0) statements.push(insertion(table, columns, inserted));
    if (updated.length > 0) statements.push(update(table, columns, updated));
    if (removed.length > 0) statements.push(removal(table, columns, removed));
  }
  return statements;
}

/**
 * The same as one statement: each would cost a message and a turn of the executor. Its parts write other rows each, in the
 * order of TABLES. Answers with one row: how many rows each part wrote.
 */
export function oneStatement(statements: readonly Statement[]): Statement {
  return {
    text: combinedText(statements),
    values: statements.flatMap(({ values }) => values),
    rows: 1,
  };
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
  const text = last && withGroupText(last.text, last.values.length);
  if (last === undefined || text === undefined)
    return [...statements, { text: NOTE_GROUP, values: [group, pen], rows: 1 }];
  return [...statements.slice(0, -1), { ...last, text, values: [...last.values, group] }];
}

/** The lists whose entries changed: their publishers must wait, and number them anew. */
export function changedLists(changes: readonly ChangedRows[]): readonly string[] {
  const entries = changes.filter(({ table }) => table.name === 'withdrawal');
  const rows = entries.flatMap(({ inserted, updated, removed }) => [...inserted, ...updated, ...removed]);
  return [...new Set(rows.map(({ product }) => String(product)))].sort();
}

function insertion(table: LedgerTable, columns: readonly string[], rows: readonly Row[]): Statement {
  const texts = textsOf(table, columns);
  const count = table.fresh === 'ignore' ? {} : { rows: rows.length };
  return { text: texts.insertion, values: [jsonOf(rows, texts.columns)], ...count };
}

function update(table: LedgerTable, columns: readonly string[], rows: readonly Row[]): Statement {
  const texts = textsOf(table, columns);
  return { text: texts.update, values: [jsonOf(rows, texts.columns)], rows: rows.length };
}

function removal(table: LedgerTable, columns: readonly string[], rows: readonly Row[]): Statement {
  const { name, removed } = table;
  if (removed === undefined) throw new TypeError(`a row of ${name} was deleted`);
  const texts = textsOf(table, columns);
  const emptied = (removed.emptied ?? []).map(({ value }) => value);
  return {
    text: texts.removal,
    values: [jsonOf(rows, texts.key), removed.value, ...emptied],
    rows: rows.length,
  };
}

/** The rows as JSON, without what is null. Written by columns: half the time of JSON.stringify of a copy. */
function jsonOf(rows: readonly Row[], columns: readonly JsonColumn[]): string {
  return `[${rows.map((row) => jsonRow(row, columns)).join()}]`;
}

function jsonRow(row: Row, columns: readonly JsonColumn[]): string {
  let text = '';
  for (const { column, first, later } of columns) {
    const value = row[column];
    if (value === null || value === undefined) continue;
    text += text === '' ? first : later;
    text += jsonValue(value);
  }
  return text === '' ? '{}' : `${text}}`;
}

function jsonValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return value instanceof Uint8Array ? `"\\\\x${hexOf(value)}"` : JSON.stringify(value);
}

function hexOf(value: Uint8Array): string {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.length);
  return bytes.toString('hex');
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
