/** The statements that write what a group changed. */
import type { LedgerTable } from './tables.ts';
import type { ChangedRows, Row } from './workspace.ts';

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
  return { text, values: [jsonOf(rows)], ...count };
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
  const text = `
    UPDATE ${name} SET ${others.map((column) => `${column} = n.${column}`).join()}
    FROM json_populate_recordset(NULL::${name}, $1::json) n
    WHERE ${key.map((column) => `${name}.${column} = n.${column}`).join(' AND ') || 'TRUE'}`;
  return { text, values: [jsonOf(rows)], rows: rows.length };
}

function removal({ name, key, removed }: LedgerTable, rows: readonly Row[]): Statement {
  if (removed === undefined) throw new TypeError(`a row of ${name} was deleted`);
  const emptied = removed.emptied ?? [];
  const text = `
    UPDATE ${name} SET ${[removed, ...emptied].map(({ column }, place) => `${column} = $${place + 2}`).join()}
    FROM json_populate_recordset(NULL::${name}, $1::json) n
    WHERE ${key.map((column) => `${name}.${column} = n.${column}`).join(' AND ')}`;
  const values = [jsonOf(rows), removed.value, ...emptied.map(({ value }) => value)];
  return { text, values, rows: rows.length };
}

/** Bytes as PostgreSQL reads them. */
function jsonOf(rows: readonly Row[]): string {
  return JSON.stringify(rows.map(textRow));
}

export function textRow(row: Row): Row {
  const text: Record<string, unknown> = {};
  for (const column in row) {
    const value = row[column];
    text[column] = value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value;
  }
  return text;
}
