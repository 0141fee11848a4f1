/** Counts the rows of a ledger beside its running service. */
import Database from 'better-sqlite3';
import type { Home } from './service.ts';
import { askPostgres } from './test-database.ts';

export interface Rows {
  readonly license: number;
  readonly code: number;
  readonly fulfillment: number;
  readonly history: number;
  readonly customer: number;
}

const TABLES = ['license', 'code', 'fulfillment', 'history', 'customer'] as const;

const COUNTS = `SELECT ${TABLES.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join()}`;

/** The number of rows of each table. */
export function rows({ config }: Pick<Home, 'config'>): Rows {
  const { ledgerDatabase, ledgerFile } = config;
  const counts =
    ledgerDatabase === undefined ? countsOfFile(ledgerFile) : askPostgres(ledgerDatabase, COUNTS)[0];
  // PostgreSQL's are texts.
  const count = (table: (typeof TABLES)[number]) => Number(counts?.[table]);
  return {
    license: count('license'),
    code: count('code'),
    fulfillment: count('fulfillment'),
    history: count('history'),
    customer: count('customer'),
  };
}

function countsOfFile(file: string): Readonly<Record<string, unknown>> | undefined {
  const ledger = new Database(file, { readonly: true });
  try {
    return ledger.prepare<[], Readonly<Record<string, unknown>>>(COUNTS).get();
  } finally {
    ledger.close();
  }
}
