/** The input of the readers of Lemon Squeezy's events. */
import type { Loose } from '../loose.ts';
import type { FindByVariant } from './product-keys.ts';

/** One event, parsed. */
export interface Reading {
  /** `meta.event_name` */
  readonly type: string;
  /** `data.id` */
  readonly id: string;
  readonly attributes: Loose;
  /** An order that says that its first item is its only one. */
  readonly isSingle: boolean;
  /** When the object last changed, milliseconds since 1970-01-01. */
  readonly at: number;
  readonly findProduct: FindByVariant;
}
