/** Maps errors of SQLite to errors of the ledger. */
import Database from 'better-sqlite3';
import { AppError } from '../../../errors.ts';
import { WAS_MOVED } from './moved.ts';

/** Primary result codes after which a retry may succeed (sqlite.org/rescode.html). */
const TRANSIENT = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|PROTOCOL|NOMEM|AUTH|PERM)/;
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/** For the log and the operator's terminal. */
const REMEDIES = [
  [
    /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/,
    'the file or its folder cannot be written: check their owner, and whether the disk is read-only',
  ],
  [/^SQLITE_(FULL|IOERR)/, 'the disk is full or fails: see how much room it has'],
  [/^SQLITE_(BUSY|LOCKED)/, 'another process keeps the file locked: see which one has it open'],
] as const;

export function ledgerError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const isMoved = error.message === WAS_MOVED;
  if (isMoved || TRANSIENT.test(error.code)) {
    return new AppError('ledger_unavailable', 'The ledger cannot be used now; try again later.', {
      detail: isMoved ? `${WAS_MOVED}: set LEDGER_URL to the new place` : withRemedy(error.code),
      cause: error,
    });
  }
  if (DAMAGED.test(error.code)) {
    return new AppError('ledger_damaged', 'The ledger cannot be used.', { detail: error.code, cause: error });
  }
  return new AppError('internal', 'The ledger refused a row or a statement.', {
    detail: error.code,
    cause: error,
  });
}

function withRemedy(code: string): string {
  const [, remedy] = REMEDIES.find(([codes]) => codes.test(code)) ?? [];
  return remedy === undefined ? code : `${code}: ${remedy}`;
}
