/**
 * The table `daily` on SQLite. Changes are counted in the act that writes them. New licenses are counted in batches: their
 * numbers have no gaps, so `daily_position` says up to which license they were, and readers add the few after it.
 */
import { COUNTED, type CountedLicense, type DailyRow, DayCounter } from '../record/daily.ts';
import { lastValidDay } from '../record/last-valid.ts';
import type { LicenseRow } from '../record/license-row.ts';
import { numberOf } from '../record/pen.ts';
import type { Connection } from './file/connection.ts';
import { prepareInsert } from './insert.ts';
import type { Pen } from './pens.ts';

/** New licenses counted at a time: a sale pays a few nanoseconds for its rows, and readers add a millisecond at most. */
const BATCH = 256;

const KEY = ['day', 'mode', 'product'] as const;
const COLUMNS: readonly (keyof DailyRow)[] = [...KEY, ...COUNTED];

interface Numbered extends CountedLicense {
  readonly number: number;
}

interface Position {
  readonly pen: number;
  readonly license: number;
}

interface Range {
  /** Exclusive. */
  readonly after: number;
  /** Inclusive. */
  readonly upto: number;
}

type NewRow = Pick<
  LicenseRow,
  'mode' | 'product' | 'unit' | 'reissue' | 'state' | 'issued_at' | 'first_code'
>;

export class DailyTable {
  readonly #counter = new DayCounter();
  readonly #pen: Pen;
  readonly #batch: number;
  readonly #add;
  readonly #position;
  readonly #move;
  readonly #newRows;
  /** The new licenses of the open transaction. */
  #fresh: Numbered[] = [];
  /** The committed licenses of this process after the position. */
  #pending: Numbered[] = [];
  /** The position as last read; another process may have moved it since. */
  #known: Position | undefined;
  /** The position that the open transaction wrote. */
  #moved: Position | undefined;

  /** `batch`: of new licenses counted at a time. */
  constructor(connection: Connection, pen: Pen, batch = BATCH) {
    this.#pen = pen;
    this.#batch = batch;
    const sums = COUNTED.map((name) => `${name} = ${name} + excluded.${name}`);
    const conflict = `ON CONFLICT (${KEY.join()}, pen) DO UPDATE SET ${sums.join()}`;
    const columns: readonly (keyof DailyRow | 'pen')[] = ['pen', ...COLUMNS];
    this.#add = prepareInsert<DailyRow & { readonly pen: number }>(connection, 'daily', columns, conflict);
    this.#position = preparePosition(connection);
    this.#move = connection.prepare<[Position]>(
      'UPDATE daily_position SET license = $license WHERE pen = $pen',
    );
    this.#newRows = prepareNewRows(connection);
  }

  license(license: Numbered): void {
    this.#fresh.push(license);
  }

  change(change: Parameters<DayCounter['change']>[0]): void {
    this.#counter.change(change);
  }

  beforeCommit(): void {
    const last = this.#fresh.at(-1)?.number;
    if (last !== undefined) {
      const { pen } = this.#pen.counter;
      // On PostgreSQL each transaction may have another pen.
      if (this.#known?.pen !== pen) this.#known = { pen, license: this.#position.get({ pen }) ?? 0 };
      if (last - this.#known.license >= this.#batch) this.#count(last);
    }
    for (const row of this.#counter.take()) this.#add.run({ pen: this.#pen.counter.pen, ...row });
  }

  /** Counts the licenses that wait for their batch. Inside a transaction. */
  catchUp(): void {
    const { pen } = this.#pen.counter;
    const last = numberOf(pen, this.#pen.counter.counts().numbers.license);
    if (last > (this.#position.get({ pen }) ?? 0)) this.#count(last);
    for (const row of this.#counter.take()) this.#add.run({ pen, ...row });
  }

  afterCommit(): void {
    if (this.#fresh.length === 0) return;
    if (this.#moved === undefined) this.#pending.push(...this.#fresh);
    else {
      this.#pending = [];
      this.#known = this.#moved;
      this.#moved = undefined;
    }
    this.#fresh = [];
  }

  afterRollback(): void {
    this.#fresh = [];
    this.#moved = undefined;
    this.#counter.clear();
  }

  #count(upto: number): void {
    const { pen } = this.#pen.counter;
    const after = this.#position.get({ pen }) ?? 0;
    const own = [...this.#pending, ...this.#fresh].filter(({ number }) => number > after);
    // Another process may have written some of them.
    const all = own.length === upto - after ? own : this.#newRows.all({ after, upto }).map(newLicense);
    for (const license of all) this.#counter.license(license);
    this.#move.run({ pen, license: upto });
    this.#moved = { pen, license: upto };
  }
}

function preparePosition(connection: Connection) {
  return connection
    .prepare<[Pick<Position, 'pen'>], number>('SELECT license FROM daily_position WHERE pen = $pen')
    .pluck();
}

/** The state is the first one: changes are counted apart. */
function prepareNewRows(connection: Connection) {
  return connection.prepare<[Range], NewRow>(`
    SELECT l.mode, l.product, l.unit, l.reissue, l.issued_at, l.first_code, coalesce(h.from_state, l.state) AS state
    FROM license l LEFT JOIN history h ON h.license = l.number AND h.sequence = 1
    WHERE l.number > $after AND l.number <= $upto`);
}

function newLicense({ issued_at, first_code, ...row }: NewRow): CountedLicense {
  return { ...row, at: issued_at, lastValid: lastValidDay(first_code) };
}

/** The sums over all pens, by day, mode and product, with the licenses that are not in the table yet. */
export class DailySums {
  readonly #sums;
  readonly #positions;
  readonly #newRows;

  constructor(connection: Connection) {
    const sums = COUNTED.map((name) => `sum(${name}) AS ${name}`);
    this.#sums = connection.prepare<[], DailyRow>(
      `SELECT ${KEY.join()}, ${sums.join()} FROM daily GROUP BY ${KEY.join()} ORDER BY ${KEY.join()}`,
    );
    this.#positions = connection.prepare<[], Position>('SELECT pen, license FROM daily_position');
    this.#newRows = prepareNewRows(connection);
  }

  /** Inside a transaction, so that table and licenses are of one moment. */
  read(): readonly DailyRow[] {
    const counter = new DayCounter();
    for (const row of this.#sums.all()) counter.add(row);
    const positions = this.#positions.all();
    for (const { pen, license } of positions.length > 0 ? positions : [{ pen: 0, license: 0 }]) {
      const range = { after: license, upto: numberOf(pen + 1, 0) };
      for (const row of this.#newRows.iterate(range)) counter.license(newLicense(row));
    }
    return [...counter.take()].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  }
}

/** The numbers of the pens that counted days. */
export function pensOfDays(connection: Connection): readonly number[] {
  return connection
    .prepare<[], number>('SELECT pen FROM daily UNION SELECT pen FROM daily_position')
    .pluck()
    .all();
}

/** Up to which license of this pen new licenses are in the table. */
export function positionOf(connection: Connection): number | undefined {
  return preparePosition(connection).get({ pen: 0 });
}
