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
