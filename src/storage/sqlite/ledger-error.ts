/** Maps errors of SQLite to errors of the ledger. */
import Database from 'better-sqlite3';
import { AppError } from '../../errors.ts';

/** Primary result codes after which a retry may succeed (sqlite.org/rescode.html). */
const TRANSIENT = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|PROTOCOL|NOMEM|AUTH|PERM)/;
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

export function ledgerError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (TRANSIENT.test(error.code)) {
    return new AppError('ledger_unavailable', 'The ledger cannot be used now; try again later.', {
      detail: error.code,
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
