/** The periods that a subscription's own charges pay for, as its facts tell them one after the other. */
import type { Fact, FactBody } from '../facts/fact.ts';
import { type Day, dayOf } from '../values/day.ts';
import { isBeyond } from './charge-days.ts';
import { KnownDates } from './known-dates.ts';

export class ChargePeriods {
  readonly #dates = new KnownDates();
  /** When each began, milliseconds since 1970-01-01. */
  readonly #begun: number[] = [];
  #isOverdue = false;

  /** A charge of the subscription itself. */
  charge(at: number, part: Extract<FactBody, { kind: 'paid' }>['part']): void {
    if (part !== 'proration') this.begin(at);
    if (part === undefined) this.#isOverdue = false;
  }

  begin(at: number): void {
    if (isBeyond(dayOf(at), dayOf(this.#begun.at(-1) ?? 0))) this.#begun.push(at);
  }

  /** To be told each fact once it was counted. */
  read(fact: Fact): void {
    const { body, at } = fact;
    if (body.kind === 'overdue' || body.kind === 'recovered') this.#isOverdue = body.kind === 'overdue';
    if (body.kind === 'dated' && this.#begun.length === 0) this.begin(at);
    this.#dates.read(fact);
  }

  /** The day of the next charge; null: none was told. */
  get next(): Day | null {
    return this.#dates.now;
  }

  get isOverdue(): boolean {
    return this.#isOverdue;
  }

  /** A charge that comes then pays for no next period. */
  isWithin(at: number): boolean {
    return (
      this.#isOverdue || (this.next !== null && isBeyond(this.next, dayOf(at))) || this.#isWithinLast(at)
    );
  }

  /** The same for units beside those that are paid for: by the day of the next charge alone, if one was told. */
  isWellWithin(at: number): boolean {
    return this.next === null ? this.#isWithinLast(at) : this.#dates.isWithinPeriod(at);
  }

  /** The next charge was due before. */
  isOver(at: number): boolean {
    return this.#isOverdue || (this.next !== null && dayOf(at) >= this.next);
  }

  /** Where charges state no day of the next one: by the distance of the last two periods. */
  #isWithinLast(at: number): boolean {
    const [before, last] = this.#begun.slice(-2);
    return before !== undefined && last !== undefined && isBeyond(dayOf(last + (last - before)), dayOf(at));
  }
}
