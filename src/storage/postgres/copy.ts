/**
 * Copies a ledger row by row, with numbers and seals as they are, and compares the copy with its source before it is
 * committed.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../../errors.ts';
import type { Sealer } from '../record/sealer.ts';
import type { Connection } from '../sqlite/file/connection.ts';
import { MOVED, UnknownMove } from '../sqlite/file/moved.ts';
import { saveStatements, textRow } from './save.ts';
import { addPens, isEmpty, lockSchema, makeTables } from './schema/make-schema.ts';
import { Hosts, type Session } from './session/connection.ts';
import { ledgerError } from './session/ledger-error.ts';
import { requireDurable } from './session/open.ts';
import { BEGIN_MOVE, beginList, COMMIT } from './session/session-settings.ts';
import { columnsOf, type Row } from './table-memory.ts';
import { type LedgerTable, TABLES } from './tables.ts';

/** Rows read and written at a time. */
const PAGE = 1000;

/** The tables of a copy: those of acts, and whose ledger it is. */
export const COPIED: readonly LedgerTable[] = [{ name: 'identity', key: ['ledger'] }, ...TABLES];

/** What is copied of a table: the columns that both databases have. */
export interface CopiedTable {
  readonly table: LedgerTable;
  readonly columns: readonly string[];
}

/** The rows of a table in the order of its key, page by page. */
export type Pages = (copied: CopiedTable) => AsyncIterable<readonly Row[]>;

/** Also stops the instances that are running on the ledger. */
async function markMoved(session: Session): Promise<void> {
  await session.all([
    { text: `UPDATE schema_version SET readable_from = ${MOVED}` },
    {
      text: `CREATE FUNCTION moved() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the ledger was moved' USING ERRCODE = '57000'; END $$`,
    },
    { text: 'CREATE TRIGGER moved BEFORE UPDATE ON pen FOR EACH ROW EXECUTE FUNCTION moved()' },
  ]);
}

const AT_FILE =
  'Start the service on the database: if it says that the ledger was moved, the new file has it; else delete that file, and copy once more.';

const AT_DATABASE =
  'Set LEDGER_URL to the database, and run  ledger check : if there is no ledger, set LEDGER_URL back to the file, and go on there by  ledger accept-restored .';

/** Copies one state of a database into an empty ledger of a file. `moves`: the database then refuses to mint. */
export async function copyToFile(
  database: string,
  connection: Connection,
  { moves = false } = {},
): Promise<void> {
  const session = await new Hosts(database).connect({ readOnly: !moves });
  try {
    await session.all(moves ? BEGIN_MOVE : beginList(0));
    const pages = pagesOfDatabase(session);
    connection.pragma('foreign_keys = OFF');
    connection.exec('BEGIN IMMEDIATE');
    for (const table of COPIED) {
      connection.exec(`DELETE FROM ${table.name}`);
      const copied = { table, columns: columnsOf(connection, table.name) };
      const { columns } = copied;
      const insert = connection.prepare<[Row]>(
        `INSERT INTO ${table.name} (${columns.join()}) VALUES (${columns.map((name) => `$${name}`).join()})`,
      );
      for await (const rows of pages(copied)) for (const row of rows) insert.run(row);
      await requireSame(copied, pages, pagesOfFile(connection));
    }
    if (moves) await markMoved(session);
    connection.exec('COMMIT');
    await session.all([COMMIT]).catch((error: unknown) => {
      throw moves ? new UnknownMove(AT_FILE, error) : error;
    });
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw ledgerError(error);
  } finally {
    await session.close();
  }
}

/** Throws AppError `ledger_damaged` if a table of the copy has other rows than its source. */
export async function requireSame(copied: CopiedTable, source: Pages, copy: Pages): Promise<void> {
  const [of, made] = [await digestOf(copied, source), await digestOf(copied, copy)];
  if (of.rows === made.rows && of.digest === made.digest) return;
  throw new AppError(
    'ledger_damaged',
    `The copy of ${copied.table.name} differs from its source: ${made.rows} rows in place of ${of.rows}. Nothing was copied.`,
  );
}

/** SHA-256 over the rows in the order of their key. */
async function digestOf(copied: CopiedTable, pages: Pages) {
  const hash = createHash('sha256');
  let count = 0;
  for await (const rows of pages(copied)) {
    count += rows.length;
    for (const row of rows) {
      const text = textRow(row);
      hash.update(`${JSON.stringify(copied.columns.map((column) => text[column]))}\n`);
    }
  }
  return { rows: count, digest: hash.digest('hex') };
}

/** In the open transaction of a connection to PostgreSQL. */
export function pagesOfDatabase(session: Session): Pages {
  return async function* read({ table: { name, key, removed }, columns }) {
    const kept = removed === undefined ? 'TRUE' : `${removed.column} <> ${literal(removed.value)}`;
    const order = key.map((column) => `${column} NULLS FIRST`).join() || '1';
    await session.all([
      {
        text: `DECLARE copied NO SCROLL CURSOR FOR SELECT ${columns.join()} FROM ${name} WHERE ${kept} ORDER BY ${order}`,
      },
    ]);
    for (;;) {
      const rows = await session.rows(`FETCH ${PAGE} FROM copied`);
      if (rows.length === 0) break;
      yield rows;
    }
    await session.all([{ text: 'CLOSE copied' }]);
  };
}

function literal(value: string | Buffer): string {
  return typeof value === 'string' ? `'${value}'` : `'\\x${value.toString('hex')}'`;
}

export function pagesOfFile(connection: Connection): Pages {
  return async function* read({ table: { name, key }, columns }) {
    const all = connection.prepare<[], Row>(
      `SELECT ${columns.join()} FROM ${name} ORDER BY ${key.join() || '1'}`,
    );
    let page: Row[] = [];
    for (const row of all.iterate()) {
      page.push(row);
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  };
}

/**
 * Copies one state of a file into a database without a ledger, in one transaction. `atLast` runs before the commit: what it
 * throws undoes the copy. Throws AppError `bad_usage` if the database has a ledger.
 */
export async function copyToDatabase(
  connection: Connection,
  database: string,
  sealer: Sealer,
  atLast: () => void,
): Promise<void> {
  const session = await new Hosts(database).connect();
  try {
    await requireDurable(session);
    await lockSchema(session);
    if (!(await isEmpty(session)))
      throw new AppError(
        'bad_usage',
        'The database has a ledger already: give a database or a schema without one.',
      );
    await makeTables(session);
    for (const table of COPIED) {
      const copied = { table, columns: columnsOf(connection, table.name) };
      for await (const rows of pagesOfFile(connection)(copied)) {
        const changed = { ...copied, inserted: rows, updated: [], removed: [] };
        await session.all(saveStatements([changed]));
      }
      await requireSame(copied, pagesOfFile(connection), pagesOfDatabase(session));
    }
    await addPens(session, sealer);
    // By name: without names it reads, and locks, the tables of all other programs in the database.
    await session.all([{ text: `ANALYZE ${COPIED.map(({ name }) => name).join()}` }]);
    atLast();
    const answers = await session.all([COMMIT]).catch((error: unknown) => error);
    if (!Array.isArray(answers) || answers[0]?.command !== 'COMMIT')
      throw new UnknownMove(AT_DATABASE, answers);
  } catch (error) {
    await session.rollback();
    throw ledgerError(error);
  } finally {
    await session.close();
  }
}
