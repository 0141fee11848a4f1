/** The table `daily` on SQLite: one statement for each day and product of a transaction, at its end. */
import { COUNTED, type DailyRow, DayCounter } from '../record/daily.ts';
import type { Connection } from './connection.ts';
import type { Pen } from './pens.ts';

const COLUMNS: readonly (keyof DailyRow)[] = ['day', 'mode', 'product', ...COUNTED];

function prepareDaily(connection: Connection) {
  const sums = COUNTED.map((name) => `${name} = ${name} + excluded.${name}`);
  const values = COLUMNS.map((name) => `$${name}`);
  return connection.prepare<[DailyRow & { readonly pen: number }]>(`
    INSERT INTO daily (pen, ${COLUMNS.join()}) VALUES ($pen, ${values.join()})
    ON CONFLICT (day, mode, product, pen) DO UPDATE SET ${sums.join()}`);
}

export class DailyTable {
  readonly counter = new DayCounter();
  readonly #pen: Pen;
  readonly #add;

  constructor(connection: Connection, pen: Pen) {
    this.#pen = pen;
    this.#add = prepareDaily(connection);
  }

  beforeCommit(): void {
    for (const row of this.counter.take()) this.#add.run({ ...row, pen: this.#pen.counter.pen });
  }

  afterRollback(): void {
    this.counter.clear();
  }
}

/** The sums over all pens, by day, mode and product. */
export function readDaily(connection: Connection): readonly DailyRow[] {
  const sums = COUNTED.map((name) => `sum(${name}) AS ${name}`);
  return connection
    .prepare<[], DailyRow>(
      `SELECT day, mode, product, ${sums.join()} FROM daily GROUP BY day, mode, product ORDER BY day, mode, product`,
    )
    .all();
}

/** The numbers of the pens that counted days. */
export function pensOfDays(connection: Connection): readonly number[] {
  return connection.prepare<[], number>('SELECT DISTINCT pen FROM daily').pluck().all();
}
