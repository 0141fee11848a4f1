/** The occasion of a decision. */
import type { Fact } from './facts/fact.ts';

/** Why licenses are derived now. */
export interface Occasion {
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
  /** New facts: each affected license gets a history row that names them. */
  readonly news: readonly Fact[];
  /** Codes that a marketplace holds; a genuine code is adopted if its license is missing. */
  readonly codes: readonly string[];
}
