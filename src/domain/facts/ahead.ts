/** Facts that are dated ahead of our clock. */
import type { Fact } from './fact.ts';

/** Our clock may be this late: up to here the marketplace's times are the better order. */
const MOST_AHEAD_MILLISECONDS = 86_400_000;

/**
 * A fact dated over a day ahead of our clock counts from its arrival: otherwise nothing stated before its day could
 * undo it. It still counts after all known facts, in case our clock is later than that.
 */
export function notAhead(fact: Fact, known: readonly Fact[], now: number): Fact {
  if (fact.at <= now + MOST_AHEAD_MILLISECONDS) return fact;
  const latest = known.reduce((last, { at }) => Math.max(last, at), 0);
  const at = Math.min(fact.at, Math.max(now, latest + 1));
  const told = new Date(fact.at).toISOString().slice(0, 16);
  return { ...fact, at, cause: `${fact.cause} (dated ${told} UTC, ahead of our clock)` };
}
