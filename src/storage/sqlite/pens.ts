/** SQLite's one pen: read once a transaction, written back as its last act. */
import type { Mode } from '../../domain/order.ts';
import { AppError } from '../../errors.ts';
import {
  NUMBERED,
  type Numbered,
  type PenCounts,
  PenStrokes,
  sealPen,
  TALLIED,
  type Tallied,
  type Tally,
} from '../record/pen.ts';
import { NO_SEAL, type Sealer } from '../record/sealer.ts';
import type { Connection } from './connection.ts';

/** The only pen of SQLite, which has one writer at a time. */
export const PEN = 0;

type PenRow = Readonly<
  Record<`last_${Numbered}` | `${Tallied}_rows` | 'test_licenses' | 'pen', number> &
    Record<`${Tallied}_sum` | 'seal', Buffer>
>;

/** Once: names that are put together cost each transaction more than its read. */
const NUMBERS = NUMBERED.map((name) => ({ name, last: `last_${name}` as const }));
const TALLIES = TALLIED.map((name) => ({ name, rows: `${name}_rows` as const, sum: `${name}_sum` as const }));

const COLUMNS = [
  ...NUMBERS.map(({ last }) => last),
  'test_licenses',
  ...TALLIES.flatMap(({ rows, sum }) => [rows, sum]),
  'seal',
] as const;

/** In the order of COLUMNS. */
function valuesOf({ numbers, testLicenses, tallies }: PenCounts, seal: Buffer): readonly (number | Buffer)[] {
  return [
    ...NUMBERED.map((name) => numbers[name]),
    testLicenses,
    ...TALLIED.flatMap((name) => [tallies[name].rows, tallies[name].sum]),
    seal,
  ];
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

export interface SealedPen {
  readonly counts: PenCounts;
  readonly seal: Buffer;
}

export function insertPen(connection: Connection, sealer: Sealer, counts: PenCounts): void {
  const columns = ['pen', ...COLUMNS];
  const sql = `INSERT INTO pen (${columns.join()}) VALUES (${columns.map(() => '?').join()})`;
  connection.prepare(sql).run([counts.pen, ...valuesOf(counts, sealPen(sealer, counts))]);
}

/** All pens by number. */
export function readPens(connection: Connection): readonly SealedPen[] {
  const rows = connection.prepare<[], PenRow>('SELECT * FROM pen ORDER BY pen').all();
  return rows.map((row) => ({ counts: countsOf(row), seal: row.seal }));
}

/** The newest row of a history: a ledger that lacks it is an older one. */
export interface Witness {
  readonly license: number;
  /** 0: the license itself; above: a change of it. */
  readonly sequence: number;
  readonly seal: Buffer;
}

/** The pen as the open transaction uses it. */
export class Pen {
  readonly #sealer: Sealer;
  readonly #select;
  readonly #update;
  #strokes: PenStrokes | undefined;
  #isIntact = true;
  #written: Witness | undefined;
  #newest: Witness | undefined;

  constructor(connection: Connection, sealer: Sealer) {
    this.#sealer = sealer;
    this.#select = connection.prepare<[number], PenRow>('SELECT * FROM pen WHERE pen = +?');
    this.#update = connection.prepare(
      `UPDATE pen SET ${COLUMNS.map((name) => `${name} = ?`).join()} WHERE pen = +?`,
    );
  }

  /** To be called inside a transaction only: another process may write in between. */
  get strokes(): PenStrokes {
    if (this.#strokes === undefined) {
      const row = this.#read();
      const counts = countsOf(row);
      this.#isIntact = sealPen(this.#sealer, counts).equals(row.seal);
      this.#strokes = new PenStrokes(counts);
    }
    return this.#strokes;
  }

  noteChange(change: Witness): void {
    this.#written = change;
  }

  /** The newest change that this process committed. */
  get newestChange(): Witness | undefined {
    return this.#newest;
  }

  /** Licenses that were written with it, by mode. */
  countLicenses(): Readonly<Record<Mode, number>> {
    const { last_license, test_licenses } = this.#read();
    return { live: last_license - test_licenses, test: test_licenses };
  }

  beforeCommit(): void {
    if (this.#strokes === undefined) return;
    const counts = this.#strokes.counts();
    // A pen that was edited is not sealed anew: `ledger check` must still report it.
    const seal = this.#isIntact ? sealPen(this.#sealer, counts) : NO_SEAL;
    this.#update.run([...valuesOf(counts, seal), counts.pen]);
    this.#strokes = undefined;
  }

  afterCommit(): void {
    this.#newest = this.#written ?? this.#newest;
    this.#written = undefined;
  }

  afterRollback(): void {
    this.#strokes = undefined;
    this.#written = undefined;
  }

  #read(): PenRow {
    const row = this.#select.get(PEN);
    if (row !== undefined) return row;
    throw new AppError('ledger_damaged', 'The ledger has lost its counts: restore a backup.');
  }
}
