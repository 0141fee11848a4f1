/** Which product of Mintmark an item of FastSpring's is. */
import type { Product } from '../../domain/product.ts';

export type FindByPath = (path: string) => Product | undefined;

/**
 * FastSpring names a product by its path, in either case, and a variation by one of its own: a product file lists
 * them, or is named as the path.
 */
export function findByPath(products: readonly Product[]): FindByPath {
  const byPath = new Map<string, Product>();
  for (const product of products) {
    const sold = product.marketplaces['fastspring'];
    if (sold === undefined) continue;
    const paths = sold.products.length > 0 ? sold.products : [product.id];
    for (const path of paths) byPath.set(path.toLowerCase(), product);
  }
  return (path) => byPath.get(path.toLowerCase());
}
