/** Reads the ledger's file beside the service. */
import Database from 'better-sqlite3';
import type { Home } from './service.ts';

export interface Rows {
  readonly license: number;
  readonly code: number;
  readonly fulfillment: number;
  readonly history: number;
  readonly customer: number;
}

/** The number of rows of each table. */
export function rows({ config }: Pick<Home, 'config'>): Rows {
  const ledger = new Database(config.ledgerFile, { readonly: true });
  try {
    const count = (table: string) => Number(ledger.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    return {
      license: count('license'),
      code: count('code'),
      fulfillment: count('fulfillment'),
      history: count('history'),
      customer: count('customer'),
    };
  } finally {
    ledger.close();
  }
}
