/** How a ledger's acts get to the database: reads at once, writes by group commit. */
import { AppError } from '../../errors.ts';
import type { Connection } from './connection.ts';
import type { GroupCommit } from './group-commit.ts';
import { ledgerError } from './ledger-error.ts';

export class Access {
  readonly #connection: Connection;
  readonly #commits: GroupCommit;

  constructor(connection: Connection, commits: GroupCommit) {
    this.#connection = connection;
    this.#commits = commits;
  }

  /** What is visible to a read is on disk: a commit shows only after its flush. */
  read<T>(query: () => T): Promise<T> {
    return this.readPages(async () => query());
  }

  /** The same for a query that lets the event loop run in between. */
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

  /** Commits what waits, at once. */
  drain(): void {
    this.#commits.drain();
  }

  /** A request that outlived the stop. */
  #refuseClosed(): void {
    if (!this.#connection.open) throw new AppError('ledger_unavailable', 'The ledger is closed.');
  }
}
