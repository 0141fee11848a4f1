/** Maps errors of PostgreSQL to errors of the ledger, and decides which of them are worth a retry. */
import { AppError } from '../../../errors.ts';

/** Serialization failure, deadlock, a name that is held, a row that is there already. */
const REPEATABLE = new Set(['40001', '40P01', '55P03', '23505', '40003']);

/** Connection exceptions, resources, operator intervention, system errors, a standby (postgresql.org, Appendix A). */
const TRANSIENT = /^(08|53|57|58|25006|25P0|55)/;
const DAMAGED = /^XX00[12]$/;

/** The SQLSTATE of an error of the database. */
export function stateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** A table or a function of the schema is gone: a new connection says whether its database has the ledger still. */
const GONE = ['42P01', '42883'];

/** The connection is lost or unusable. Whether the transaction was committed is unknown. */
export function isLost(error: unknown): boolean {
  if (error instanceof AppError) return false;
  if (error instanceof LostConnection || isOutdated(error)) return true;
  const state = stateOf(error);
  return state !== undefined && (/^(08|57P|25006|53300)/.test(state) || GONE.includes(state));
}

/** A later release added a column: the prepared statements of this connection end, and a new connection has others. */
function isOutdated(error: unknown): boolean {
  return (
    stateOf(error) === '0A000' &&
    error instanceof Error &&
    'routine' in error &&
    error.routine === 'RevalidateCachedQuery'
  );
}

export function isRepeatable(error: unknown): boolean {
  return REPEATABLE.has(stateOf(error) ?? '');
}

/** The server told that it undid the transaction. 40003: it does not know. */
export function isUndone(error: unknown): boolean {
  const state = stateOf(error);
  return state !== undefined && state !== '40003' && !isLost(error);
}

/** What another moment may bring through: the database's state is the reason, and not the act. */
export function isPassing(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'ledger_unavailable';
  const state = stateOf(error);
  return (
    error instanceof LostConnection || (state !== undefined && (TRANSIENT.test(state) || isRepeatable(error)))
  );
}

export const TAKES_NO_WRITES =
  'The database takes no writes now: it is a standby, or read-only. Try again later.';

/** PgBouncer has one SQLSTATE for all that it says (tried with 1.18). */
const STATEMENT_MODE = /transaction blocks not allowed in statement pooling mode/;

/** The connection broke: whether what was sent was done is not known. */
export class LostConnection extends Error {}

/** Whether an act was refused because its connection was lost. */
export function isLostTo(refusal: unknown): boolean {
  return refusal instanceof AppError && refusal.cause instanceof LostConnection;
}

export function ledgerError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const state = stateOf(error);
  if (isPassing(error)) {
    return new AppError('ledger_unavailable', passingMessage(error, state), {
      detail: state ?? 'the connection was lost',
      cause: error,
    });
  }
  if (state === undefined) return error;
  if (state === '42501') {
    const message =
      'The role of LEDGER_URL may not do that in the database: grant it what docs/postgresql.md says, or use the role that owns the tables.';
    return new AppError('ledger_unavailable', message, { detail: state, cause: error });
  }
  if (DAMAGED.test(state)) {
    return new AppError('ledger_damaged', 'The ledger cannot be used.', { detail: state, cause: error });
  }
  return new AppError('internal', 'The ledger refused a row or a statement.', {
    detail: state,
    cause: error,
  });
}

function passingMessage(error: unknown, state: string | undefined): string {
  if (state === '25006') return TAKES_NO_WRITES;
  if (error instanceof Error && STATEMENT_MODE.test(error.message))
    return 'The pooler in front of the database has pool_mode = statement, which allows no transactions: set it to transaction.';
  return 'The ledger cannot be used now; try again later.';
}
