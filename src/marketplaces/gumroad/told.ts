/** The input of the readers of Gumroad's sales. */
import type { Loose } from '../loose.ts';
import type { FindSold } from './product-keys.ts';

/** A sale as the API has it, and what is known beside it. */
export interface Reading {
  readonly id: string;
  readonly sale: Loose;
  /** When the sale was made, milliseconds since 1970-01-01. */
  readonly soldAt: number;
  /** When the ping was received, or the API read: what a sale says beside being sold has no time of its own. */
  readonly at: number;
  readonly findProduct: FindSold;
}
