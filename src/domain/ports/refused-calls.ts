/** Calls whose signature was wrong, as the ledger counts them: a secret that differs at the marketplace is seen by them. */

/** Where a call came in. */
export interface CallSource {
  readonly marketplace: string;
  readonly what: 'request' | 'event';
}

/** Calls from one source within a day. Times in milliseconds since 1970-01-01. */
export interface RefusedCalls extends CallSource {
  readonly calls: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export const REFUSED_WITHIN = 86_400_000;

/** What was counted a day before the newest call counts no more. */
export function addedTo(before: RefusedCalls | undefined, more: RefusedCalls): RefusedCalls {
  if (before === undefined || before.firstAt + REFUSED_WITHIN <= more.lastAt) return more;
  return {
    ...more,
    calls: before.calls + more.calls,
    firstAt: Math.min(before.firstAt, more.firstAt),
    lastAt: Math.max(before.lastAt, more.lastAt),
  };
}

/** The port. Each method is one atomic act. */
export interface RefusedCallCounts {
  add(counts: readonly RefusedCalls[]): Promise<void>;
  list(): Promise<readonly RefusedCalls[]>;
}

/** Counts in memory, so that what nobody signed makes no write of its own. */
export class RefusedCallTally {
  readonly #counts = new Map<string, RefusedCalls>();

  /** `at` in milliseconds since 1970-01-01. */
  count(source: CallSource, at: number): void {
    this.#add({ ...source, calls: 1, firstAt: at, lastAt: at });
  }

  /** Moves what was counted into the ledger; what cannot be written is kept. */
  async flush({ add }: Pick<RefusedCallCounts, 'add'>): Promise<void> {
    const counts = [...this.#counts.values()];
    if (counts.length === 0) return;
    this.#counts.clear();
    try {
      await add(counts);
    } catch (error) {
      for (const each of counts) this.#add(each);
      throw error;
    }
  }

  #add(more: RefusedCalls): void {
    const key = `${more.what} ${more.marketplace}`;
    this.#counts.set(key, addedTo(this.#counts.get(key), more));
  }
}
