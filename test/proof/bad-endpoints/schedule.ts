/** The schedule as docs/outbox.md and docs/webhooks.md tell it, beside what a run did. */

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** From a failed try to the next one. */
export const WAITS = [5_000, 5 * MINUTE, 30 * MINUTE, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR)];
export const SPREAD = 0.1;

/** Each gap is its wait of the schedule, within the spread, or what the other side asked for. */
export function isOnTime(tries: readonly { readonly at: number }[], asked: number): boolean {
  return WAITS.every((wait, place) => {
    const gap = (tries[place + 1]?.at ?? 0) - (tries[place]?.at ?? 0);
    const least = Math.max(wait * (1 - SPREAD), asked);
    // Beside other announcements of the same moment, the clock may be a few milliseconds on.
    return gap >= least && gap <= Math.max(wait * (1 + SPREAD), asked) + 1_000;
  });
}
