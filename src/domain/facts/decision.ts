/** What an operator decides about a license, and about a product or a line of sales. */
import type { Day } from '../values/day.ts';

export type Decision =
  | { readonly kind: 'set-until'; readonly until: Day }
  | { readonly kind: 'set-updates'; readonly until: Day }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'reinstated' }
  | { readonly kind: 'withdrawn' }
  /** The sold licenses of a product get other terms from now on. */
  | { readonly kind: 'termed'; readonly product: string; readonly terms: string }
  /** A line without a product file is this product. */
  | { readonly kind: 'mapped'; readonly line: string; readonly product: string };
