/** A cache for pure functions of one text or number. */

/** Once full, the cache is emptied; frequent arguments return quickly. */
const MOST_KEPT = 1000;

/** Caches a pure function, whose results callers must not change. Errors are not cached. */
export function remembering<Argument extends string | number, Result>(
  compute: (argument: Argument) => Result,
): (argument: Argument) => Result {
  const known = new Map<Argument, Result>();
  return (argument) => {
    const before = known.get(argument);
    if (before !== undefined) return before;
    if (known.size >= MOST_KEPT) known.clear();
    const result = compute(argument);
    known.set(argument, result);
    return result;
  };
}
