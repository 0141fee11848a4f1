/** An edited ledger: `ledger check` finds each edit after which the service would answer or become anything else. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { CheckKeys } from '../../src/storage/sqlite/check/check.ts';
import { editLedger, KINDS } from './edited-ledger/edits.ts';
import { checked, checkKeysOf, clear, differenceOf, rowsOf } from './edited-ledger/judge.ts';
import { makeContent } from './edited-ledger/ledger-content.ts';
import { promisesOf } from './edited-ledger/promises.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

/** What is wrong with a ledger's file, as far as it is found; undefined where nothing is. */
type Check = (file: string, parts: CheckKeys) => string | undefined;

/** Known limit, beyond these edits: an older copy of the file is sound in itself, and only the mark reveals it. */
export const editedLedger: Proof = {
  title:
    'edited ledger: single bits, cells and rows of every table; `ledger check` finds all that touch a promise',
  unit: 'edits',
  quick: 300,
  full: 1000,
  run: (edits, tools) => editAndCheck(edits, tools, checked),
  controls: [
    { title: '`PRAGMA integrity_check` alone', run: (tools) => editAndCheck(40, tools, integrityAlone) },
  ],
};

async function editAndCheck(edits: number, tools: Tools, check: Check): Promise<Outcome> {
  const content = await makeContent(tools);
  const { ledgerFile } = content.home.config;
  const parts = checkKeysOf(content);
  const violations: string[] = [];
  const file = join(tools.folder, 'edited.sqlite');
  const sound = readFileSync(ledgerFile);
  copyFileSync(ledgerFile, file);
  const fault = check(file, parts);
  if (fault !== undefined) violations.push(`an unedited ledger has a fault: ${fault}`);
  const rows = rowsOf(file);
  const promised = await promisesOf(content, file);
  let found = 0;
  for (let edit = 0; edit < edits; edit++) {
    clear(file);
    const what = editLedger(sound, file, KINDS[edit % KINDS.length] ?? 'bit', tools);
    if (check(file, parts) !== undefined) {
      found += 1;
      continue;
    }
    // Indexes match the tables, or the check would have found it: the same rows keep the same promises.
    if (rowsOf(file) === rows) continue;
    const broken = await differenceOf(content, file, promised);
    if (broken !== undefined) violations.push(`edit ${edit} was not found: ${what}; then ${broken}`);
  }
  clear(file);
  if (found === 0) violations.push('no edit was found at all');
  tools.note(`${edits} edits: ${found} found, ${violations.length} missed, the others change no promise`);
  return { done: edits, violations };
}

function integrityAlone(file: string): string | undefined {
  try {
    const connection = new Database(file);
    try {
      const answer = connection.pragma('integrity_check', { simple: true });
      return answer === 'ok' ? undefined : String(answer);
    } finally {
      connection.close();
    }
  } catch (error) {
    return String(error);
  }
}
