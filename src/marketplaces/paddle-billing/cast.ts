/** The setting of a simulated story, and the type of its steps. */

/** Events of one moment, with a title for a person. */
export interface Step {
  readonly title: string;
  readonly events: readonly object[];
}

export interface Cast {
  /** Ids of prices; `bundle` sells all of them, the other stories the first. */
  readonly prices: readonly [string, ...string[]];
  readonly quantity: number;
  /** Days between two payments of a subscription. */
  readonly period: number;
  /** Distinguishes the ids of this run from those of other runs. */
  readonly run: string;
  /** The beginning of the story, milliseconds since 1970-01-01. */
  readonly now: number;
}
