/** `marketplaces: fastspring:` in a product file, and the product of a FastSpring item. */
import { choice, nameList } from '../../catalog/values.ts';
import type { Product } from '../../domain/values/product.ts';
import { productKeysOf } from '../product-keys.ts';

export const productKeys = productKeysOf(
  {
    // FastSpring identifies a product by its path; each variation has a path of its own.
    product: nameList(200).exactOptional(),
    reply: choice(['codes', 'markdown']).default('codes'),
  },
  ({ product = [], reply }, { parameters }) => ({ products: product, reply, parameters }),
  { fold: (path) => path.toLowerCase(), unlisted: (id) => [id] },
);

export type FindByPath = (path: string) => Product | undefined;

/**
 * FastSpring names a product by its path, in either case, and each variation by a path of its own: a product file
 * lists the paths, or its name is the path.
 */
export function findByPath(products: readonly Product[]): FindByPath {
  const byPath = new Map<string, Product>();
  for (const product of products) {
    if (product.marketplaces['fastspring'] === undefined) continue;
    for (const path of pathsOf(product)) byPath.set(path, product);
  }
  return (path) => byPath.get(path.toLowerCase());
}

/** The paths that a product file lists, lower case; its name where it lists no path. */
export function pathsOf({ id, marketplaces }: Product): readonly string[] {
  const listed = marketplaces['fastspring']?.products ?? [];
  return listed.length > 0 ? [...new Set(listed.map((path) => path.toLowerCase()))] : [id.toLowerCase()];
}
