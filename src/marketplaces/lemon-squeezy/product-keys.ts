/** `marketplaces: lemon-squeezy:` in a product file, and the product of a variant. */
import { nameList } from '../../catalog/values.ts';
import type { Product } from '../../domain/values/product.ts';
import { productKeysOf } from '../product-keys.ts';

const isId = (text: string) => /^[1-9]\d{0,17}$/.test(text);

const ids = nameList(20)
  .refine((all) => all.every(isId), 'has something else than ids, which are numbers such as 1090954')
  .exactOptional();

const MISSING = 'names neither a variant nor a product of Lemon Squeezy';

/** Ids of products and of variants are numbers of their own kinds, so one number may mean both. */
const PRODUCT = 'product ';

export const productKeys = productKeysOf(
  { variant: ids, product: ids },
  ({ variant = [], product = [] }) => ({
    products: [...variant, ...product.map((id) => `${PRODUCT}${id}`)],
    reply: 'markdown',
    parameters: [],
  }),
  {
    faultOf: ({ variant, product }) => (variant === undefined && product === undefined ? MISSING : undefined),
  },
);

/** The product of a variant or, if no file lists the variant, of its product. */
export type FindByVariant = (variant: string, product: string | undefined) => Product | undefined;

export function findByVariant(products: readonly Product[]): FindByVariant {
  const byId = new Map<string, Product>();
  for (const product of products) {
    for (const id of product.marketplaces['lemon-squeezy']?.products ?? []) byId.set(id, product);
  }
  return (variant, product) => byId.get(variant) ?? byId.get(`${PRODUCT}${product}`);
}

/** What the simulator sells for a listed name; the other id is made up. */
export function wareOf(name: string): { readonly variant: number; readonly product: number } {
  if (!name.startsWith(PRODUCT)) return { variant: Number(name), product: 1 };
  const product = Number(name.slice(PRODUCT.length));
  return { variant: product * 10 + 1, product };
}
