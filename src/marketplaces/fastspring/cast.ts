/** The setting of a simulated story, and the type of its steps. */

/** One call of a story, with its title for a person. */
export type Step =
  | { readonly title: string; readonly product: string; readonly request: Readonly<Record<string, string>> }
  | { readonly title: string; readonly events: readonly object[] };

export interface Cast {
  /** Paths of products; `bundle` sells all of them, the other stories the first. */
  readonly paths: readonly [string, ...string[]];
  /** Product ids in the same order, for the paths of license requests. */
  readonly products: readonly [string, ...string[]];
  readonly quantity: number;
  /** Days between two payments of a subscription. */
  readonly period: number;
  /** Distinguishes the ids of this run from those of other runs. */
  readonly run: string;
  /** The beginning of the story, milliseconds since 1970-01-01. */
  readonly now: number;
}
