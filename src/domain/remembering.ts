/** Results kept for the arguments that come again soon. */

/** Old results are dropped all at once: what is asked for often is there again at once. */
const MOST_KEPT = 1000;

/** The same function, which must be pure and whose result nobody may change. What it throws is not kept. */
export function remembering<Result>(compute: (argument: string) => Result): (argument: string) => Result {
  const known = new Map<string, Result>();
  return (argument) => {
    const before = known.get(argument);
    if (before !== undefined) return before;
    if (known.size >= MOST_KEPT) known.clear();
    const result = compute(argument);
    known.set(argument, result);
    return result;
  };
}
