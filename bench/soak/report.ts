/** The result of a soak in Markdown, for docs/speed.md. */
import { MOST_NOISE } from '../rounds.ts';
import {
  type Finding,
  LOG_BOUND,
  LOOP_BOUND,
  P99_BOUND,
  RESIDENT_BOUND,
  type Seen,
  slopeText,
  trendsOf,
  USED_BOUND,
} from './verdict.ts';
import type { Interval } from './watch.ts';

const HEAD = [
  'from minute',
  'requests',
  'p50',
  'p99',
  'CPU',
  'asking',
  'disk',
  'loop late, p99',
  'at most',
  'resident',
  'log',
  'others',
];

export function report(seen: Seen, findings: readonly Finding[]): string {
  const { intervals, minutes, limit, rate, usedBefore, usedAfter } = seen;
  const trends = trendsOf(seen);
  const cells = intervals.map((interval, place) => cellsOf(interval, (place * minutes) / intervals.length));
  const half = limit === undefined ? '' : `, of ${limit.toFixed(0)} that it could do`;
  return [
    `${minutes} minutes at ${rate.toFixed(0)} requests a second${half}; ${new Date().toISOString().slice(0, 10)}`,
    '',
    ...[HEAD, ['--:', ...HEAD.slice(1).map(() => '--:')], ...cells].map((line) => `| ${line.join(' | ')} |`),
    '',
    `- p99: ${slopeText(trends.p99, 'ms')} (± one standard error; at most ${P99_BOUND}, or two errors)`,
    `- resident memory: ${slopeText(trends.resident, 'MB')} (at most ${RESIDENT_BOUND}, or two errors)`,
    `- in use after a collection: ${usedBefore.toFixed(1)} MB before, ${usedAfter.toFixed(1)} MB after (at most ${USED_BOUND} more)`,
    '- CPU: of the service and of the client per request (which always does the same work); disk: until a page beside the ledger is on it, p90',
    `- bounds: the event loop late by less than ${LOOP_BOUND} ms (p99), a log of less than ${LOG_BOUND} MB`,
    ...noiseLine(intervals),
    ...(findings.length === 0 ? ['- **it holds**'] : findings.map(({ text }) => `- **NOT**: ${text}`)),
    '',
  ].join('\n');
}

function cellsOf(
  { requests, p50, p99, cpu, askingCpu, disk, loopP99, loopMax, resident, wal, others }: Interval,
  from: number,
): string[] {
  return [
    from.toFixed(from % 1 === 0 ? 0 : 2),
    String(requests),
    `${p50.toFixed(1)} ms`,
    `${p99.toFixed(1)} ms`,
    `${cpu.toFixed(0)} µs`,
    `${askingCpu.toFixed(0)} µs`,
    `${disk.toFixed(1)} ms`,
    `${loopP99.toFixed(1)} ms`,
    `${loopMax.toFixed(0)} ms`,
    `${resident.toFixed(0)} MB`,
    `${wal.toFixed(1)} MB`,
    others === undefined ? '?' : `${(others * 100).toFixed(0)} %`,
  ];
}

/** Latency depends on the machine as much as on the service: the reader of the table must know. */
function noiseLine(intervals: readonly Interval[]): string[] {
  const noisy = intervals.filter(({ others = 0 }) => others > MOST_NOISE).length;
  if (noisy === 0) return [];
  return [
    `- other processes took more than ${MOST_NOISE * 100} % of the machine in ${noisy} of ${intervals.length} rows`,
  ];
}
