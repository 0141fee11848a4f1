/** The occasion on which a story is settled. */
import type { Fact } from './fact.ts';

/** Why a story is settled now. */
export interface Occasion {
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
  /** Facts that were not known before: they stand in the history of each license that they concern. */
  readonly news: readonly Fact[];
  /** Codes that a marketplace holds: one that is genuine is adopted where a license is missing. */
  readonly codes: readonly string[];
}
