/** Checks, copies and moves the ledger for the commands, also while the service runs. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../errors.ts';
import { readIdSecret } from '../keyring/id-secret.ts';
import { readKeyring } from '../keyring/keyring.ts';
import { createLicenseIds } from '../keyring/minter.ts';
import { createCodeCheck } from '../keyring/stored-code.ts';
import { Sealer } from '../storage/record/sealer.ts';
import { type CheckKeys, checkLedger, type Finding } from '../storage/sqlite/check/check.ts';
import { DailyTable } from '../storage/sqlite/daily.ts';
import { backupLedger } from '../storage/sqlite/file/backup.ts';
import { writeBackLog } from '../storage/sqlite/file/log-file.ts';
import { markMoved, UnknownMove } from '../storage/sqlite/file/moved.ts';
import { openLedgerFile, openToRead, schemaOf } from '../storage/sqlite/file/open.ts';
import { Pen } from '../storage/sqlite/pens.ts';
import { MIGRATIONS } from '../storage/sqlite/schema/migrations.ts';
import type { Config } from './config.ts';
import { requireLedger } from './open.ts';

/**
 * Yields each fault; returns the number of checked licenses. A database is copied to a temporary file first, which shows
 * one state of it.
 * Throws AppError `not_found` if there is no ledger, `ledger_damaged` if it is not readable to its end.
 */
export async function* checkLedgerOf(
  config: Config,
  onProgress?: (done: number, all: number) => void,
): AsyncGenerator<Finding, { readonly licenses: number }> {
  await requireLedger(config);
  const { ledgerFile, ledgerMark, ledgerDatabase } = config;
  if (ledgerDatabase === undefined)
    return yield* checkFile(config, { file: ledgerFile, markFile: ledgerMark, onProgress });
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-check-'));
  try {
    const file = join(folder, 'ledger.sqlite');
    await copyDatabase(ledgerDatabase, file, readIdSecret(config.keysDir));
    return yield* checkFile(config, { file, onProgress });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function* checkFile(
  { keysDir }: Config,
  { file, markFile, onProgress }: { readonly file: string } & Pick<CheckKeys, 'markFile' | 'onProgress'>,
): Generator<Finding, { readonly licenses: number }> {
  const idSecret = readIdSecret(keysDir);
  const connection = openLedgerFile(file, idSecret);
  try {
    const checked = yield* checkLedger(connection, {
      idSecret,
      licenseIdOf: createLicenseIds(idSecret),
      codeFault: createCodeCheck(readKeyring(keysDir)),
      ...(markFile !== undefined && { markFile }),
      onProgress,
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

/** Makes a consistent copy as a file. Throws AppError `not_found` if there is no ledger; never replaces a file. */
export async function backUpLedger(config: Config, copy: string): Promise<void> {
  await requireLedger(config);
  const { ledgerFile, ledgerDatabase } = config;
  if (ledgerDatabase === undefined) return backUpFile(ledgerFile, copy);
  // Beside the copy, where there is room for it.
  const folder = mkdtempSync(join(dirname(copy), '.mintmark-backup-'));
  try {
    const file = join(folder, 'ledger.sqlite');
    await copyDatabase(ledgerDatabase, file, readIdSecret(config.keysDir));
    backUpFile(file, copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function backUpFile(file: string, copy: string): void {
  const connection = openToRead(file);
  try {
    backupLedger(connection, copy);
    writeBackLog(connection);
  } finally {
    connection.close();
  }
}

/**
 * Moves the ledger to another place, a file or a database, and marks it as moved: it then refuses to mint. Compares all
 * rows before anything is committed. Throws AppError `bad_usage` if there is a ledger already.
 */
export async function moveLedger(config: Config, to: string): Promise<void> {
  await requireLedger(config);
  const { ledgerFile, ledgerDatabase } = config;
  const file = /^sqlite:(.+)$/s.exec(to)?.[1];
  const isDatabase = /^postgres(ql)?:\/\//.test(to);
  if (ledgerDatabase === undefined && isDatabase) return moveToDatabase(config, ledgerFile, to);
  if (ledgerDatabase !== undefined && file !== undefined) return moveToFile(config, ledgerDatabase, file);
  throw new AppError(
    'bad_usage',
    'A ledger in a file is moved to postgres://…, and a ledger on PostgreSQL to sqlite:FILE.',
  );
}

async function moveToDatabase({ keysDir }: Config, file: string, database: string): Promise<void> {
  const { copyToDatabase } = await import('../storage/postgres/copy.ts');
  const idSecret = readIdSecret(keysDir);
  const connection = openLedgerFile(file, idSecret);
  try {
    // Nobody writes meanwhile. The mark is set first and becomes true last: two ledgers never mint.
    connection.exec('BEGIN IMMEDIATE');
    const sealer = new Sealer(idSecret);
    // On PostgreSQL each new license is counted at once.
    new DailyTable(connection, new Pen(connection, sealer)).catchUp();
    await copyToDatabase(connection, database, sealer, () => {
      markMoved(connection);
      connection.exec('COMMIT');
    });
  } finally {
    connection.close();
  }
}

async function moveToFile({ keysDir }: Config, database: string, file: string): Promise<void> {
  if (existsSync(file)) throw new AppError('bad_usage', `${file} exists already: give a new file.`);
  const { copyToFile } = await import('../storage/postgres/copy.ts');
  const connection = openLedgerFile(file, readIdSecret(keysDir));
  try {
    await copyToFile(database, connection, { moves: true });
  } catch (error) {
    // It may be the only one that mints.
    if (!(error instanceof UnknownMove)) rmSync(file, { force: true });
    throw error;
  } finally {
    connection.close();
  }
}

async function copyDatabase(database: string, file: string, idSecret: Uint8Array): Promise<void> {
  const { copyToFile } = await import('../storage/postgres/copy.ts');
  const connection = openLedgerFile(file, idSecret);
  try {
    await copyToFile(database, connection);
  } finally {
    connection.close();
  }
}
