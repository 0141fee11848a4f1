/** What is said of an edited ledger's file: by the check, and by the promises that a service on it keeps. */
import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../../../src/errors.ts';
import { readIdSecret } from '../../../src/keyring/id-secret.ts';
import { readKeyring } from '../../../src/keyring/keyring.ts';
import { createLicenseIds } from '../../../src/keyring/minter.ts';
import { createCodeCheck } from '../../../src/keyring/stored-code.ts';
import { type CheckKeys, checkLedger } from '../../../src/storage/sqlite/check/check.ts';
import { openLedgerFile } from '../../../src/storage/sqlite/file/open.ts';
import type { Content } from './ledger-content.ts';
import { promisesOf } from './promises.ts';

export function checkKeysOf({ home }: Content): CheckKeys {
  const { keysDir } = home.config;
  const idSecret = readIdSecret(keysDir);
  return {
    idSecret,
    licenseIdOf: createLicenseIds(idSecret),
    codeFault: createCodeCheck(readKeyring(keysDir)),
  };
}

/** The content of all tables; undefined where unreadable. */
export function rowsOf(file: string): string | undefined {
  try {
    const ledger = new Database(file);
    try {
      const tables = ledger
        .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .pluck()
        .all();
      return JSON.stringify([
        ledger.pragma('user_version'),
        ledger.pragma('application_id'),
        tables.map((table) => [table, ledger.prepare(`SELECT * FROM ${table}`).all()]),
      ]);
    } finally {
      ledger.close();
    }
  } catch {
    return undefined;
  }
}

export function clear(file: string): void {
  for (const end of ['', '-wal', '-shm', '-mark']) rmSync(`${file}${end}`, { force: true });
}

/** As the command does it (src/cli/ledger.ts), without a process of its own. */
export function checked(file: string, parts: CheckKeys): string | undefined {
  try {
    const connection = openLedgerFile(file, parts.idSecret);
    try {
      for (const { where, fault } of checkLedger(connection, parts)) return `${where}: ${fault}`;
      return undefined;
    } finally {
      connection.close();
    }
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

/** The first promise that the edited ledger breaks and the sound ledger keeps. */
export async function differenceOf(
  content: Content,
  file: string,
  promised: readonly string[],
): Promise<string | undefined> {
  try {
    const kept = await promisesOf(content, file);
    const place = promised.findIndex((line, index) => line !== kept[index]);
    if (place === -1 && kept.length === promised.length) return undefined;
    return `instead of ${promised[place]} it is ${kept[place]}`;
  } catch (error) {
    return `the service does not even run: ${error instanceof Error ? error.message : String(error)}`;
  }
}
