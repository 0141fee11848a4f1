import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import { AppError } from '../../../../src/errors.ts';
import { openLedgerFile, openToRead } from '../../../../src/storage/sqlite/file/open.ts';
import { MIGRATIONS } from '../../../../src/storage/sqlite/schema/migrations.ts';
import { dump, folderFor, openLedger } from '../../../kit/ledger-file.ts';
import { ID_SECRET } from '../../../kit/minting.ts';

const digestOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const modeOf = (path: string) => statSync(path).mode & 0o777;

const STEPS = [
  { name: 'one', sql: 'CREATE TABLE one (a INTEGER) STRICT; INSERT INTO one VALUES (1)' },
  { name: 'two', sql: 'CREATE TABLE two (a INTEGER) STRICT; INSERT INTO two SELECT count(*) FROM one' },
];
const FAILING = {
  name: 'three',
  sql: 'CREATE TABLE three (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1)',
};

test('only its owner can read a new ledger, its WAL and its folder', (t) => {
  const file = join(folderFor(t), 'data', 'deep', 'ledger.sqlite');
  const { connection } = openLedger(t, { file });
  connection.exec("INSERT INTO message VALUES (zeroblob(32), '')");
  t.is(modeOf(join(file, '..')), 0o700);
  t.is(modeOf(join(file, '..', '..')), 0o700);
  for (const path of [file, `${file}-wal`, `${file}-shm`]) t.is(modeOf(path), 0o600, path);
});

test('the permissions of an existing folder stay unchanged', (t) => {
  const folder = join(folderFor(t), 'data');
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  openLedger(t, { file: join(folder, 'ledger.sqlite') });
  t.is(modeOf(folder), 0o755);
});

test('every connection has the settings that durability needs', async (t) => {
  const { file, ledger } = openLedger(t);
  await ledger.close();
  const { connection } = openLedger(t, { file });
  const setting = (name: string) => connection.pragma(name, { simple: true });
  t.is(setting('journal_mode'), 'wal');
  t.is(setting('synchronous'), 2);
  t.is(setting('foreign_keys'), 1);
  t.is(setting('trusted_schema'), 0);
  t.true(Number(setting('busy_timeout')) > 0);
});

test('a database in memory is refused, because it has no WAL', (t) => {
  // `:memory:` is also a file's name, so that the process runs in its own folder.
  const program = `
    import { openLedgerFile } from '${new URL('../../../../src/storage/sqlite/file/open.ts', import.meta.url)}';
    try { openLedgerFile(process.argv[1], new Uint8Array(32)); console.log('opened'); } catch (error) { console.log(error.code); }`;
  const open = (file: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', program, file], {
      cwd: folderFor(t),
      encoding: 'utf8',
    }).stdout.trim();
  t.is(open(':memory:'), 'bad_configuration');
  t.is(open('./:memory:'), 'opened');
});

test('every table is STRICT', (t) => {
  const { connection } = openLedger(t);
  const tables = connection.pragma('table_list') as { schema: string; name: string; strict: number }[];
  const own = tables.filter(({ schema, name }) => schema === 'main' && !name.startsWith('sqlite_'));
  t.deepEqual(own.map(({ name }) => name).sort(), [
    'address_change',
    'code',
    'console_count',
    'console_history',
    'console_link',
    'console_passkey',
    'console_session',
    'customer',
    'daily',
    'daily_position',
    'download',
    'download_count',
    'event',
    'fact',
    'flag',
    'fulfillment',
    'history',
    'identity',
    'inquiry',
    'job',
    'license',
    'link_generation',
    'message',
    'outbox',
    'outbox_target',
    'outbox_try',
    'owed',
    'pen',
    'refused_call',
    'revocation_list',
    'schema_version',
    'sold_terms',
    'terms',
    'unit_note',
    'withdrawal',
  ]);
  for (const { name, strict } of own) t.is(strict, 1, name);
});

test('the header of a ledger has its application id and its schema', (t) => {
  const { connection } = openLedger(t);
  t.is(connection.pragma('application_id', { simple: true }), 0x4d494e54);
  t.is(connection.pragma('user_version', { simple: true }), MIGRATIONS.length);
});

test('each migration runs once, in order', (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  openLedgerFile(file, ID_SECRET, STEPS.slice(0, 1)).close();
  openLedgerFile(file, ID_SECRET, STEPS).close();
  const connection = openLedgerFile(file, ID_SECRET, STEPS);
  t.deepEqual(dump(connection), { one: ['{"a":1}'], two: ['{"a":1}'] });
  connection.close();
});

test('a migration that fails is rolled back, and the migrations before it stay', (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  openLedgerFile(file, ID_SECRET, STEPS.slice(0, 1)).close();
  t.throws(() => openLedgerFile(file, ID_SECRET, [...STEPS, FAILING]), { instanceOf: AppError });
  const connection = new Database(file);
  t.deepEqual(Object.keys(dump(connection)), ['one', 'two']);
  t.is(connection.pragma('user_version', { simple: true }), STEPS.length);
  connection.close();
  // The control: without its error the migration runs.
  openLedgerFile(file, ID_SECRET, [
    ...STEPS,
    { name: 'three', sql: FAILING.sql.replace('nowhere', 'one') },
  ]).close();
});

test('a new ledger gets its whole schema or nothing', (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  t.throws(() => openLedgerFile(file, ID_SECRET, [...STEPS, FAILING]), { instanceOf: AppError });
  const connection = new Database(file);
  t.deepEqual(Object.keys(dump(connection)), []);
  t.is(connection.pragma('user_version', { simple: true }), 0);
  connection.close();
});

test('a ledger of a newer Mintmark is refused and unchanged, and the message names both schemas', (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  openLedgerFile(file, ID_SECRET, [...STEPS, { name: 'three', sql: 'SELECT 1' }]).close();
  const before = digestOf(file);
  const error = refused(t, file, STEPS);
  t.is(error.code, 'bad_configuration');
  t.true(error.message.includes(file));
  t.regex(
    error.message,
    /newer Mintmark \(schema 3, readable from schema 3 on; this Mintmark knows schema 2\): update Mintmark/,
  );
  t.is(digestOf(file), before);
});

test('a ledger of a newer Mintmark is opened unchanged if its schema is readable for this release', (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  const newer = (readableFrom: number) => [
    ...STEPS,
    {
      name: 'three',
      sql: `CREATE TABLE schema_version (version INTEGER NOT NULL, readable_from INTEGER NOT NULL) STRICT;
        INSERT INTO schema_version VALUES (3, ${readableFrom})`,
    },
  ];
  openLedgerFile(file, ID_SECRET, newer(2)).close();
  const connection = openLedgerFile(file, ID_SECRET, STEPS);
  t.is(connection.pragma('user_version', { simple: true }), 3, 'no migration is reverted');
  connection.close();
  const unreadable = join(folderFor(t), 'ledger.sqlite');
  openLedgerFile(unreadable, ID_SECRET, newer(3)).close();
  t.regex(refused(t, unreadable, STEPS).message, /readable from schema 3 on/, 'the control');
});

test('every connection overwrites deleted bytes', (t) => {
  const { connection, file } = openLedger(t);
  t.is(connection.pragma('secure_delete', { simple: true }), 1);
  const other = openToRead(file);
  t.is(other.pragma('secure_delete', { simple: true }), 1);
  other.close();
});

test('a database of another program is refused and unchanged', (t) => {
  const file = join(folderFor(t), 'other.sqlite');
  const other = new Database(file);
  other.exec('CREATE TABLE theirs (a)');
  other.close();
  const before = digestOf(file);
  const error = refused(t, file);
  t.is(error.code, 'bad_configuration');
  t.regex(error.message, /other\.sqlite is a database of another program, not a ledger/);
  t.throws(() => openToRead(file), { code: 'bad_configuration', message: /database of another program/ });
  t.is(digestOf(file), before);
});

test('a file that is no database is refused and unchanged, and the message names it', (t) => {
  const file = join(folderFor(t), 'letter.txt');
  writeFileSync(file, 'Dear Ada,\n'.repeat(200));
  const before = digestOf(file);
  const error = refused(t, file);
  t.is(error.code, 'bad_configuration');
  t.true(error.message.includes(file));
  t.is(digestOf(file), before);
});

test('a folder instead of the ledger, and a file instead of its folder, are refused, and the message names them', (t) => {
  const folder = folderFor(t);
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const place of [folder, join(file, 'ledger.sqlite')]) {
    const error = refused(t, place);
    t.is(error.code, 'bad_configuration');
    t.true(error.message.includes(place));
  }
});

test('an empty file, as a crash at the first start leaves it, becomes a ledger', (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  writeFileSync(file, '');
  t.notThrows(() => openLedgerFile(file, ID_SECRET).close());
});

function refused(t: ExecutionContext, file: string, migrations = MIGRATIONS): AppError {
  return t.throws(() => openLedgerFile(file, ID_SECRET, migrations), { instanceOf: AppError })!;
}
