/** The time of a bare durable commit on this machine: one inserted row, with the settings of a ledger. */
import { join } from 'node:path';
import { configure, connect } from '../src/storage/sqlite/file/connection.ts';
import type { Stage } from './stage.ts';
import { percentile } from './statistics.ts';

const COMMITS = 300;
/** As long as the row of a sale. */
const ROW_BYTES = 700;

export class BareCommits {
  readonly #connection;
  readonly #insert;
  /** p50 of each measurement, milliseconds. */
  readonly measured: number[] = [];

  constructor(stage: Stage) {
    const file = join(stage.dataDir('bare-commits'), 'bare.sqlite');
    this.#connection = connect(file);
    configure(this.#connection, file);
    this.#connection.exec('CREATE TABLE sale (number INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT');
    this.#insert = this.#connection.prepare('INSERT INTO sale (content) VALUES (?)');
  }

  measure(): void {
    const content = Buffer.alloc(ROW_BYTES, 1);
    const times = Array.from({ length: COMMITS }, () => {
      const start = performance.now();
      this.#insert.run(content);
      return performance.now() - start;
    });
    this.measured.push(percentile(times, 0.5));
  }

  close(): void {
    this.#connection.close();
  }
}
