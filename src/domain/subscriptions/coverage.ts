/** The lines that a subscription covers: as sold, then as the marketplace changed them (read-coverage.ts). */
import type { Fact } from '../facts/fact.ts';
import type { Covered } from './stated-lines.ts';
import type { Unclear } from './unclear-charges.ts';

export interface Coverage {
  /** null: as sold. */
  readonly now: readonly Covered[] | null;
  /** Earlier coverages, oldest first, each with its end in milliseconds since 1970-01-01. */
  readonly before: readonly { readonly lines: readonly Covered[] | null; readonly until: number }[];
  /** When a quantity was last stated, milliseconds since 1970-01-01; -1: never. */
  readonly statedAt: number;
  /** An announced change of what is covered, which no paid charge has named yet. */
  readonly pending: Fact | undefined;
  /** The latest stated features by product (stated-features.ts). */
  readonly features: ReadonlyMap<string, readonly string[]>;
  /** The keys of charges of something beside the subscription's own product, such as an add-on. */
  readonly beside: ReadonlySet<string>;
  /** When such a charge, or a proration of 0, first named a product that the subscription did not cover, milliseconds since 1970-01-01. */
  readonly addedAt: ReadonlyMap<string, number>;
  /** Products that requests asked for with prorations, or with charges of something else, alone, each of which was paid back. */
  readonly undone: ReadonlySet<string>;
  /** Products that requests asked for with charges alone, the lines of all of which are stated. */
  readonly told: ReadonlySet<string>;
  /**
   * `unnamed`: announced changes that the next paid charge did not name. `unmapped`: facts about lines
   * without a product file.
   */
  readonly unnamed: readonly Fact[];
  readonly unmapped: readonly Fact[];
  /** What may have been paid for otherwise than it is counted, until a charge states all lines. */
  readonly unclear: readonly Unclear[];
  /** The keys of returned prorations whose units the subscription states, and nothing pays for. */
  readonly unpaid: ReadonlySet<string>;
}
