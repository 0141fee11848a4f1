/** What a sale of a product entitles to. */
import { addPeriod, type Day } from './day.ts';
import type { Entitlement } from './license.ts';
import type { Product } from './product.ts';

/** As many seats as two bytes hold (license-code-v1: seats). */
export const MOST_SEATS = 65_535;

/**
 * The entitlement of one license of a product sold on a UTC day. Where the product turns units into seats, one
 * license carries those of all units, 65,535 at most.
 */
export function entitle(product: Product, quantity: number, sold: Day): Entitlement {
  const units = product.quantity === 'seats' ? quantity : 1;
  return {
    trial: product.trial,
    issued: sold,
    lastValid: product.term === 'perpetual' ? null : addPeriod(addPeriod(sold, product.term), product.grace),
    updatesUntil: product.updates === 'unlimited' ? null : addPeriod(sold, product.updates),
    seats: Math.min(product.seats * units, MOST_SEATS),
    features: featureBits(product),
  };
}

/** The bits of some of the product's features; of those that it grants where none are named. */
export function featureBits(product: Product, names: readonly string[] = product.grants): number {
  return names.reduce((bits, feature) => bits | (1 << product.features.indexOf(feature)), 0);
}
