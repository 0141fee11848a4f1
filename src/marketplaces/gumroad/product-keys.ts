/** `marketplaces: gumroad:` in a product file, and the product of a sale. */
import { nameList } from '../../catalog/values.ts';
import type { Product } from '../../domain/values/product.ts';
import { productKeysOf } from '../product-keys.ts';

/** The product's id as Gumroad shows it, or the end of its address. */
const isProduct = (text: string) => /^[\w=-]{1,100}$/.test(text);

const products = nameList(100).refine(
  (all) => all.every(isProduct),
  'has something else than ids of products, or the ends of their addresses, such as exed of https://….gumroad.com/l/exed',
);

const MISSING = 'names no product of Gumroad: its id, or the end of its address';

export const productKeys = productKeysOf(
  { product: products.exactOptional(), variant: nameList(200).exactOptional() },
  ({ product = [], variant }) => ({
    products:
      variant === undefined ? product : product.flatMap((id) => variant.map((name) => lineOf(id, [name]))),
    reply: 'markdown',
    parameters: [],
  }),
  { faultOf: ({ product }) => (product === undefined ? MISSING : undefined) },
);

/** The name of a line: `id`, or `id (Pro)` with the chosen options. */
export function lineOf(product: string, options: readonly string[]): string {
  return options.length === 0 ? product : `${product} (${options.join(', ')})`;
}

/** What a sale says of the product: its id, the end of its address, the chosen options. */
export interface Sold {
  readonly id: string | undefined;
  readonly permalink: string | undefined;
  readonly options: readonly string[];
}

/** Undefined: no product file lists it, or several list one of its options each. */
export type FindSold = (sold: Sold) => Product | undefined;

export function findSold(products: readonly Product[]): FindSold {
  const byName = new Map<string, Product>();
  for (const product of products) {
    for (const name of product.marketplaces['gumroad']?.products ?? []) byName.set(name, product);
  }
  return ({ id, permalink, options }) => {
    const names = [id, permalink].filter((name) => name !== undefined);
    const ofOptions = new Set(
      names.flatMap((name) => options.flatMap((option) => byName.get(lineOf(name, [option])) ?? [])),
    );
    if (ofOptions.size > 1) return undefined;
    const [chosen] = ofOptions;
    return chosen ?? names.map((name) => byName.get(name)).find((product) => product !== undefined);
  };
}

/** What the simulator sells for a listed name. */
export function wareOf(name: string): { readonly product: string; readonly option: string | undefined } {
  const [, product = name, option] = /^([\w=-]+) \((.+)\)$/.exec(name) ?? [];
  return { product, option };
}
