/** Checks the ledger after a soak: undamaged, and with all acknowledged orders and events. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { missingFrom } from '../../test/proof/kit/check.ts';
import { settingsOf } from '../server-process.ts';
import type { Stage } from '../stage.ts';
import type { Mix } from './mix.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A line for each breach; long findings are truncated. */
export async function checkLedger(stage: Stage, dataDir: string, mix: Mix): Promise<string[]> {
  const file = join(dataDir, 'ledger.sqlite');
  const missing = missingFrom(file, mix.answered);
  const events = count(file, "event WHERE outcome = 'done'");
  const revoked = count(file, "license WHERE state = 'revoked'");
  return [
    ...(missing.length === 0
      ? []
      : [`${missing.length} orders were answered and are not there: ${missing[0]}`]),
    // As many or more: an event whose reply broke off can be stored too.
    ...(events >= mix.events ? [] : [`${mix.events} events were taken and ${events} are there`]),
    ...(revoked >= mix.returned
      ? []
      : [`${mix.returned} orders were returned and ${revoked} licenses are revoked`]),
    ...(await runCheck(stage, dataDir)),
  ];
}

function count(file: string, rows: string): number {
  const ledger = new Database(file, { readonly: true });
  try {
    return Number(ledger.prepare(`SELECT count(*) FROM ${rows}`).pluck().get());
  } finally {
    ledger.close();
  }
}

function runCheck(stage: Stage, dataDir: string): Promise<string[]> {
  const program = ['--import', join(ROOT, 'src/launch.js'), join(ROOT, 'src/cli/mintmark.ts')];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...program, 'ledger', 'check'],
      { cwd: stage.folder, env: { PATH: process.env['PATH'], ...settingsOf(stage, dataDir) } },
      (error, out, err) => resolve(error === null ? [] : [`ledger check: ${(err || out).slice(0, 500)}`]),
    );
  });
}
