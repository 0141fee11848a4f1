/**
 * Long jobs. A job continues when its page is closed. The ledger keeps each, so that it is found again after a restart, and
 * is then shown as interrupted.
 */
import { randomUUID } from 'node:crypto';
import {
  type BegunJob,
  type JobOutcome,
  type JobState,
  type LongJob,
  type LongJobs,
  leftUndone,
  type Progress,
  stateOfJob,
  TELL_EVERY,
} from '../../domain/ports/long-job.ts';
import type { Log } from '../../log.ts';

/** Resolves to how it ended, a sentence alone if well; rejects if it failed. */
export type Work = (report: (progress: Progress) => void) => Promise<JobOutcome | string>;

export interface JobsAround {
  readonly kept: LongJobs;
  /** No other process serves this console. */
  readonly isAlone: boolean;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  readonly log: Pick<Log, 'warn'>;
}

/** A job of this process: the ledger has it a few seconds later. */
interface OwnJob {
  progress: Progress;
  endedAt: number | undefined;
  outcome: JobOutcome | undefined;
}

export interface ShownJob extends LongJob {
  readonly state: JobState;
}

export class Jobs {
  readonly #around: JobsAround;
  readonly #run = randomUUID();
  /** Those that the ledger does not know the end of. */
  readonly #own = new Map<number, OwnJob>();

  constructor(around: JobsAround) {
    this.#around = around;
  }

  /** Begins at once, unless the same runs already; resolves to the number under which it is found. */
  async begin(job: Omit<BegunJob, 'beganAt'>, work: Work): Promise<number> {
    const { kept, now } = this.#around;
    const { number, isNew } = await kept.begin({ ...job, beganAt: now() }, this.#watcher());
    if (!isNew) return number;
    const own: OwnJob = { progress: { done: 0 }, endedAt: undefined, outcome: undefined };
    this.#own.set(number, own);
    const telling = setInterval(() => void this.#tell(number, own, telling), TELL_EVERY).unref();
    const end = (outcome: JobOutcome) => {
      Object.assign(own, { endedAt: now(), outcome });
      return this.#tell(number, own, telling);
    };
    work((progress) => Object.assign(own, { progress })).then(
      (ended) => end(typeof ended === 'string' ? { isGood: true, text: ended } : ended),
      (error: unknown) => end({ isGood: false, text: error instanceof Error ? error.message : 'It failed.' }),
    );
    return number;
  }

  async find(number: number): Promise<ShownJob | undefined> {
    const found = Number.isSafeInteger(number) ? await this.#around.kept.find(number) : undefined;
    return found && this.#shown(found);
  }

  /** The newest first. */
  async all(): Promise<readonly ShownJob[]> {
    return (await this.#around.kept.newest()).map((job) => this.#shown(job));
  }

  /** What was interrupted, and not begun again since. */
  async undone(): Promise<readonly LongJob[]> {
    return leftUndone(await this.all(), this.#watcher());
  }

  /** Where the ledger cannot be written, it is told again later. */
  async #tell(number: number, own: OwnJob, telling: NodeJS.Timeout): Promise<void> {
    const { kept, now, log } = this.#around;
    try {
      await kept.tell(number, own.progress, now());
      if (own.outcome === undefined) return;
      await kept.end(number, own.outcome, own.endedAt ?? now());
      clearInterval(telling);
      this.#own.delete(number);
    } catch (error) {
      log.warn({ err: error, job: number }, 'the progress of a job could not be kept');
    }
  }

  #shown(job: LongJob): ShownJob {
    const own = this.#own.get(job.number);
    const now = own === undefined ? job : { ...job, ...own };
    return {
      ...now,
      state: own === undefined ? stateOfJob(job, this.#watcher()) : own.outcome ? 'ended' : 'runs',
    };
  }

  #watcher() {
    const { isAlone, now } = this.#around;
    return { run: this.#run, isAlone, now: now() };
  }
}
