/** A ledger that was moved to another place stays readable and mints nothing: two ledgers that mint would never be found. */
import { AppError } from '../../../errors.ts';
import type { Connection } from './connection.ts';

/** In the column `readable_from` of `schema_version`: no release may write to the ledger. */
export const MOVED = 1_000_000;

/** Said by the triggers of a moved ledger. */
export const WAS_MOVED = 'the ledger was moved';

/** Inside a transaction. Also stops a service that is running on the ledger, and its probe (write-probe.ts). */
export function markMoved(connection: Connection): void {
  connection.exec(`
    UPDATE schema_version SET readable_from = ${MOVED};
    CREATE TRIGGER moved BEFORE UPDATE ON pen BEGIN SELECT RAISE(ABORT, '${WAS_MOVED}'); END;
    CREATE TRIGGER moved_probe BEFORE INSERT ON schema_version BEGIN SELECT RAISE(ABORT, '${WAS_MOVED}'); END;`);
}

/** Lets the ledger mint again: the other place is lost, or never came to be. */
export function unmarkMoved(connection: Connection): void {
  const unmark = connection.transaction(() => {
    connection.exec('DROP TRIGGER IF EXISTS moved; DROP TRIGGER IF EXISTS moved_probe');
    connection.exec(`UPDATE schema_version SET readable_from = version WHERE readable_from = ${MOVED}`);
  });
  unmark.immediate();
}

export function movedError(): AppError {
  return new AppError(
    'bad_configuration',
    'The ledger was moved to another place by `mintmark ledger copy`: set LEDGER_URL to the new place.',
  );
}

/** Which of two places has the ledger is not known, because the last answer was lost. At most one of them mints. */
export class UnknownMove extends AppError {
  constructor(what: string, cause: unknown) {
    const message = `The connection was lost at the very end, so whether the ledger was moved is not known. Nothing is lost. ${what}`;
    super('ledger_unavailable', message, { cause });
  }
}
