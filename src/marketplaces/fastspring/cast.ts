/** Who plays in a story, and what a step of it is. */

/** One call of a story, and what a person would say has happened. */
export type Step =
  | { readonly title: string; readonly product: string; readonly request: Readonly<Record<string, string>> }
  | { readonly title: string; readonly events: readonly object[] };

export interface Cast {
  /** Paths of products; `bundle` sells all of them, the others the first. */
  readonly paths: readonly [string, ...string[]];
  /** Product ids in the same order, for the addresses of license requests. */
  readonly products: readonly [string, ...string[]];
  readonly quantity: number;
  /** Days from one payment of a subscription to the next. */
  readonly period: number;
  /** Makes the ids of this run differ from those of others. */
  readonly run: string;
  /** When the story begins, milliseconds since 1970-01-01. */
  readonly now: number;
}
