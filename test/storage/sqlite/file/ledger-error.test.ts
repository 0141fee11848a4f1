import test from 'ava';
import Database from 'better-sqlite3';
import { AppError } from '../../../../src/errors.ts';
import { ledgerError } from '../../../../src/storage/sqlite/file/ledger-error.ts';

for (const [code, expected] of [
  ['SQLITE_BUSY', 'ledger_unavailable'],
  ['SQLITE_BUSY_SNAPSHOT', 'ledger_unavailable'],
  ['SQLITE_FULL', 'ledger_unavailable'],
  ['SQLITE_IOERR_FSYNC', 'ledger_unavailable'],
  ['SQLITE_CORRUPT_VTAB', 'ledger_damaged'],
  ['SQLITE_NOTADB', 'ledger_damaged'],
  ['SQLITE_CONSTRAINT_UNIQUE', 'internal'],
  ['SQLITE_MISMATCH', 'internal'],
] as const) {
  test(`${code} is mapped to ${expected}, with its code for the log and its cause`, (t) => {
    const cause = new Database.SqliteError('a message of SQLite', code);
    const error = ledgerError(cause);
    if (!(error instanceof AppError)) return t.fail(String(error));
    t.is(error.code, expected);
    t.is(error.detail?.split(': ')[0], code);
    t.is(error.cause, cause);
    t.notRegex(error.message, /a message of SQLite/);
  });
}

test('a file that cannot be written, a full disk and a lock are told apart, with what to look at', (t) => {
  const detailOf = (code: string) => (ledgerError(new Database.SqliteError('x', code)) as AppError).detail;
  t.regex(detailOf('SQLITE_READONLY_DBMOVED') ?? '', /cannot be written: check their owner/);
  t.regex(detailOf('SQLITE_IOERR_SHMSIZE') ?? '', /the disk is full or fails/);
  t.regex(detailOf('SQLITE_BUSY') ?? '', /another process keeps the file locked/);
  t.is(detailOf('SQLITE_NOMEM'), 'SQLITE_NOMEM');
});

test('an error of another origin stays unchanged', (t) => {
  const error = new TypeError('a fault');
  t.is(ledgerError(error), error);
});
