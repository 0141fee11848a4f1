/** Rows that somebody edits in PostgreSQL: `ledger check` finds each edit that would change what the service promises. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { copyToFile } from '../../../src/storage/postgres/copy.ts';
import type { CheckKeys } from '../../../src/storage/sqlite/check/check.ts';
import { openLedgerFile } from '../../../src/storage/sqlite/file/open.ts';
import type { Cluster } from '../../postgres/cluster.ts';
import { connect } from '../../postgres/connect.ts';
import { newSchema } from '../../postgres/server.ts';
import { editLedger, KINDS } from '../edited-ledger/edits.ts';
import { checked, checkKeysOf, clear, differenceOf, rowsOf } from '../edited-ledger/judge.ts';
import { makeContent } from '../edited-ledger/ledger-content.ts';
import { promisesOf } from '../edited-ledger/promises.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';
import { applyEdit, type Edit, editBetween, undone } from './row-edits.ts';

/** What is wrong with the copy of a database; undefined where nothing is found. */
type Check = (file: string, keys: CheckKeys, cluster: Cluster) => string | undefined;

/** A single bit of a page is the matter of PostgreSQL's checksums. */
const ROW_KINDS = KINDS.filter((kind) => kind !== 'bit');

/** Tries until PostgreSQL takes an edit: its types and constraints hold. */
const MOST_TRIES = 50;

export const postgresEdited: Proof = {
  title:
    'PostgreSQL: cells and rows are edited, added and removed by its superuser; `ledger check` finds all that touch a promise',
  unit: 'edits',
  quick: 12,
  full: 600,
  run: (edits, tools) => editAndCheck(edits, tools, checked),
  controls: [{ title: '`pg_amcheck` alone', run: (tools) => editAndCheck(8, tools, pagesAlone, 1) }],
};

/** `enough`: violations after which it ends. */
async function editAndCheck(edits: number, tools: Tools, check: Check, enough = 5): Promise<Outcome> {
  const cluster = await privateCluster(tools);
  const url = await newSchema();
  const content = await makeContent(tools, url);
  const keys = checkKeysOf(content);
  const client = await connect(url);
  tools.teardown(() => client.end());
  const file = join(tools.folder, 'edited.sqlite');
  const copy = async () => {
    clear(file);
    const connection = openLedgerFile(file, keys.idSecret);
    await copyToFile(url, connection).finally(() => connection.close());
  };
  await copy();
  const violations: string[] = [];
  const fault = check(file, keys, cluster);
  if (fault !== undefined) violations.push(`an unedited ledger has a fault: ${fault}`);
  const rows = rowsOf(file);
  const sound = join(tools.folder, 'sound.sqlite');
  copyFileSync(file, sound);
  const promised = await promisesOf(content, file);
  let found = 0;
  for (let number = 0; number < edits && violations.length < enough; number++) {
    const { what, edit } = await editSomething(client, sound, number, tools);
    await copy();
    if (check(file, keys, cluster) !== undefined) found += 1;
    else if (rowsOf(file) !== rows) {
      const broken = await differenceOf(content, file, promised);
      if (broken !== undefined) violations.push(`edit ${number} was not found: ${what}; then ${broken}`);
    }
    await applyEdit(client, undone(edit));
  }
  await copy();
  if (rowsOf(file) !== rows) violations.push('the edits were not undone: nothing was proved');
  if (found === 0) violations.push('no edit was found at all');
  tools.note(`${edits} edits: ${found} found, ${violations.length} missed, the others change no promise`);
  return { done: edits, violations };
}

/** The edit is chosen in a copy, and made in the database. */
async function editSomething(
  client: pg.Client,
  sound: string,
  number: number,
  tools: Tools,
): Promise<{ readonly what: string; readonly edit: Edit }> {
  const kind = ROW_KINDS[number % ROW_KINDS.length] ?? 'cell';
  const file = join(tools.folder, 'chosen.sqlite');
  for (let tried = 0; tried < MOST_TRIES; tried++) {
    clear(file);
    const what = editLedger(readFileSync(sound), file, kind, tools);
    const edit = editBetween(sound, file);
    if (edit.length > 0 && (await applyEdit(client, edit))) return { what, edit };
  }
  throw new Error(`no edit of the kind ${kind} was possible`);
}

function pagesAlone(
  _file: string,
  _keys: CheckKeys,
  { programs, folder, port }: Cluster,
): string | undefined {
  try {
    execFileSync(
      join(programs, 'pg_amcheck'),
      ['-h', folder, '-p', port, '-U', 'postgres', '--install-missing', '--heapallindexed', 'postgres'],
      { stdio: 'pipe' },
    );
    return undefined;
  } catch (error) {
    return String(error);
  }
}
