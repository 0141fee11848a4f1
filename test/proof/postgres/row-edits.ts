/** Edits of rows in PostgreSQL by its superuser, for whom no trigger and no foreign key runs. */
import Database from 'better-sqlite3';
import pg from 'pg';
import { COPIED } from '../../../src/storage/postgres/copy.ts';
import { saveStatements, textRow } from '../../../src/storage/postgres/save.ts';
import { columnsOf, type Row } from '../../../src/storage/postgres/table-memory.ts';
import type { LedgerTable } from '../../../src/storage/postgres/tables.ts';

interface TableEdit {
  readonly table: LedgerTable;
  readonly columns: readonly string[];
  readonly removed: readonly Row[];
  readonly added: readonly Row[];
}

export type Edit = readonly TableEdit[];

/** What turns the rows of one ledger's file into those of another. */
export function editBetween(sound: string, edited: string): Edit {
  const [before, after] = [new Database(sound), new Database(edited)];
  try {
    return COPIED.flatMap((table) => {
      const rows = (ledger: Database.Database) =>
        new Map(
          ledger
            .prepare<[], Row>(`SELECT * FROM ${table.name}`)
            .all()
            .map((row) => [JSON.stringify(textRow(row)), row]),
        );
      const [old, fresh] = [rows(before), rows(after)];
      const removed = [...old].flatMap(([text, row]) => (fresh.has(text) ? [] : [row]));
      const added = [...fresh].flatMap(([text, row]) => (old.has(text) ? [] : [row]));
      if (removed.length + added.length === 0) return [];
      return [{ table, columns: columnsOf(before, table.name), removed, added }];
    });
  } finally {
    before.close();
    after.close();
  }
}

export function undone(edit: Edit): Edit {
  return edit.map(({ removed, added, ...of }) => ({ ...of, removed: added, added: removed }));
}

/** False: PostgreSQL's types or constraints refuse the rows. */
export async function applyEdit(client: pg.Client, edit: Edit): Promise<boolean> {
  try {
    await client.query('BEGIN');
    await client.query("SET LOCAL session_replication_role = 'replica'");
    for (const { table, columns, removed, added } of edit) {
      for (const row of removed) await remove(client, table, row);
      const changed = { table, columns, inserted: added, updated: [], removed: [] };
      for (const { text, values } of saveStatements([changed]))
        if (added.length > 0) await client.query(text, [...values]);
    }
    await client.query('COMMIT');
    return true;
  } catch (error) {
    await client.query('ROLLBACK');
    if (error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '')) return false;
    throw error;
  }
}

async function remove(client: pg.Client, { name }: LedgerTable, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const is = columns.map((column, place) => `${column} IS NOT DISTINCT FROM $${place + 1}`).join(' AND ');
  const { rowCount } = await client.query(
    `DELETE FROM ${name} WHERE ${is}`,
    columns.map((column) => row[column]),
  );
  if (rowCount !== 1) throw new Error(`${rowCount} rows of ${name} were removed in place of one`);
}
