/** How many units one line may have. */
import { LARGEST_QUANTITY } from '../../domain/order.ts';
import type { Product } from '../../domain/product.ts';

/** Two bytes of seats: more than this, no license code can say. */
export const MOST_UNITS = 65_535;

/** Units of a product that can be delivered: a code each, or as seats of one code. Unknown product: what is readable. */
export function mostUnits(product: Pick<Product, 'quantity' | 'seats'> | undefined): number {
  if (product === undefined) return MOST_UNITS;
  if (product.quantity === 'codes') return LARGEST_QUANTITY;
  return Math.floor(MOST_UNITS / Math.max(product.seats, 1));
}
