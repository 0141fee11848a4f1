/** The setting of a simulated story, and the type of its steps. */

/** Events of one moment, with a title for a person. */
export interface Step {
  readonly title: string;
  readonly events: readonly object[];
}

/** What is sold: ids at Lemon Squeezy. */
export interface Ware {
  readonly variant: number;
  readonly product: number;
}

export interface Cast {
  /** The stories sell the first; `plan change` changes to the second, or to another variant of the first. */
  readonly wares: readonly [Ware, ...Ware[]];
  readonly quantity: number;
  /** Days between two payments of a subscription. */
  readonly period: number;
  /** Distinguishes the ids of this run from those of other runs: up to nine digits. */
  readonly run: number;
  /** The beginning of the story, milliseconds since 1970-01-01. */
  readonly now: number;
}
