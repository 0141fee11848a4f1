/** The time of a simulated life: periods from its beginning on, and a second for each event. */
const DAY_MILLISECONDS = 86_400_000;

export interface StoryBegin {
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
  /** Days between two payments of a subscription. */
  readonly period: number;
}

export class StoryTime {
  readonly #begin: StoryBegin;
  #at: number;

  constructor(begin: StoryBegin) {
    this.#begin = begin;
    this.#at = begin.now;
  }

  /** Milliseconds since 1970-01-01. */
  get at(): number {
    return this.#at;
  }

  /** A second later. */
  tick(): number {
    this.#at += 1000;
    return this.#at;
  }

  /** Not before this time. */
  reach(time: number): void {
    this.#at = Math.max(this.#at, time);
  }

  /** The end of a period, midnight UTC. */
  end(period: number): number {
    return this.day(period * this.#begin.period);
  }

  /** Midnight UTC so many days after the beginning. */
  day(days: number): number {
    return Math.floor(this.#begin.now / DAY_MILLISECONDS) * DAY_MILLISECONDS + days * DAY_MILLISECONDS;
  }
}
