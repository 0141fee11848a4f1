/** Opens the ledger of the settings: its file, its mark, its identity. */
import { existsSync, rmSync } from 'node:fs';
import { Sealer } from './record/sealer.ts';
import { acceptRestored, Mark, type OnMarkFault, requireMarkedLedger } from './sqlite/mark.ts';
import { openLedgerFile } from './sqlite/open.ts';
import { SqliteLedger, type SqliteLedgerOptions } from './sqlite/sqlite-ledger.ts';

export interface LedgerPlace {
  readonly file: string;
  /** The mark, beside the keys. */
  readonly markFile: string;
}

export interface LedgerOptions extends Omit<SqliteLedgerOptions, 'mark'> {
  /** Create a new ledger if the ledger of the mark is missing. */
  readonly newLedger?: boolean;
  readonly onMarkFault?: OnMarkFault | undefined;
}

/**
 * Opens a ledger for decisions. Throws AppError `bad_configuration` if the ledger is missing and its mark exists, is
 * older than its mark, or belongs to another id secret or keyring.
 */
export function openMarkedLedger({ file, markFile }: LedgerPlace, options: LedgerOptions): SqliteLedger {
  const { newLedger = false, onMarkFault, ...rest } = options;
  if (!newLedger) requireMarkedLedger(file, markFile);
  else if (!existsSync(file)) rmSync(markFile, { force: true });
  return open(file, { ...rest, mark: new Mark(markFile, onMarkFault) });
}

/** Opens a ledger without rules, which decides nothing, for read-only commands. It may be older than its mark. */
export function openReadOnly({ file }: Pick<LedgerPlace, 'file'>, idSecret: Uint8Array): SqliteLedger {
  return open(file, { idSecret });
}

/** Accepts a restored ledger as the newest: `mintmark ledger accept-restored`. */
export async function acceptRestoredLedger(
  { file, markFile }: LedgerPlace,
  { idSecret, ...given }: { readonly idSecret: Uint8Array; readonly at: number; readonly reason: string },
): Promise<void> {
  const connection = openLedgerFile(file, idSecret);
  try {
    await acceptRestored(connection, new Sealer(idSecret), { file: markFile, ...given });
  } finally {
    connection.close();
  }
}

function open(file: string, options: SqliteLedgerOptions): SqliteLedger {
  const connection = openLedgerFile(file, options.idSecret);
  try {
    return new SqliteLedger(connection, options);
  } catch (error) {
    connection.close();
    throw error;
  }
}
