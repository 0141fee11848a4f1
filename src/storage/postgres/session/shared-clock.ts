/**
 * The clock that all instances share: the database's. Leases, due times, and all that one instance compares with a time
 * which another instance wrote, are by it. It is read with each group of acts, and counted on by the monotonic clock: after
 * a suspension of the computer it is late until the next group, so that leases are taken and decided in acts.
 */
import { MANY } from '../loads.ts';
import type { Load } from '../needs.ts';

/** Milliseconds since 1970-01-01. */
export const DATABASE_NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** The time by `toStatement`. Read once a statement, so that an index finds what is compared with it. */
export const timeOr = (item: string) => `coalesce(${item}, (SELECT ${DATABASE_NOW}))`;

/** In place of a table: the row is the time. */
export const TIME = 'time';

/** Among rows of several tables. */
export const TIME_ROW = `SELECT '${TIME}'::text AS "table", to_json(${DATABASE_NOW}) AS "row"`;

/** For reads; a group of acts begins with it. */
export const READ_TIME: Load = {
  table: MANY,
  text: `${TIME_ROW} WHERE $1::json IS NOT NULL`,
  item: null,
};

/** `given`: the caller's clock stands for the database's too, for tests that push the time. */
export type ClockSource = 'database' | 'given';

export class SharedClock {
  readonly #own: () => number;
  readonly #source: ClockSource;
  /** What the database said last, and `performance.now()` then. */
  #said: { readonly time: number; readonly at: number } | undefined;

  /** `own`: the clock of this instance, in milliseconds since 1970-01-01. */
  constructor(own: () => number, source: ClockSource = 'database') {
    this.#own = own;
    this.#source = source;
  }

  get isGiven(): boolean {
    return this.#source === 'given';
  }

  /** The database has just said its time. */
  note(time: number): void {
    this.#said = { time, at: performance.now() };
  }

  /** The present time. `now`: the same by the caller's clock. */
  at(now: number): number {
    if (this.isGiven || this.#said === undefined) return now;
    return this.#said.time + Math.floor(performance.now() - this.#said.at);
  }

  /** For a statement that reads the time itself (`timeOr`): null. */
  toStatement(now: number): number | null {
    return this.isGiven ? now : null;
  }

  /** What this instance's clock calls `moment`, by the shared clock. */
  shared(moment: number): number {
    const own = this.#own();
    return moment + this.at(own) - own;
  }

  /** A moment of the shared clock, by this instance's. */
  own(moment: number): number {
    const own = this.#own();
    return moment + own - this.at(own);
  }
}
