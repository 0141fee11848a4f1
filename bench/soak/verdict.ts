/** The requirements of a soak, compared with its observations. */
import { rises, type Trend, trendOf } from './trend.ts';
import type { Interval } from './watch.ts';

export type About = 'errors' | 'p99' | 'loop' | 'memory' | 'log' | 'ledger' | 'client';

export interface Finding {
  readonly about: About;
  readonly text: string;
}

/** The observations of a soak. */
export interface Seen {
  readonly minutes: number;
  /** Requests a second: the capacity, where it was measured, and the requested rate. */
  readonly limit: number | undefined;
  readonly rate: number;
  readonly intervals: readonly Interval[];
  /** Megabytes in use after a collection, before the first interval and after the last. */
  readonly usedBefore: number;
  readonly usedAfter: number;
  readonly errorCount: number;
  readonly errors: readonly string[];
  readonly unsigned: number;
  /** Acknowledged orders and events that the ledger lacks, and the findings of `ledger check`. */
  readonly ledger: readonly string[];
}

/** Smaller slopes per minute are insignificant: 0.1 s more after three hours, 60 MB in an hour. */
export const P99_BOUND = 0.5;
export const RESIDENT_BOUND = 1;
/** Megabytes more than at the start, after a collection: a leak of 20 bytes per request shows in 10 minutes. */
export const USED_BOUND = 10;
/** Milliseconds. */
export const LOOP_BOUND = 50;
/** Megabytes: SQLite restarts the log at 1,000 pages (sqlite.org/wal.html), plus the writes of one group. */
export const LOG_BOUND = 16;

/** Trends are per minute, whatever the length of an interval. */
export interface Trends {
  readonly p99: Trend;
  readonly resident: Trend;
}

export function trendsOf({ intervals, minutes }: Seen): Trends {
  const perMinute = intervals.length / minutes;
  const byMinute = (values: readonly number[]): Trend => {
    const { slope, error } = trendOf(values);
    return { slope: slope * perMinute, error: error * perMinute };
  };
  return {
    p99: byMinute(intervals.map(({ p99 }) => p99)),
    resident: byMinute(intervals.map(({ resident }) => resident)),
  };
}

/** Empty where every requirement is met. */
export function findingsOf(seen: Seen): Finding[] {
  const { intervals, errorCount, errors, unsigned, usedBefore, usedAfter, ledger } = seen;
  const trends = trendsOf(seen);
  const most = (figure: (interval: Interval) => number) => Math.max(...intervals.map(figure));
  const findings: Finding[] = [];
  const find = (isFound: boolean, about: About, text: string) => isFound && findings.push({ about, text });
  find(errorCount > 0, 'errors', `${errorCount} replies were wrong: ${errors.join('; ')}`);
  find(unsigned > 0, 'client', `${unsigned} orders could not be signed in time: ask for a lower --rate`);
  find(rises(trends.p99, P99_BOUND), 'p99', `p99 rises by ${slopeText(trends.p99, 'ms')}`);
  find(
    rises(trends.resident, RESIDENT_BOUND),
    'memory',
    `memory rises by ${slopeText(trends.resident, 'MB')}`,
  );
  const more = usedAfter - usedBefore;
  find(
    !(more <= USED_BOUND),
    'memory',
    `${more.toFixed(1)} MB more are in use after a collection than before`,
  );
  const loop = most(({ loopP99 }) => loopP99);
  find(!(loop < LOOP_BOUND), 'loop', `the event loop was late by ${loop.toFixed(0)} ms (p99)`);
  const wal = most((interval) => interval.wal);
  find(!(wal < LOG_BOUND), 'log', `the write-ahead log grew to ${wal.toFixed(0)} MB`);
  for (const text of ledger) find(true, 'ledger', text);
  return findings;
}

export function slopeText({ slope, error }: Trend, unit: string): string {
  return `${slope.toFixed(2)} ± ${error.toFixed(2)} ${unit} a minute`;
}
