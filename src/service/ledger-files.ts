/** Checks and copies the ledger's file for the commands, also while the service runs. */

import { readIdSecret } from '../keyring/id-secret.ts';
import { readKeyring } from '../keyring/keyring.ts';
import { createLicenseIds } from '../keyring/minter.ts';
import { createCodeCheck } from '../keyring/stored-code.ts';
import { backupLedger } from '../storage/sqlite/backup.ts';
import { checkLedger, type Finding } from '../storage/sqlite/check.ts';
import { writeBackLog } from '../storage/sqlite/log-file.ts';
import { MIGRATIONS } from '../storage/sqlite/migrations.ts';
import { openLedgerFile, openToRead, schemaOf } from '../storage/sqlite/open.ts';
import type { Config } from './config.ts';
import { requireLedger } from './open.ts';

/**
 * Yields each fault; returns the number of checked licenses.
 * Throws AppError `not_found` if there is no ledger, `ledger_damaged` if the file is not readable to its end.
 */
export function* checkLedgerFile(config: Config): Generator<Finding, { readonly licenses: number }> {
  requireLedger(config);
  const idSecret = readIdSecret(config.keysDir);
  const connection = openLedgerFile(config.ledgerFile, idSecret);
  try {
    const checked = yield* checkLedger(connection, {
      idSecret,
      licenseIdOf: createLicenseIds(idSecret),
      codeFault: createCodeCheck(readKeyring(config.keysDir)),
      markFile: config.ledgerMark,
    });
    writeBackLog(connection);
    return checked;
  } finally {
    connection.close();
  }
}

/** The schema of the ledger as it is, and what the migrations of the next start do; changes nothing. */
export function migrationsDue({ ledgerFile }: Pick<Config, 'ledgerFile'>): {
  readonly schema: number;
  readonly steps: readonly { readonly schema: number; readonly name: string }[];
} {
  const connection = openToRead(ledgerFile);
  try {
    const schema = schemaOf(connection);
    const steps = MIGRATIONS.map(({ name }, index) => ({ schema: index + 1, name })).slice(schema);
    return { schema, steps };
  } finally {
    connection.close();
  }
}

/** Makes a consistent copy. Throws AppError `not_found` if there is no ledger; never replaces a file. */
export function copyLedgerFile(config: Config, copy: string): void {
  requireLedger(config);
  const connection = openToRead(config.ledgerFile);
  try {
    backupLedger(connection, copy);
    writeBackLog(connection);
  } finally {
    connection.close();
  }
}
