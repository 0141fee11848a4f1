/** The figures of the overview, from the counted days. Pure: days in, numbers and series out. */
import type { DailyFigures } from '../../domain/ports/ledger-reader.ts';
import type { Day } from '../../domain/values/day.ts';
import type { LicenseState } from '../../domain/values/license.ts';
import type { Month } from '../plots/renewals.ts';
import type { StateLine } from '../plots/states.ts';
import type { Week } from '../plots/weekly.ts';

const DAY = 86_400_000;
const WEEKS = 52;
const STATE_WEEKS = 26;
const MONTHS = 12;
const MONTHS_AHEAD = 3;

export interface Overview {
  readonly orders: { readonly now: number; readonly before: number };
  readonly active: { readonly now: number; readonly before: number };
  /** This month, up to today. */
  readonly renewals: { readonly due: number; readonly kept: number };
  readonly withdrawn: { readonly revoked: number; readonly ended: number };
  readonly series: readonly string[];
  readonly weeks: readonly Week[];
  readonly states: readonly StateLine[];
  readonly stateWeeks: readonly Day[];
  readonly months: readonly Month[];
}

/** `days`: all counted days of a mode up to the months ahead, the oldest first; `today`: a UTC day. */
export function overviewOf(days: readonly DailyFigures[], today: Day): Overview {
  const within = (from: Day, to: Day) => days.filter(({ day }) => day > from && day <= to);
  const add = (list: readonly DailyFigures[], name: keyof Omit<DailyFigures, 'day' | 'product'>) =>
    list.reduce((sum, row) => sum + row[name], 0);
  const ago = (count: number) => shift(today, -count);
  const upTo = (day: Day) => days.filter((row) => row.day <= day);
  const monthStart = `${today.slice(0, 7)}-01`;
  const dueNow = days.filter(({ day }) => day >= monthStart && day <= today);
  const last = within(ago(30), today);
  const stateWeeks = Array.from({ length: STATE_WEEKS }, (_, place) => ago(7 * (STATE_WEEKS - 1 - place)));
  return {
    orders: { now: add(last, 'orders'), before: add(within(ago(60), ago(30)), 'orders') },
    active: { now: countOf(upTo(today), 'active'), before: countOf(upTo(ago(30)), 'active') },
    renewals: { due: add(dueNow, 'due'), kept: add(dueNow, 'kept') },
    withdrawn: { revoked: add(last, 'revoked'), ended: add(last, 'ended') },
    ...weeksOf(days, today),
    states: (['active', 'suspended', 'ended', 'revoked'] as const).map((state) => ({
      state,
      counts: runningCounts(days, state, stateWeeks),
    })),
    stateWeeks,
    months: monthsOf(days, today),
  };
}

export function shift(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** The first day of a month, so many months later. */
export function monthAfter(day: Day, months: number): Day {
  const [year = 1970, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** The last day that the overview needs. */
export function lastDayOf(today: Day): Day {
  return shift(monthAfter(today, MONTHS_AHEAD + 1), -1);
}

function netOf(row: DailyFigures, state: LicenseState): number {
  if (state !== 'active') return row[`net_${state}`];
  return row.issued - row.net_suspended - row.net_ended - row.net_revoked;
}

function countOf(rows: readonly DailyFigures[], state: LicenseState): number {
  return rows.reduce((sum, row) => sum + netOf(row, state), 0);
}

/** The number of licenses in a state at the end of each of these days. */
function runningCounts(days: readonly DailyFigures[], state: LicenseState, ends: readonly Day[]): number[] {
  let sum = 0;
  let next = 0;
  return ends.map((end) => {
    for (let row = days[next]; row !== undefined && row.day <= end; row = days[next]) {
      sum += netOf(row, state);
      next += 1;
    }
    return sum;
  });
}

/** Weeks begin on Monday; the last one is running. */
function weeksOf(days: readonly DailyFigures[], today: Day): Pick<Overview, 'series' | 'weeks'> {
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
  const monday = shift(today, -weekday);
  const first = shift(monday, -7 * (WEEKS - 1));
  const shown = days.filter(({ day, orders }) => day >= first && day <= today && orders > 0);
  const byProduct = new Map<string, number>();
  for (const { product, orders } of shown) byProduct.set(product, (byProduct.get(product) ?? 0) + orders);
  const ranked = [...byProduct].sort((a, b) => b[1] - a[1]).map(([product]) => product);
  const [most] = ranked;
  const series = ranked.length > 2 ? [most ?? '', 'all others'] : ranked;
  const placeOf = (product: string) =>
    ranked.length > 2 ? (product === most ? 0 : 1) : ranked.indexOf(product);
  const weeks = Array.from({ length: WEEKS }, (_, place) => {
    const from = shift(first, 7 * place);
    const to = shift(from, 7);
    const orders = series.map(() => 0);
    for (const row of shown)
      if (row.day >= from && row.day < to) {
        const index = placeOf(row.product);
        orders[index] = (orders[index] ?? 0) + row.orders;
      }
    return { from, orders };
  });
  return { series, weeks };
}

function monthsOf(days: readonly DailyFigures[], today: Day): readonly Month[] {
  return Array.from({ length: MONTHS + MONTHS_AHEAD }, (_, place) => {
    const first = monthAfter(today, place - MONTHS + 1);
    const next = monthAfter(first, 1);
    const isNow = place === MONTHS - 1;
    const rows = days.filter(({ day }) => day >= first && day < next && (!isNow || day <= today));
    const total = (name: 'due' | 'kept') => rows.reduce((sum, row) => sum + row[name], 0);
    // A code that was renewed early is no longer coming due.
    const isAhead = place >= MONTHS;
    return {
      first,
      due: isAhead ? total('due') - total('kept') : total('due'),
      kept: total('kept'),
      isAhead,
    };
  });
}
