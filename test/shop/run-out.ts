/** The end of a story: a day on which no term begins or ends. */
import type { Subscription } from './books.ts';
import { DAY, dayOf } from './calendar.ts';

/** Advances time to a moment, and to the next day that is no subscription's last day; returns that moment. */
export function runOut(
  end: number,
  passTo: (time: number) => void,
  subscriptions: readonly Subscription[],
): number {
  passTo(end);
  const today = dayOf(end);
  // Right after the last day a license has ended; the marketplace ends the subscription within hours.
  const isEdge = ({ endedOn, last, pause, state }: Subscription) =>
    [endedOn, last, pause?.from].includes(today) || (last !== undefined && last < today && state !== 'ended');
  return subscriptions.some(isEdge) ? runOut(end + DAY, passTo, subscriptions) : end;
}
