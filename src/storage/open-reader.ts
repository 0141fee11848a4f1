/** Opens the reads of the console beside the ledger of the settings. */
import type { LedgerReader } from '../domain/ports/ledger-reader.ts';
import { type ReaderOptions, WorkerReader } from './sqlite/reader/worker-reader.ts';

/** Nothing is read before the first call. */
export function openReader(file: string, idSecret: Uint8Array, options?: ReaderOptions): LedgerReader {
  return new WorkerReader({ file, idSecret }, options);
}

/** The same for a ledger on PostgreSQL. */
export async function openDatabaseReader(database: string, idSecret: Uint8Array): Promise<LedgerReader> {
  const { PostgresReader } = await import('./postgres/reader.ts');
  return new PostgresReader(database, idSecret);
}
