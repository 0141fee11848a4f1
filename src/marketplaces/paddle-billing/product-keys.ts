/** `marketplaces: paddle-billing:` in a product file, and the product of a price. */
import { z } from 'zod';
import { nameList } from '../../catalog/values.ts';
import type { Product } from '../../domain/values/product.ts';
import { productKeysOf } from '../product-keys.ts';

const MISSING = 'names no product: list ids of prices (pri_…) or products (pro_…) that Paddle sells it as';

/** An id of Paddle Billing's: a letter word and a ULID. */
const isId = (text: string) => /^(pri|pro)_[0-9a-z]{1,40}$/i.test(text);

export const productKeys = productKeysOf(
  {
    product: z.preprocess((value) => value ?? [], nameList(60)).refine((ids) => ids.every(isId), MISSING),
  },
  ({ product }) => ({ products: product, reply: 'markdown', parameters: [] }),
  { fold: (id) => id.toLowerCase() },
);

/** The product of a price or, if no file lists the price, of its product. */
export type FindByPrice = (price: string, product: string | undefined) => Product | undefined;

export function findByPrice(products: readonly Product[]): FindByPrice {
  const byId = new Map<string, Product>();
  for (const product of products) {
    const ids = product.marketplaces['paddle-billing']?.products ?? [];
    for (const id of ids) byId.set(id.toLowerCase(), product);
  }
  return (price, product) => byId.get(price) ?? byId.get(product?.toLowerCase() ?? '');
}
