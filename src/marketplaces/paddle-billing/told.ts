/** The input of the readers of Paddle Billing's events. */
import type { Loose } from '../loose.ts';
import type { FindByPrice } from './product-keys.ts';

/** One event, parsed. */
export interface Reading {
  readonly type: string;
  readonly data: Loose;
  /** `occurred_at`, milliseconds since 1970-01-01. */
  readonly at: number;
  readonly findProduct: FindByPrice;
}
