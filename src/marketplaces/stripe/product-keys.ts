/** `marketplaces: stripe:` in a product file, and the product of a price. */
import { z } from 'zod';
import { nameList } from '../../catalog/values.ts';
import type { Product } from '../../domain/values/product.ts';
import { productKeysOf } from '../product-keys.ts';

const MISSING = 'names no product: list ids of prices (price_…) or products (prod_…) that Stripe sells it as';

/** Ids of products can be chosen by the seller; prices of old accounts are plans with an id of any shape. */
const isId = (text: string) => /^[\w.-]{1,60}$/.test(text);

export const productKeys = productKeysOf(
  {
    product: z.preprocess((value) => value ?? [], nameList(60)).refine((ids) => ids.every(isId), MISSING),
  },
  ({ product }) => ({ products: product, reply: 'markdown', parameters: [] }),
);

/** The product of a price or, if no file lists the price, of its product. */
export type FindByPrice = (price: string, product: string | undefined) => Product | undefined;

export function findByPrice(products: readonly Product[]): FindByPrice {
  const byId = new Map<string, Product>();
  for (const product of products) {
    for (const id of product.marketplaces['stripe']?.products ?? []) byId.set(id, product);
  }
  return (price, product) => byId.get(price) ?? byId.get(product ?? '');
}
