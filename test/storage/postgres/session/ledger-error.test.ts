/** Errors of PostgreSQL as errors of the ledger. */
import test from 'ava';
import { AppError } from '../../../../src/errors.ts';
import { ledgerError } from '../../../../src/storage/postgres/session/ledger-error.ts';

for (const [state, expected, message] of [
  ['42501', 'ledger_unavailable', /role of LEDGER_URL may not do that in the database: grant it/],
  ['25006', 'ledger_unavailable', /takes no writes/],
  ['53100', 'ledger_unavailable', /cannot be used now/],
  ['40001', 'ledger_unavailable', /cannot be used now/],
  ['XX001', 'ledger_damaged', /cannot be used/],
  ['22001', 'internal', /refused a row/],
] as const) {
  test(`${state} is mapped to ${expected}, with its state for the log and its cause`, (t) => {
    const cause = Object.assign(new Error('a message of PostgreSQL'), { code: state });
    const error = ledgerError(cause);
    if (!(error instanceof AppError)) return t.fail(String(error));
    t.deepEqual([error.code, error.detail, error.cause], [expected, state, cause]);
    t.regex(error.message, message);
    t.notRegex(error.message, /a message of PostgreSQL/);
  });
}
