/** Long jobs. A job continues when its page is closed, and its result can be opened until the service stops. */

export interface Progress {
  readonly done: number;
  /** Undefined: not known. */
  readonly all?: number;
}

export interface Job {
  readonly number: number;
  readonly what: string;
  readonly person: string;
  /** Milliseconds since 1970-01-01. */
  readonly beganAt: number;
  readonly endedAt: number | undefined;
  readonly progress: Progress;
  readonly outcome: Outcome | undefined;
}

export interface Outcome {
  readonly isGood: boolean;
  /** One sentence. */
  readonly text: string;
  readonly lines?: readonly string[];
}

/** Resolves to how it ended, a sentence alone if well; rejects if it failed. */
export type Work = (report: (progress: Progress) => void) => Promise<Outcome | string>;

const MOST_KEPT = 50;

export class Jobs {
  readonly #jobs = new Map<number, Job>();
  readonly #now: () => number;
  #last = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Begins at once, unless the same runs already; returns the number under which it is found. */
  begin(what: string, person: string, work: Work): number {
    const running = this.all().find((job) => job.what === what && job.outcome === undefined);
    if (running !== undefined) return running.number;
    this.#last += 1;
    const number = this.#last;
    const beganAt = this.#now();
    const nothing = { endedAt: undefined, outcome: undefined, progress: { done: 0 } };
    this.#jobs.set(number, { number, what, person, beganAt, ...nothing });
    this.#jobs.delete(number - MOST_KEPT);
    const change = (more: Partial<Job>) => {
      const job = this.#jobs.get(number);
      if (job !== undefined) this.#jobs.set(number, { ...job, ...more });
    };
    const end = (outcome: Outcome) => change({ endedAt: this.#now(), outcome });
    work((progress) => change({ progress })).then(
      (ended) => end(typeof ended === 'string' ? { isGood: true, text: ended } : ended),
      (error: unknown) => end({ isGood: false, text: error instanceof Error ? error.message : 'It failed.' }),
    );
    return number;
  }

  find(number: number): Job | undefined {
    return this.#jobs.get(number);
  }

  /** The newest first. */
  all(): readonly Job[] {
    return [...this.#jobs.values()].reverse();
  }
}
