/** Counts calls whose signature was wrong, on SQLite: a row for each source. Writes need a transaction. */
import {
  addedTo,
  type CallSource,
  type RefusedCallCounts,
  type RefusedCalls,
} from '../../domain/ports/refused-calls.ts';
import type { Access } from './access.ts';
import { equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareUpsert } from './insert.ts';

/** Not sealed: nothing is decided by it. */
interface RefusedCallRow extends CallSource {
  readonly calls: number;
  readonly first_at: number;
  readonly last_at: number;
}

const COLUMNS = ['marketplace', 'what', 'calls', 'first_at', 'last_at'] as const;

const countsOf = ({ first_at, last_at, ...row }: RefusedCallRow): RefusedCalls => ({
  ...row,
  firstAt: first_at,
  lastAt: last_at,
});

export class RefusedCallTable {
  readonly #put;
  readonly #of;
  readonly #all;

  constructor(connection: Connection) {
    this.#put = prepareUpsert<RefusedCallRow>(connection, 'refused_call', COLUMNS, ['marketplace', 'what']);
    this.#of = connection.prepare<[CallSource], RefusedCallRow>(
      `SELECT * FROM refused_call WHERE ${equal('marketplace', 'what')}`,
    );
    this.#all = connection.prepare<[], RefusedCallRow>('SELECT * FROM refused_call');
  }

  add(counts: readonly RefusedCalls[]): void {
    for (const more of counts) {
      const { marketplace, what } = more;
      const before = this.#of.get({ marketplace, what });
      const { firstAt, lastAt, ...sum } = addedTo(before && countsOf(before), more);
      this.#put.run({ ...sum, first_at: firstAt, last_at: lastAt });
    }
  }

  list(): readonly RefusedCalls[] {
    return this.#all.all().map(countsOf);
  }
}

/** Runs synchronous acts and reads over the table. */
export interface RefusedCallRunner {
  readonly write: <T>(act: (table: RefusedCallTable) => T) => Promise<T>;
  readonly read: <T>(query: (table: RefusedCallTable) => T) => Promise<T>;
}

export function refusedCallCounts({ write, read }: RefusedCallRunner): RefusedCallCounts {
  return {
    add: (counts) => write((table) => table.add(counts)),
    list: () => read((table) => table.list()),
  };
}

export function refusedCallsOn(table: RefusedCallTable, access: Access): RefusedCallCounts {
  return refusedCallCounts({
    write: (act) => access.write(() => act(table)),
    read: (query) => access.read(() => query(table)),
  });
}
