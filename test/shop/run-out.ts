/** When a story is over: on a day on which nothing of it begins or ends. */
import type { Subscription } from './books.ts';
import { DAY, dayOf } from './calendar.ts';

/** Lets time pass to a moment, and on to the first day that is no subscription's last one; that moment. */
export function runOut(
  end: number,
  passTo: (time: number) => void,
  subscriptions: readonly Subscription[],
): number {
  passTo(end);
  const isEdge = ({ endedOn, last, pause }: Subscription) =>
    [endedOn, last, pause?.from].includes(dayOf(end));
  return subscriptions.some(isEdge) ? runOut(end + DAY, passTo, subscriptions) : end;
}
