/** The table `daily`: what happened on each UTC day by mode and product. */
import { type Day, dayOf } from '../../domain/values/day.ts';
import type { LicenseState } from '../../domain/values/license.ts';
import type { Mode } from '../../domain/values/order.ts';

/**
 * `orders`: lines sold. `units`: units sold. `issued`: licenses, reissued ones too. `renewed`: codes that are valid longer.
 * `suspended` to `revoked`: changes into the state; `reinstated`: back to active. `due`: licenses whose code ends on this
 * day; `kept`: those of them that got a longer code. `net_…`: the change of the number of licenses in the state.
 */
export const COUNTED = [
  'orders',
  'units',
  'issued',
  'renewed',
  'suspended',
  'reinstated',
  'ended',
  'revoked',
  'due',
  'kept',
  'net_suspended',
  'net_ended',
  'net_revoked',
] as const;
export type Counted = (typeof COUNTED)[number];

export interface DailyRow extends Readonly<Record<Counted, number>> {
  readonly day: Day;
  readonly mode: Mode;
  readonly product: string;
}

/** A new license as it is counted. */
export interface CountedLicense {
  readonly mode: Mode;
  readonly product: string;
  readonly unit: number;
  readonly reissue: number;
  readonly state: LicenseState;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
  /** Of its first code; null: perpetual. */
  readonly lastValid: Day | null;
}

/** A change of a license as it is counted. */
export interface CountedChange extends Pick<CountedLicense, 'mode' | 'product' | 'at'> {
  readonly before: LicenseState;
  readonly state: LicenseState;
  /** The last valid days of the newest code before and after the change; null: perpetual. */
  readonly lastValidBefore: Day | null;
  readonly lastValid: Day | null;
}

type Counts = Record<Counted, number> & Pick<DailyRow, 'day' | 'mode' | 'product'>;

/** Adds up what happened, by day, mode and product. */
export class DayCounter {
  readonly #rows = new Map<string, Counts>();
  /** The day of the last moment: most sales are of the same day, and writing a day takes longer than the rest. */
  #number = Number.NaN;
  #day: Day = '';

  license({ mode, product, unit, reissue, state, at, lastValid }: CountedLicense): void {
    const counts = this.#countsOf(this.#dayOf(at), mode, product);
    counts.issued += 1;
    if (reissue === 0) counts.units += 1;
    if (reissue === 0 && unit === 0) counts.orders += 1;
    if (state !== 'active') counts[`net_${state}`] += 1;
    if (lastValid !== null) this.#countsOf(lastValid, mode, product).due += 1;
  }

  change({ mode, product, at, before, state, lastValidBefore, lastValid }: CountedChange): void {
    if (before !== state) {
      const counts = this.#countsOf(this.#dayOf(at), mode, product);
      counts[state === 'active' ? 'reinstated' : state] += 1;
      if (before !== 'active') counts[`net_${before}`] -= 1;
      if (state !== 'active') counts[`net_${state}`] += 1;
    }
    if (lastValid === lastValidBefore) return;
    if (lastValid !== null) this.#countsOf(lastValid, mode, product).due += 1;
    const isLonger = lastValidBefore !== null && (lastValid === null || lastValid > lastValidBefore);
    if (isLonger) this.#countsOf(this.#dayOf(at), mode, product).renewed += 1;
    // A code that ends earlier replaces the day of the code before it.
    if (lastValidBefore !== null)
      this.#countsOf(lastValidBefore, mode, product)[isLonger ? 'kept' : 'due'] += isLonger ? 1 : -1;
  }

  /** Adds a row that was counted before. */
  add(row: DailyRow): void {
    const counts = this.#countsOf(row.day, row.mode, row.product);
    for (const name of COUNTED) counts[name] += row[name];
  }

  /** The rows so far; the counter is empty afterwards. */
  take(): readonly DailyRow[] {
    if (this.#rows.size === 0) return [];
    const rows = [...this.#rows.values()];
    this.#rows.clear();
    return rows;
  }

  clear(): void {
    this.#rows.clear();
  }

  #countsOf(day: Day, mode: Mode, product: string): Counts {
    const key = `${day} ${mode} ${product}`;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const counts = newCounts(day, mode, product);
    this.#rows.set(key, counts);
    return counts;
  }

  #dayOf(at: number): Day {
    const number = Math.floor(at / 86_400_000);
    if (number !== this.#number) {
      this.#number = number;
      this.#day = dayOf(at);
    }
    return this.#day;
  }
}

/** Written out: built from the list of names it would cost a sale about 2 % of its CPU time. */
function newCounts(day: Day, mode: Mode, product: string): Counts {
  const sold = { orders: 0, units: 0, issued: 0, renewed: 0, due: 0, kept: 0 };
  const changed = { suspended: 0, reinstated: 0, ended: 0, revoked: 0 };
  return { day, mode, product, ...sold, ...changed, net_suspended: 0, net_ended: 0, net_revoked: 0 };
}

/** All rows of a license: codes above the first by revision, history by sequence. */
export interface CountedRows {
  readonly license: Omit<CountedLicense, 'lastValid' | 'at'> & {
    readonly first_revision: number;
    readonly issued_at: number;
  };
  /** The last valid day of each code by its revision. */
  readonly lastValidOf: (revision: number) => Day | null;
  readonly history: readonly {
    readonly at: number;
    readonly from_state: LicenseState;
    readonly to_state: LicenseState;
    readonly revision: number;
  }[];
}

/** Counts a license anew, from its rows. */
export function countLicense(counter: DayCounter, { license, lastValidOf, history }: CountedRows): void {
  const { mode, product, first_revision, issued_at } = license;
  let lastValid = lastValidOf(first_revision);
  const state = history[0]?.from_state ?? license.state;
  counter.license({ ...license, state, at: issued_at, lastValid });
  for (const { at, from_state: before, to_state: after, revision } of history) {
    const next = lastValidOf(revision);
    counter.change({ mode, product, at, before, state: after, lastValidBefore: lastValid, lastValid: next });
    lastValid = next;
  }
}
