/** A row of `job`. Not sealed: nothing is decided by it. */
import type { BegunJob, JobKind, LongJob } from '../../domain/ports/long-job.ts';
import type { Mode } from '../../domain/values/order.ts';

export interface JobRow {
  readonly number: number;
  readonly kind: JobKind;
  readonly what: string;
  readonly mode: Mode | null;
  readonly person: string;
  readonly begun_from: string;
  readonly run: string;
  readonly began_at: number;
  readonly seen_at: number;
  readonly done: number;
  readonly whole: number | null;
  readonly ended_at: number | null;
  readonly is_good: number | null;
  readonly said: string | null;
  /** A JSON list of texts. */
  readonly lines: string;
}

export const JOB_COLUMNS = [
  'number',
  'kind',
  'what',
  'mode',
  'person',
  'begun_from',
  'run',
  'began_at',
  'seen_at',
  'done',
  'whole',
  'ended_at',
  'is_good',
  'said',
  'lines',
] as const satisfies readonly (keyof JobRow)[];

export function newJobRow({ from, beganAt, ...job }: BegunJob, number: number, run: string): JobRow {
  const nothing = { done: 0, whole: null, ended_at: null, is_good: null, said: null, lines: '[]' };
  return { ...job, number, run, begun_from: from, began_at: beganAt, seen_at: beganAt, ...nothing };
}

export function jobOf(row: JobRow): LongJob {
  const { number, kind, what, mode, person, run, done, whole, ended_at: endedAt, said } = row;
  return {
    ...{ number, kind, what, mode, person, run },
    from: row.begun_from,
    beganAt: row.began_at,
    seenAt: row.seen_at,
    progress: { done, ...(whole !== null && { all: whole }) },
    endedAt: endedAt ?? undefined,
    outcome:
      said === null ? undefined : { isGood: row.is_good === 1, text: said, lines: JSON.parse(row.lines) },
  };
}
