/**
 * The pen of a transaction: read once, written back at its end. SQLite has one writer at a time, which always takes the
 * first pen; a ledger that was copied from PostgreSQL has others beside it.
 */

import type { Mode } from '../../domain/values/order.ts';
import { AppError } from '../../errors.ts';
import {
  type Covered,
  NUMBERED,
  type Numbered,
  PenCounter,
  type PenCounts,
  type SealedPen,
  sealPen,
  TALLIED,
  type Tallied,
  type Tally,
} from '../record/pen.ts';
import { NO_SEAL, type Sealer } from '../record/sealer.ts';
import { aggregate } from './aggregate.ts';
import { equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareInsert } from './insert.ts';

export type PenRow = Readonly<
  Record<`last_${Numbered}` | `${Tallied}_rows` | 'test_licenses' | 'pen', number> &
    Record<`${Tallied}_sum` | 'seal', Buffer>
>;

/** Built once: building the names in each transaction takes longer than reading the row. */
const NUMBERS = NUMBERED.map((name) => ({ name, last: `last_${name}` as const }));
const TALLIES = TALLIED.map((name) => ({ name, rows: `${name}_rows` as const, sum: `${name}_sum` as const }));

export const PEN_COLUMNS: readonly (keyof PenRow)[] = [
  'pen',
  ...NUMBERS.map(({ last }) => last),
  'test_licenses',
  ...TALLIES.flatMap(({ rows, sum }) => [rows, sum]),
  'seal',
];

/** The row of a pen with its seal. */
export function penRow({ pen, numbers, testLicenses, tallies }: PenCounts, seal: Buffer): PenRow {
  const row: Record<string, number | Buffer> = { pen, test_licenses: testLicenses, seal };
  for (const { name, last } of NUMBERS) row[last] = numbers[name];
  for (const { name, rows, sum } of TALLIES) {
    row[rows] = tallies[name].rows;
    row[sum] = tallies[name].sum;
  }
  return row as PenRow;
}

function countsOf(row: PenRow): PenCounts {
  const numbers: Partial<Record<Numbered, number>> = {};
  for (const { name, last } of NUMBERS) numbers[name] = row[last];
  const tallies: Partial<Record<Tallied, Tally>> = {};
  for (const { name, rows, sum } of TALLIES) tallies[name] = { rows: row[rows], sum: row[sum] };
  return {
    pen: row.pen,
    numbers: numbers as Record<Numbered, number>,
    testLicenses: row.test_licenses,
    tallies: tallies as Record<Tallied, Tally>,
  };
}

/** The pen's columns and what its seal covers before schema 8. */
const BEFORE_8: Covered = {
  numbered: NUMBERED.filter((name) => name !== 'announcement'),
  tallied: TALLIED.filter((name) => name !== 'outbox'),
};

/** For the migration to schema 6: inserts a pen without the columns of schema 8. */
export function insertPen(connection: Connection, sealer: Sealer, counts: PenCounts): void {
  const columns = PEN_COLUMNS.filter((column) => !/announcement|outbox/.test(column));
  const insert = prepareInsert<PenRow>(connection, 'pen', columns);
  insert.run(penRow(counts, sealPen(sealer, counts, BEFORE_8)));
}

/** For the migration to schema 8: seals the new columns. An edited pen gets no valid seal: it stays noticed. */
export function sealPensAgain(connection: Connection, sealer: Sealer): void {
  const update = connection.prepare<[{ readonly pen: number; readonly seal: Buffer }]>(
    `UPDATE pen SET seal = $seal WHERE ${equal('pen')}`,
  );
  for (const { counts, seal } of readPens(connection)) {
    const isIntact = seal.equals(sealPen(sealer, counts, BEFORE_8));
    update.run({ pen: counts.pen, seal: isIntact ? sealPen(sealer, counts) : NO_SEAL });
  }
}

/** All pens by number. */
export function readPens(connection: Connection): readonly SealedPen[] {
  const rows = connection.prepare<[], PenRow>('SELECT * FROM pen ORDER BY pen').all();
  return rows.map((row) => ({ counts: countsOf(row), seal: row.seal }));
}

/** The newest row of a history: a ledger without it is an older ledger. */
export interface Witness {
  readonly license: number;
  /** 0: the license itself; above: a change of it. */
  readonly sequence: number;
  readonly seal: Buffer;
}

/** The pen in the open transaction. */
export class Pen {
  readonly sealer: Sealer;
  readonly #select;
  readonly #sums;
  readonly #update;
  #counter: PenCounter | undefined;
  #isIntact = true;
  #written: Witness | undefined;
  #newest: Witness | undefined;

  constructor(connection: Connection, sealer: Sealer) {
    this.sealer = sealer;
    this.#select = connection.prepare<[], PenRow>('SELECT * FROM pen ORDER BY pen LIMIT 1');
    this.#sums = connection.prepare<[], Pick<PenRow, 'last_license' | 'test_licenses'>>(
      'SELECT coalesce(sum(last_license), 0) AS last_license, coalesce(sum(test_licenses), 0) AS test_licenses FROM pen',
    );
    const values = PEN_COLUMNS.filter((column) => column !== 'pen').map((column) => `${column} = $${column}`);
    this.#update = connection.prepare<[PenRow]>(`UPDATE pen SET ${values.join()} WHERE ${equal('pen')}`);
  }

  /** Only inside a transaction: between transactions another process may write. */
  get counter(): PenCounter {
    if (this.#counter === undefined) {
      const row = this.#read();
      const counts = countsOf(row);
      this.#isIntact = sealPen(this.sealer, counts).equals(row.seal);
      this.#counter = new PenCounter(counts);
    }
    return this.#counter;
  }

  noteChange(change: Witness): void {
    this.#written = change;
  }

  /** The newest change that this process committed. */
  get newestChange(): Witness | undefined {
    return this.#newest;
  }

  /** The number of licenses, by mode. */
  countLicenses(): Readonly<Record<Mode, number>> {
    const { last_license, test_licenses } = aggregate(this.#sums);
    if (last_license === 0 && this.#select.get() === undefined) throw lostCounts();
    return { live: last_license - test_licenses, test: test_licenses };
  }

  beforeCommit(): void {
    if (this.#counter === undefined) return;
    const counts = this.#counter.counts();
    // An edited pen gets no valid seal: `ledger check` must still report it.
    const seal = this.#isIntact ? sealPen(this.sealer, counts) : NO_SEAL;
    this.#update.run(penRow(counts, seal));
    this.#counter = undefined;
  }

  afterCommit(): void {
    this.#newest = this.#written ?? this.#newest;
    this.#written = undefined;
  }

  afterRollback(): void {
    this.#counter = undefined;
    this.#written = undefined;
  }

  #read(): PenRow {
    const row = this.#select.get();
    if (row === undefined) throw lostCounts();
    return row;
  }
}

function lostCounts(): AppError {
  return new AppError('ledger_damaged', 'The ledger has lost its counts: restore a backup.');
}
