/** Follows the day of the next charge, as a subscription's facts tell it. */

import type { Fact } from '../facts/fact.ts';
import { type Day, dayOf } from '../values/day.ts';
import { isBeyond } from './charge-days.ts';

/** How long a date counts as just moved. */
const MOVED_MILLISECONDS = 86_400_000;

/** The day of the next charge, as known at a time. */
export class KnownDates {
  #now: Day | null = null;
  #before: Day | null = null;
  #movedAt = Number.NEGATIVE_INFINITY;

  read({ body, at }: Fact): void {
    if (body.kind !== 'dated' && body.kind !== 'paid') return;
    if (body.until === null || body.until === this.#now) return;
    this.#before = this.#now;
    this.#now = body.until;
    this.#movedAt = at;
  }

  /** null: none was told. */
  get now(): Day | null {
    return this.#now;
  }

  /** Whether the time is well before the next charge. A date that was just moved may be that of this charge. */
  isWithinPeriod(at: number): boolean {
    const isBefore = (day: Day | null) => day !== null && isBeyond(day, dayOf(at));
    const isJustMoved = this.#before !== null && at - this.#movedAt <= MOVED_MILLISECONDS;
    return isBefore(this.#now) && (!isJustMoved || isBefore(this.#before));
  }
}
