/** Changes of a ledger's files from outside the service: copies, restores, edits. */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Player } from './player.ts';

/** A copy of the ledger as it is now, beside it; the service may run. */
export async function copyLedger(player: Player, name = 'yesterday'): Promise<string> {
  const copy = join(player.home.folder, `${name}.sqlite`);
  const { status, err } = await player.cli('ledger', 'backup', copy);
  if (status !== 0) throw new Error(err);
  return copy;
}

/** While the service is stopped: another file in the place of the ledger. */
export function putLedger({ home }: Player, copy: string): void {
  removeLedger({ home });
  copyFileSync(copy, home.config.ledgerFile);
}

export function removeLedger({ home }: Pick<Player, 'home'>): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${home.config.ledgerFile}${end}`, { force: true });
}

/** Runs SQL on the ledger as anyone with the file could. Resolves to the number of changed rows. */
export function edit({ home }: Player, sql: string): number {
  const ledger = new Database(home.config.ledgerFile);
  try {
    ledger.pragma('foreign_keys = OFF');
    return ledger.prepare(sql).run().changes;
  } finally {
    ledger.close();
  }
}

/** The tables with a column of this name. */
export function tablesWith({ home }: Player, column: string): readonly string[] {
  const ledger = new Database(home.config.ledgerFile, { readonly: true });
  try {
    const sql = `SELECT t.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name = ?`;
    return ledger.prepare<[string], string>(sql).pluck().all(column);
  } finally {
    ledger.close();
  }
}

/** The files below the data folder whose bytes contain a text. */
export function filesWith({ home }: Player, text: string): readonly string[] {
  const { dataDir } = home.config;
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => existsSync(file) && readFileSync(file).includes(text));
}
