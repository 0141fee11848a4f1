/** Runs a ledger's reads at once and its writes by group commit. */
import { AppError } from '../../errors.ts';
import type { Connection } from './file/connection.ts';
import type { GroupCommit } from './file/group-commit.ts';
import { ledgerError } from './file/ledger-error.ts';

export class Access {
  readonly #connection: Connection;
  readonly #commits: GroupCommit;

  constructor(connection: Connection, commits: GroupCommit) {
    this.#connection = connection;
    this.#commits = commits;
  }

  /** Every row that a read returns is on disk: a commit is visible only after its flush. */
  async read<T>(query: () => T): Promise<T> {
    this.#refuseClosed();
    try {
      return query();
    } catch (error) {
      throw ledgerError(error);
    }
  }

  /** The same for a query that reads in pages. */
  async readPages<T>(query: () => Promise<T>): Promise<T> {
    this.#refuseClosed();
    try {
      return await query();
    } catch (error) {
      throw ledgerError(error);
    }
  }

  async write<T>(act: () => T): Promise<T> {
    this.#refuseClosed();
    return this.#commits.run(act);
  }

  /** Commits all waiting writes now. */
  drain(): void {
    this.#commits.drain();
  }

  /** A request may still run after the ledger is closed. */
  #refuseClosed(): void {
    if (!this.#connection.open) throw new AppError('ledger_unavailable', 'The ledger is closed.');
  }
}
