/** The mark beside the keys: an older ledger is refused, a newer ledger is opened (49, 51). */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import { licenseSubject } from '../../../../src/domain/facts/license-subject.ts';
import { AppError } from '../../../../src/errors.ts';
import { acceptRestoredLedger, openMarkedLedger } from '../../../../src/storage/open-ledger.ts';
import { Sealer } from '../../../../src/storage/record/sealer.ts';
import { Mark } from '../../../../src/storage/sqlite/file/mark.ts';
import { readMark, tryMark, writeMark } from '../../../../src/storage/sqlite/file/mark-file.ts';
import { openLedgerFile } from '../../../../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../../../../src/storage/sqlite/sqlite-ledger.ts';
import { factOf, issueOf, issueTo, keepTexts, rulesFor, soldProduct } from '../../../kit/ledger-data.ts';
import { folderFor } from '../../../kit/ledger-file.ts';
import { ID_SECRET } from '../../../kit/minting.ts';

interface Place {
  readonly file: string;
  readonly markFile: string;
}

function placeFor(t: ExecutionContext): Place {
  const folder = folderFor(t);
  return { file: join(folder, 'ledger.sqlite'), markFile: join(folder, 'ledger-mark.json') };
}

const RULES = rulesFor([soldProduct('app')]);
const open = (place: Place, more: { newLedger?: boolean } = {}) =>
  openMarkedLedger(place, { idSecret: ID_SECRET, rules: RULES, ...more });

/** Opens the ledger, runs an act and closes it, which writes the mark. */
async function during(place: Place, act: (ledger: SqliteLedger) => Promise<unknown>): Promise<void> {
  const ledger = open(place);
  await keepTexts(ledger, [soldProduct('app')]);
  await act(ledger);
  await ledger.close();
}

const sell = (order: string) => (ledger: SqliteLedger) => ledger.issue(issueOf({ order }));

function withdraw(order: string) {
  return async (ledger: SqliteLedger) => {
    const { held } = await issueTo(ledger, issueOf({ order }));
    const about = { marketplace: 'paddle-classic' } as const;
    await ledger.addFacts([factOf(licenseSubject(held.licenses[0].id), { kind: 'withdrawn' }, about)]);
  };
}

function copyOf({ file }: Place): () => void {
  const copy = `${file}.copy`;
  copyFileSync(file, copy);
  return () => {
    for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
    copyFileSync(copy, file);
  };
}

function refused(t: ExecutionContext, place: Place): string {
  const error = t.throws(() => open(place), { instanceOf: AppError })!;
  t.is(error.code, 'bad_configuration');
  t.regex(error.message, /mintmark ledger accept-restored|--new-ledger/, 'the message names the remedy');
  return error.message;
}

test('a ledger that continues from its last state is opened', async (t) => {
  const place = placeFor(t);
  for (const act of [sell('1'), withdraw('1'), sell('2')]) await during(place, act);
  t.true(existsSync(place.markFile));
  await during(place, sell('3'));
});

for (const [what, newer] of [
  ['a sale', sell('2')],
  ['a change of a license', withdraw('1')],
] as const) {
  test(`an older copy of the ledger, without ${what}, is refused`, async (t) => {
    const place = placeFor(t);
    await during(place, sell('1'));
    const putBack = copyOf(place);
    await during(place, newer);
    putBack();
    t.regex(refused(t, place), /older/);
  });

  test(`an older copy without ${what} that got other rows is refused`, async (t) => {
    const place = placeFor(t);
    await during(place, sell('1'));
    const putBack = copyOf(place);
    const mark = readFileSync(place.markFile);
    await during(place, newer);
    const newest = readFileSync(place.markFile);
    putBack();
    writeFileSync(place.markFile, mark);
    for (const order of ['other', 'more']) await during(place, withdraw(order));
    writeFileSync(place.markFile, newest);
    t.regex(refused(t, place), /different copy/);
  });
}

test('a ledger without its newest license and that license’s rows is refused', async (t) => {
  const place = placeFor(t);
  for (const order of ['1', '2']) await during(place, sell(order));
  const connection = new Database(place.file);
  const pen = connection.prepare('SELECT * FROM pen').get();
  connection.exec('DELETE FROM license WHERE number = 2');
  connection.close();
  t.not(pen, undefined);
  t.regex(refused(t, place), /lost its newest rows/);
});

test('a mark that lags is accepted', async (t) => {
  const place = placeFor(t);
  await during(place, sell('1'));
  const mark = readFileSync(place.markFile);
  await during(place, sell('2'));
  writeFileSync(place.markFile, mark);
  await t.notThrowsAsync(during(place, sell('3')));
});

test('an edited mark and the mark of another ledger are refused', async (t) => {
  const place = placeFor(t);
  await during(place, sell('1'));
  const mark = readFileSync(place.markFile, 'utf8');
  writeFileSync(place.markFile, mark.replace('"0 last license": 1', '"0 last license": 0'));
  t.regex(refused(t, place), /was edited/);
  const other = placeFor(t);
  await during(other, sell('1'));
  copyFileSync(other.markFile, place.markFile);
  t.regex(refused(t, place), /another ledger/);
});

test('a restored ledger is opened once it is accepted, and the mark keeps the reason', async (t) => {
  const place = placeFor(t);
  await during(place, sell('1'));
  const putBack = copyOf(place);
  await during(place, sell('2'));
  putBack();
  refused(t, place);
  await acceptRestoredLedger(place, { idSecret: ID_SECRET, at: 5, reason: 'the disk failed' });
  await during(place, sell('3'));
  await during(place, sell('4'));
  t.deepEqual(JSON.parse(readFileSync(place.markFile, 'utf8')).accepted, [
    { at: 5, reason: 'the disk failed' },
  ]);
});

test('accepting a restored ledger replaces an edited mark, without its old reasons', async (t) => {
  const place = placeFor(t);
  await during(place, sell('1'));
  await acceptRestoredLedger(place, { idSecret: ID_SECRET, at: 5, reason: 'the disk failed' });
  const mark = readFileSync(place.markFile, 'utf8');
  writeFileSync(place.markFile, mark.replace('the disk failed', 'no reason'));
  refused(t, place);
  await acceptRestoredLedger(place, { idSecret: ID_SECRET, at: 6, reason: 'the mark was edited' });
  await during(place, sell('2'));
  t.deepEqual(JSON.parse(readFileSync(place.markFile, 'utf8')).accepted, [
    { at: 6, reason: 'the mark was edited' },
  ]);
});

test('a missing ledger with a mark is created again only with --new-ledger', async (t) => {
  const place = placeFor(t);
  await during(place, sell('1'));
  for (const end of ['', '-wal', '-shm']) rmSync(`${place.file}${end}`, { force: true });
  t.regex(refused(t, place), /is missing/);
  t.false(existsSync(place.file));
  await open(place, { newLedger: true }).close();
  await during(place, sell('1'));
});

test('a mark that cannot be written leaves no file beside it', async (t) => {
  const { markFile } = placeFor(t);
  mkdirSync(markFile);
  const sealer = new Sealer(ID_SECRET);
  const mark = { ledger: 'aa', counts: {}, witnesses: [], accepted: [] };
  await t.throwsAsync(writeMark(markFile, mark, sealer));
  t.deepEqual(readdirSync(dirname(markFile)), ['ledger-mark.json']);
  t.is(readMark(markFile, sealer), 'damaged');
  rmdirSync(markFile);
  await writeMark(markFile, mark, sealer);
  t.deepEqual(readMark(markFile, sealer), mark, 'the control');
  t.is(readMark(markFile, new Sealer(Buffer.alloc(32, 1))), 'damaged', 'with another id secret');
});

test('a mark that cannot be written is reported once, until a write succeeds', async (t) => {
  const place = placeFor(t);
  const folder = join(dirname(place.file), 'keys');
  const faults: unknown[] = [];
  const file = join(folder, 'ledger-mark.json');
  const mark = new Mark(file, (error) => faults.push(error));
  const connection = openLedgerFile(place.file, ID_SECRET);
  const ledger = new SqliteLedger(connection, { idSecret: ID_SECRET, rules: RULES, mark });
  await keepTexts(ledger, [soldProduct('app')]);
  // It is written a second after the commits.
  while (faults.length === 0) await wait(50);
  await sell('1')(ledger);
  await mark.close();
  t.deepEqual(
    faults.map((error) => (error as NodeJS.ErrnoException).code),
    ['ENOENT'],
  );
  await t.throwsAsync(tryMark(file), { code: 'ENOENT' });
  mkdirSync(folder);
  await tryMark(file);
  t.deepEqual(readdirSync(folder), [], 'a try leaves no file');
  await ledger.close();
});

test('a disk that fails while the mark is read from the ledger is reported, and the next mark is written', async (t) => {
  const place = placeFor(t);
  const faults: unknown[] = [];
  const mark = new Mark(place.markFile, (error) => faults.push(error));
  const connection = openLedgerFile(place.file, ID_SECRET);
  const ledger = new SqliteLedger(connection, { idSecret: ID_SECRET, rules: RULES, mark });
  await keepTexts(ledger, [soldProduct('app')]);
  await sell('1')(ledger);
  const prepare = connection.prepare;
  const fault = new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_READ');
  connection.prepare = () => {
    throw fault;
  };
  while (faults.length === 0) await wait(50);
  connection.prepare = prepare;
  t.deepEqual(faults, [fault]);
  await sell('2')(ledger);
  await mark.close();
  t.true(existsSync(place.markFile));
  await ledger.close();
});
