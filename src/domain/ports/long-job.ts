/** Long work of the console as the ledger keeps it: another instance, and the next start of the service, find it again. */
import type { Mode } from '../values/order.ts';

export const JOB_KINDS = ['check', 'backup', 'erase', 'apply', 'replace'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export interface BegunJob {
  readonly kind: JobKind;
  /** What it does, as the command of that name says it. Without a name and an address. */
  readonly what: string;
  /** Null: it concerns both modes. */
  readonly mode: Mode | null;
  /** The name of the person in the console. */
  readonly person: string;
  /** Where it is begun: a path below /console/MODE/. */
  readonly from: string;
  /** Milliseconds since 1970-01-01. */
  readonly beganAt: number;
}

export interface Progress {
  readonly done: number;
  /** Undefined: not known. */
  readonly all?: number;
}

export interface JobOutcome {
  readonly isGood: boolean;
  /** One sentence. */
  readonly text: string;
  readonly lines?: readonly string[];
}

export interface LongJob extends BegunJob {
  readonly number: number;
  /** The process that runs it. */
  readonly run: string;
  /** When that process last told of it. */
  readonly seenAt: number;
  readonly progress: Progress;
  readonly endedAt: number | undefined;
  readonly outcome: JobOutcome | undefined;
}

/** A process that looks at jobs. */
export interface JobWatcher {
  /** Its own jobs have this in `run`. */
  readonly run: string;
  /** No other process serves the console, so that what another one began has ended with it. */
  readonly isAlone: boolean;
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
}

/** Milliseconds between two reports of a running job's process. */
export const TELL_EVERY = 5_000;
/** A job whose process reported nothing for so long counts as interrupted. Milliseconds. */
export const SILENT_FOR = 60_000;

export type JobState = 'runs' | 'interrupted' | 'ended';

export function stateOfJob(job: LongJob, { run, isAlone, now }: JobWatcher): JobState {
  if (job.outcome !== undefined) return 'ended';
  if (job.run !== run && isAlone) return 'interrupted';
  return now - job.seenAt > SILENT_FOR ? 'interrupted' : 'runs';
}

/** A check or a backup that was cut off leaves nothing half done. */
const LEAVES_A_HALF: ReadonlySet<JobKind> = new Set(['erase', 'apply', 'replace']);

/** What is half done: interrupted, and not begun again since. `jobs`: the newest first. */
export function leftUndone(jobs: readonly LongJob[], watcher: JobWatcher): readonly LongJob[] {
  const newest = new Map<string, LongJob>();
  for (const job of jobs) if (!newest.has(job.what)) newest.set(job.what, job);
  return [...newest.values()].filter(
    (job) => LEAVES_A_HALF.has(job.kind) && stateOfJob(job, watcher) === 'interrupted',
  );
}

/** The port. Each method is one atomic act. */
export interface LongJobs {
  /** Keeps a job, unless the same work runs already. Resolves to its number, and whether it is new. */
  begin(job: BegunJob, watcher: JobWatcher): Promise<{ readonly number: number; readonly isNew: boolean }>;
  /** Notes that it runs, and how far it is. */
  tell(number: number, progress: Progress, at: number): Promise<void>;
  end(number: number, outcome: JobOutcome, at: number): Promise<void>;
  find(number: number): Promise<LongJob | undefined>;
  /** The newest first. */
  newest(): Promise<readonly LongJob[]>;
}

/** More are kept than are listed: none is deleted. */
export const JOBS_LISTED = 50;
