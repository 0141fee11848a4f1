/**
 * SQLite of Node.js itself, as far as the working memory of a ledger on PostgreSQL uses better-sqlite3: bundles without a
 * compiled package take this module in its place.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** Primary result codes by number (sqlite.org/rescode.html). */
const CODES = [
  ...['OK', 'ERROR', 'INTERNAL', 'PERM', 'ABORT', 'BUSY', 'LOCKED', 'NOMEM', 'READONLY', 'INTERRUPT'],
  ...['IOERR', 'CORRUPT', 'NOTFOUND', 'FULL', 'CANTOPEN', 'PROTOCOL', 'EMPTY', 'SCHEMA', 'TOOBIG'],
  ...['CONSTRAINT', 'MISMATCH', 'MISUSE', 'NOLFS', 'AUTH', 'FORMAT', 'RANGE', 'NOTADB'],
];

export class SqliteError extends Error {
  override readonly name = 'SqliteError';
  /** Such as SQLITE_BUSY: the primary code. */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

type Values = readonly unknown[];
type Row = Record<string, unknown>;

class Statement {
  readonly #statement: StatementSync;
  #isPlucked = false;

  constructor(statement: StatementSync) {
    this.#statement = statement;
    // An object may have more than the statement names.
    statement.setAllowUnknownNamedParameters(true);
  }

  /** Rows become the value of their first column. */
  pluck(): this {
    this.#isPlucked = true;
    return this;
  }

  run(...values: Values): { readonly changes: number; readonly lastInsertRowid: number } {
    const { changes, lastInsertRowid } = known(() => this.#statement.run(...bound(values)));
    return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
  }

  get(...values: Values): unknown {
    return this.#read(known(() => this.#statement.get(...bound(values))));
  }

  all(...values: Values): readonly unknown[] {
    return known(() => this.#statement.all(...bound(values))).map((row) => this.#read(row));
  }

  *iterate(...values: Values): Generator<unknown> {
    for (const row of known(() => this.#statement.iterate(...bound(values)))) yield this.#read(row);
  }

  #read(row: Row | undefined): unknown {
    if (row === undefined) return undefined;
    for (const [name, value] of Object.entries(row)) {
      const read = value instanceof Uint8Array ? bufferOf(value) : value;
      if (this.#isPlucked) return read;
      row[name] = read;
    }
    return row;
  }
}

export default class Database {
  static readonly SqliteError = SqliteError;
  readonly #database: DatabaseSync;

  constructor(file: string, { readonly = false, timeout = 5000 } = {}) {
    this.#database = known(() => new DatabaseSync(file, { readOnly: readonly, timeout }));
  }

  get open(): boolean {
    return this.#database.isOpen;
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  exec(sql: string): this {
    known(() => this.#database.exec(sql));
    return this;
  }

  prepare(sql: string): Statement {
    return new Statement(known(() => this.#database.prepare(sql)));
  }

  pragma(text: string, { simple = false } = {}): unknown {
    const rows = this.prepare(`PRAGMA ${text}`).all() as readonly Row[];
    return simple ? Object.values(rows[0] ?? {})[0] : rows;
  }

  function(name: string, act: (...values: unknown[]) => unknown): this {
    this.#database.function(name, act as Parameters<DatabaseSync['function']>[1]);
    return this;
  }

  transaction<T extends Values>(act: (...values: T) => void) {
    const within =
      (begin: string) =>
      (...values: T): void => {
        this.exec(begin);
        try {
          act(...values);
          this.exec('COMMIT');
        } catch (error) {
          if (this.inTransaction) this.exec('ROLLBACK');
          throw error;
        }
      };
    return Object.assign(within('BEGIN'), { immediate: within('BEGIN IMMEDIATE') });
  }

  close(): this {
    if (this.open) this.#database.close();
    return this;
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** One object with names, one list of values in their order, or these values. */
function bound(values: Values): SQLInputValue[] {
  const [first] = values;
  return (values.length === 1 && Array.isArray(first) ? first : values) as SQLInputValue[];
}

function known<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error) || !('errcode' in error)) throw error;
    const code = CODES[Number(error.errcode) & 0xff] ?? 'ERROR';
    throw new SqliteError(error.message, `SQLITE_${code}`);
  }
}
