/** Opens the ledger that the settings name: its file, its mark, its identity. */
import { existsSync, rmSync } from 'node:fs';
import { Sealer } from './record/sealer.ts';
import { acceptRestored, Mark, type OnMarkFault, requireMarkedLedger } from './sqlite/mark.ts';
import { openLedgerFile } from './sqlite/open.ts';
import { SqliteLedger, type SqliteLedgerOptions } from './sqlite/sqlite-ledger.ts';

export interface LedgerPlace {
  readonly file: string;
  /** Beside the keys: how far the ledger has come. */
  readonly markFile: string;
}

export interface LedgerOptions extends Omit<SqliteLedgerOptions, 'mark'> {
  /** Begin a new ledger where the one of before is missing. */
  readonly newLedger?: boolean;
  readonly onMarkFault?: OnMarkFault | undefined;
}

/**
 * For whoever decides. Throws AppError `bad_configuration` where the ledger is missing though there was one, is older
 * than its mark, or is of another id secret or keyring.
 */
export function openMarkedLedger({ file, markFile }: LedgerPlace, options: LedgerOptions): SqliteLedger {
  const { newLedger = false, onMarkFault, ...rest } = options;
  if (!newLedger) requireMarkedLedger(file, markFile);
  else if (!existsSync(file)) rmSync(markFile, { force: true });
  return open(file, { ...rest, mark: new Mark(markFile, onMarkFault) });
}

/** For commands that only look: an older copy may be looked at too. */
export function openToLook({ file }: Pick<LedgerPlace, 'file'>, idSecret: Uint8Array): SqliteLedger {
  return open(file, { idSecret });
}

/** Takes a restored ledger for the newest there is: `mintmark ledger accept-restored`. */
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
