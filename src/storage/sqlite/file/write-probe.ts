/** Shows that a write would succeed now. */
import type { Connection } from './connection.ts';

export class WriteProbe {
  readonly #insert;
  readonly #remove;

  constructor(connection: Connection) {
    this.#insert = connection.prepare('INSERT INTO schema_version (version, readable_from) VALUES (0, 0)');
    this.#remove = connection.prepare('DELETE FROM schema_version WHERE version = 0');
  }

  /** Writes a row and removes it: an update without a change would not reach the disk. Inside a transaction. */
  run(): void {
    this.#insert.run();
    this.#remove.run();
  }
}
