import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import { AppError } from '../../../../src/errors.ts';
import { formatLicenseId } from '../../../../src/license-code/license-id.ts';
import { checkLedger, type Finding } from '../../../../src/storage/sqlite/check/check.ts';
import { type Connection, openLedgerFile } from '../../../../src/storage/sqlite/file/open.ts';
import { issueOf, messageOf, orderOf } from '../../../kit/ledger-data.ts';
import { CHECK_KEYS, dump, findingsOf, folderFor, openWithMessage } from '../../../kit/ledger-file.ts';
import { ID_SECRET } from '../../../kit/minting.ts';
import { editLedger } from '../../../kit/reused-ledger.ts';
import { soundLedger } from '../../../kit/sound-ledger.ts';

/** The number of licenses of soundLedger. */
const LICENSES = 6;

/** Columns that may change freely, with the reason. The tests below edit every other column of every table. */
const FREE: Readonly<Record<string, string>> = {
  'license.customer': 'licenses do not depend on their customer: people are erased and corrected',
  'license.delivered_at': 'set after the seal; only selects between units of the same customer',
  'fulfillment.delivered_at': 'the same',
  'license.due': 'each request also decides what is due',
  'license.handed': 'may be higher than the answers: codes are also handed out by mail',
  'license.subscription': 'follows from facts; the next fact corrects it',
  'outbox.lease': 'taken without a new seal; it runs out',
  'outbox.first_tried_at': 'the same; only the date of a mail',
  'download_count.pen': 'the sum over all pens is compared: which of them counted says nothing',
  'event.payload': 'deleted after a time; the digest finds another text',
  'revocation_list.changed': 'a list that is marked needlessly is published again',
};

function bytesOf(connection: Connection): Buffer {
  const bytes = connection.serialize();
  // A database in memory has no WAL (sqlite.org/fileformat.html, 1.3.3).
  return bytes.fill(1, 18, 20);
}

/** A copy in memory, to edit. */
const copyOf = (connection: Connection): Connection => new Database(bytesOf(connection));

/** Errors that SQLite raises even with every check off: duplicate keys, wrong types of a strict table. */
const REFUSED = /^SQLITE_(CONSTRAINT|MISMATCH)/;

/** The findings after an edit with every check off; undefined if SQLite refuses the edit. */
type FindAfter = (edit: (copy: Connection) => void) => readonly Finding[] | undefined;

/** For many edits of one ledger, each undone before the next. */
function findingsBetween(t: ExecutionContext, sound: Connection): FindAfter {
  const edited = editLedger(join(folderFor(t), 'edited.sqlite'), bytesOf(sound));
  t.teardown(() => edited.close());
  return (edit) => edited.after((copy) => isAccepted(copy, edit), findingsOf);
}

/** For one edit. */
function findingsAfter(sound: Connection, edit: (copy: Connection) => void): ReturnType<FindAfter> {
  const copy = copyOf(sound);
  try {
    copy.pragma('foreign_keys = OFF');
    copy.pragma('ignore_check_constraints = ON');
    if (!isAccepted(copy, edit)) return undefined;
    copy.pragma('ignore_check_constraints = OFF');
    return findingsOf(copy);
  } finally {
    copy.close();
  }
}

function isAccepted(copy: Connection, edit: (copy: Connection) => void): boolean {
  try {
    edit(copy);
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError && REFUSED.test(error.code)) return false;
    throw error;
  }
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

const TABLES = [
  'message',
  'terms',
  'sold_terms',
  'customer',
  'license',
  'code',
  'fulfillment',
  'history',
  'fact',
  'event',
  'flag',
  'owed',
  'daily',
  'daily_position',
  'outbox',
  'outbox_try',
  'outbox_target',
  'console_link',
  'console_passkey',
  'console_session',
  'console_history',
  'console_count',
  'address_change',
  'download',
  'download_count',
  'withdrawal',
  'revocation_list',
  'pen',
  'identity',
  'schema_version',
];

const columnsOf = (connection: Connection, table: string) =>
  connection.pragma(`table_info(${table})`) as Column[];

type Value = number | string | Buffer | null;

function rowsOf(connection: Connection, table: string): Record<string, Value>[] {
  return connection.prepare<[], Record<string, Value>>(`SELECT * FROM ${table}`).all();
}

/** Other values that are similar to a value. */
function editsOf(value: Value, type: string): Value[] {
  if (type === 'INTEGER' || type === 'REAL')
    return typeof value === 'number' ? [value + 1, value - 1, 0, null] : [0, 1];
  if (type === 'TEXT') {
    if (typeof value !== 'string') return ['', 'active'];
    const last = value.at(-1) === '0' ? '1' : '0';
    const digits = `${value.slice(0, -1)}${last}`;
    return [
      digits,
      `${value} `,
      value.toLowerCase(),
      value.toUpperCase(),
      `${value}\0`,
      value.replace(/\w/, 'Z'),
      '',
      null,
    ];
  }
  if (value === null) return [Buffer.alloc(16), Buffer.alloc(32)];
  const bytes = value as Buffer;
  const flipped = [0, bytes.length - 1].map((at) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
    return copy;
  });
  return [...flipped, Buffer.alloc(bytes.length), bytes.subarray(1), null];
}

/** The condition that selects one row by its primary key. */
function rowIs(columns: readonly Column[], row: Record<string, Value>): { where: string; values: Value[] } {
  const keys = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
  if (keys.length === 0) return { where: 'TRUE', values: [] };
  return { where: keys.map((name) => `${name} = ?`).join(' AND '), values: keys.map((name) => row[name]!) };
}

test('the check of a sound ledger yields no findings and returns the number of licenses', async (t) => {
  const { connection } = await soundLedger(t);
  const run = checkLedger(connection, CHECK_KEYS);
  t.deepEqual(run.next(), { done: true, value: { licenses: LICENSES } });
  t.false(connection.inTransaction);
});

test('an empty ledger is sound', async (t) => {
  t.deepEqual(findingsOf((await openWithMessage(t)).connection), []);
});

test('the check reads licenses of several pages', async (t) => {
  const { ledger, connection } = await openWithMessage(t);
  await ledger.issue(issueOf({ order: '1', quantity: 1000 }));
  await ledger.issue(issueOf({ order: '2', quantity: 300 }));
  const run = checkLedger(connection, CHECK_KEYS);
  t.deepEqual(run.next(), { done: true, value: { licenses: 1300 } });
  connection.exec("UPDATE license SET state = 'revoked' WHERE number = 1002");
  const { id } = (await ledger.findOrder(orderOf({ order: '2' })))!.licenses[1]!;
  t.deepEqual(
    [...new Set(findingsOf(connection).map(({ where }) => where))],
    [`license ${formatLicenseId(id)} of order 2`, 'the counts of 2026-11-21, live, app'],
    'the license, and the day on which it was counted',
  );
});

for (const table of TABLES) {
  test(`every edit of every cell of ${table} is found, except in free columns`, async (t) => {
    const { connection } = await soundLedger(t);
    const findAfter = findingsBetween(t, connection);
    const columns = columnsOf(connection, table);
    t.true(columns.length > 0);
    for (const { name, type } of columns) {
      let tried = 0;
      for (const row of differing(rowsOf(connection, table), name)) {
        const value = row[name]!;
        const { where, values } = rowIs(columns, row);
        for (const edit of editsOf(value, type)) {
          if (edit === value || (Buffer.isBuffer(edit) && Buffer.isBuffer(value) && edit.equals(value)))
            continue;
          const findings = findAfter((copy) =>
            copy.prepare(`UPDATE ${table} SET ${name} = ? WHERE ${where}`).run(edit, ...values),
          );
          if (findings === undefined) continue;
          tried += 1;
          const what = `${table}.${name} of ${String(values)}: ${String(value)} -> ${String(edit)}`;
          if (FREE[`${table}.${name}`] === undefined) t.not(findings.length, 0, what);
        }
      }
      t.true(tried > 0, `the control: ${table}.${name} was edited`);
    }
  });
}

/** Up to three rows with different values of a column. */
function differing(rows: readonly Record<string, Value>[], name: string): readonly Record<string, Value>[] {
  const byValue = new Map(rows.map((row) => [String(row[name]), row]));
  return [...byValue.values()].slice(0, 3);
}

test('a cell with the value of another row is found', async (t) => {
  const { connection } = await soundLedger(t);
  const findAfter = findingsBetween(t, connection);
  for (const table of TABLES) {
    const columns = columnsOf(connection, table);
    const rows = rowsOf(connection, table);
    for (const { name } of columns) {
      if (FREE[`${table}.${name}`] !== undefined) continue;
      for (const row of differing(rows, name)) {
        for (const { [name]: other } of differing(rows, name)) {
          const value = row[name]!;
          if (other === value || (Buffer.isBuffer(other) && Buffer.isBuffer(value) && other.equals(value)))
            continue;
          const { where, values } = rowIs(columns, row);
          const findings = findAfter((copy) =>
            copy.prepare(`UPDATE ${table} SET ${name} = ? WHERE ${where}`).run(other, ...values),
          );
          t.not(findings?.length, 0, `${table}.${name}: ${String(value)} -> ${String(other)}`);
        }
      }
    }
  }
});

test('an edit of a free column is no finding', async (t) => {
  const { connection } = await soundLedger(t);
  for (const sql of [
    'UPDATE license SET customer = NULL',
    'UPDATE license SET delivered_at = 1',
    'UPDATE fulfillment SET delivered_at = NULL',
    'UPDATE license SET due = 1',
    'UPDATE license SET handed = 65535',
    'UPDATE event SET payload = NULL',
    'UPDATE revocation_list SET changed = 1',
  ]) {
    t.deepEqual(
      findingsAfter(connection, (copy) => copy.exec(sql)),
      [],
      sql,
    );
  }
});

/** A deleted list is published again. */
const DELETABLE = ['revocation_list', 'address_change'];

for (const table of TABLES.filter((table) => !DELETABLE.includes(table))) {
  test(`a deleted row of ${table} is found`, async (t) => {
    const { connection } = await soundLedger(t);
    const findAfter = findingsBetween(t, connection);
    const columns = columnsOf(connection, table);
    for (const row of rowsOf(connection, table)) {
      const { where, values } = rowIs(columns, row);
      const findings = findAfter((copy) =>
        copy.prepare(`DELETE FROM ${table} WHERE ${where}`).run(...values),
      );
      t.not(findings?.length, 0, `${table} ${String(values)}`);
    }
  });
}

test('a license that was deleted with all of its rows is found by the number of licenses, also the newest', async (t) => {
  const { connection } = await soundLedger(t);
  for (const number of [1, 2, LICENSES]) {
    const findings = findingsAfter(connection, (copy) => {
      for (const table of ['history', 'fulfillment', 'code', 'withdrawal'])
        copy.exec(`DELETE FROM ${table} WHERE license = ${number}`);
      copy.exec(`DELETE FROM license WHERE number = ${number}`);
    });
    t.true(
      findings?.some(({ where, fault }) => where === 'the licenses' && /^1 missing/.test(fault)),
      JSON.stringify(findings),
    );
  }
});

const INSERTS: readonly (readonly [string, string])[] = [
  ['a second license of a unit', copyLicense('99', { marketplace: "'fastspring'" })],
  ['a license of another unit', copyLicense('99', { unit: '9' })],
  ['a license numbered 0', copyLicense('0', { unit: '9' })],
  ['a license with a negative number', copyLicense('-7', { unit: '9' })],
  ['a license with a number that is not exact', copyLicense('9007199254740993', { unit: '9' })],
  ['a license with the largest number', copyLicense('9223372036854775807', { unit: '9' })],
  ['a code of an unknown revision', 'INSERT INTO code SELECT license, revision + 7, text FROM code LIMIT 1'],
  ['a code of no license', 'INSERT INTO code SELECT 77, revision, text FROM code LIMIT 1'],
  ['a second answer', copyInto('fulfillment', 'sequence = 9')],
  ['an answer of no license', copyInto('fulfillment', 'license = 77')],
  ['one more row of history', copyInto('history', 'sequence = 9')],
  ['history of no license', copyInto('history', 'license = 77')],
  ['a second identity', 'INSERT INTO identity SELECT * FROM identity'],
  [
    'a second pen',
    'CREATE TEMP TABLE copied AS SELECT * FROM pen; UPDATE copied SET pen = 1; INSERT INTO pen SELECT * FROM copied',
  ],
  [
    'a message under a digest that is not its own',
    'INSERT INTO message SELECT zeroblob(32), content FROM message LIMIT 1',
  ],
];

/** A copy of license 2 with another number and id. */
function copyLicense(number: string, changes: Readonly<Record<string, string>>): string {
  const set = Object.entries({ number, id: 'randomblob(16)', ...changes }).map(
    ([name, value]) => `${name} = ${value}`,
  );
  return `CREATE TEMP TABLE copied AS SELECT * FROM license WHERE number = 2;
    UPDATE copied SET ${set.join()}; INSERT INTO license SELECT * FROM copied; DROP TABLE copied`;
}

function copyInto(table: string, change: string): string {
  return `CREATE TEMP TABLE copied AS SELECT * FROM ${table} LIMIT 1;
    UPDATE copied SET ${change}; INSERT INTO ${table} SELECT * FROM copied; DROP TABLE copied`;
}

for (const [what, sql] of INSERTS) {
  test(`an inserted row is found: ${what}`, async (t) => {
    const { connection } = await soundLedger(t);
    const findings = findingsAfter(connection, (copy) => copy.exec(sql));
    t.true(findings !== undefined && findings.length > 0);
  });
}

for (const [what, sql] of [
  [
    'a constraint that was removed from a table',
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'UNIQUE CHECK (length(id) = 16)', 'UNIQUE') WHERE name = 'license'",
  ],
  ['a trigger', "CREATE TRIGGER t AFTER INSERT ON license BEGIN UPDATE license SET state = 'active'; END"],
  ['a view', 'CREATE VIEW v AS SELECT 1'],
  ['a table', 'CREATE TABLE more (a)'],
] as const) {
  test(`${what} is found`, async (t) => {
    const { connection } = await soundLedger(t);
    const copy = copyOf(connection);
    copy.unsafeMode();
    copy.exec(sql);
    t.not(findingsOf(copy).length, 0);
    copy.close();
  });
}

test('statistics of ANALYZE are no finding', async (t) => {
  const { connection } = await soundLedger(t);
  connection.exec('ANALYZE');
  t.deepEqual(findingsOf(connection), []);
});

for (const content of [
  '{"productId":"app","productName":"App","features":["export"],"body":"A second text","more":1}',
  '{"digest":"x","productId":"app","productName":"App","features":["export"],"body":"A second text"}',
  '{"productId": "app","productName":"App","features":["export"],"body":"A second text"}',
  'null',
  'not even JSON',
]) {
  test(`an edited message is found: ${content}`, async (t) => {
    const { connection } = await soundLedger(t);
    const digest = messageOf('A second text').digest;
    const findings = findingsAfter(connection, (copy) =>
      copy
        .prepare('UPDATE message SET content = ? WHERE digest = ?')
        .run(content, Buffer.from(digest, 'hex')),
    );
    t.deepEqual(findings, [{ where: `message ${digest}`, fault: 'does not match its digest' }]);
  });
}

test('with another id secret the check reports every license and every sealed row', async (t) => {
  const { connection } = await soundLedger(t);
  const findings = [...checkLedger(connection, { ...CHECK_KEYS, idSecret: Buffer.alloc(32) })];
  const licenses = new Set(
    findings.map(({ where }) => where).filter((where) => where.startsWith('license ')),
  );
  t.is(licenses.size, LICENSES);
  for (const where of [
    'the row that identifies the ledger',
    'the counts of the ledger',
    'the revocation list of app',
  ]) {
    t.true(
      findings.some((finding) => finding.where === where),
      where,
    );
  }
});

test('no finding contains a name, an address or the number of a row', async (t) => {
  const { connection } = await soundLedger(t);
  const findings = findingsAfter(connection, (copy) =>
    copy.exec(
      "UPDATE customer SET name = name || 'x'; UPDATE license SET cause = 'x'; UPDATE history SET cause = 'x'",
    ),
  );
  t.true(findings!.length > 6);
  t.notRegex(JSON.stringify(findings), /Ada|Receiver|example\.com/);
  for (const { where } of findings!) t.notRegex(where, /license \d+$/);
});

test('a single flipped bit of the file is found, or changes no column that the check covers', async (t) => {
  const { connection, file } = await soundLedger(t);
  const content = contentOf(connection);
  connection.pragma('wal_checkpoint(TRUNCATE)');
  const bytes = readFileSync(file);
  const flipped = join(folderFor(t), 'flipped.sqlite');
  let found = 0;
  // The step is coprime to the page size and to 8, and so visits all pages and all bits of a byte.
  for (let bit = 3; bit < bytes.length * 8; bit += 4999) {
    const damaged = Buffer.from(bytes);
    const at = bit >> 3;
    damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << (bit & 7)), at);
    writeFileSync(flipped, damaged);
    try {
      const copy = openLedgerFile(flipped, ID_SECRET);
      try {
        if (findingsOf(copy).length > 0) found += 1;
        else if (contentOf(copy) !== content) t.fail(`bit ${bit & 7} of byte ${at} was not found`);
      } finally {
        copy.close();
      }
    } catch (error) {
      t.true(error instanceof AppError, error instanceof Error ? error.stack : '');
      found += 1;
    }
  }
  t.true(found > 0);
});

/** All rows, without the free columns. */
function contentOf(connection: Connection): string {
  const rows = Object.entries(dump(connection, ['customer'])).map(([table, rows]) =>
    rows.map((row) =>
      Object.entries(JSON.parse(row)).filter(([name]) => FREE[`${table}.${name}`] === undefined),
    ),
  );
  return JSON.stringify(rows);
}
