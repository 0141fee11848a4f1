/** The limits for the units of one line. */
import { LARGEST_QUANTITY } from '../domain/values/order.ts';
import type { Product } from '../domain/values/product.ts';

/** A license code has two bytes for seats. */
export const MOST_UNITS = 65_535;

/** The most units of a product: a code each, or seats of one code. For an unknown product: the most readable. */
export function mostUnits(product: Pick<Product, 'quantity' | 'seats'> | undefined): number {
  if (product === undefined) return MOST_UNITS;
  if (product.quantity === 'codes') return LARGEST_QUANTITY;
  return Math.floor(MOST_UNITS / Math.max(product.seats, 1));
}
