/** Facts that are dated ahead of our clock. */
import type { Fact } from './fact.ts';

/** Between two clocks that are right. */
const CLOCKS_DIFFER_MILLISECONDS = 5 * 60_000;

/**
 * A fact dated ahead of our clock counts from its arrival: else it would hold before its day, and nothing told until
 * then could undo it. If our clock is late, it still counts after the known facts, as the marketplace's times say.
 */
export function notAhead(fact: Fact, known: readonly Fact[], now: number): Fact {
  if (fact.at <= now + CLOCKS_DIFFER_MILLISECONDS) return fact;
  const latest = known.reduce((last, { at }) => Math.max(last, at), 0);
  const at = Math.min(fact.at, Math.max(now, latest + 1));
  const told = new Date(fact.at).toISOString().slice(0, 16);
  return at === fact.at
    ? fact
    : { ...fact, at, cause: `${fact.cause} (dated ${told} UTC, ahead of our clock)` };
}
