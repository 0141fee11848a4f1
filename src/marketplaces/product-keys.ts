/** The keys of a marketplace in a product file, below `marketplaces: <name>:`. */
import { z } from 'zod';
import type { Product, ProductMarketplace } from '../domain/values/product.ts';

/** Keys of a product file outside of `marketplaces` that concern how the product is sold. */
export interface SoldAs extends Pick<Product, 'multibuy'> {
  /** Further parameters that the marketplace sends for the seller. */
  readonly parameters: readonly string[];
}

export interface ProductKeys {
  readonly names: readonly string[];
  /** Parses the written keys into how the marketplace sells the product. Every written value is text. */
  readonly schema: z.ZodType<(product: SoldAs) => ProductMarketplace>;
  /** The same for two spellings of one product of the marketplace. */
  fold(name: string): string;
  /** The marketplace's names of a product whose file lists none. */
  unlisted(id: string): readonly string[];
}

/** `shape` has a zod type for each key; `read` interprets the keys; `faultOf` says what is wrong with them together. */
export function productKeysOf<T extends z.ZodRawShape>(
  shape: T,
  read: (written: z.output<z.ZodObject<T, z.core.$strict>>, product: SoldAs) => ProductMarketplace,
  {
    fold = (name) => name,
    unlisted = () => [],
    faultOf = () => undefined,
  }: Partial<Pick<ProductKeys, 'fold' | 'unlisted'>> & {
    readonly faultOf?: (written: z.output<z.ZodObject<T, z.core.$strict>>) => string | undefined;
  } = {},
): ProductKeys {
  return {
    names: Object.keys(shape),
    // `name:` without a value is the same as `{}`.
    schema: z.preprocess(
      (value) => (value === '' ? {} : value),
      z
        .strictObject(shape)
        .superRefine((written, context) => {
          const message = faultOf(written);
          if (message !== undefined) context.addIssue({ code: 'custom', message });
        })
        .transform((written) => (product: SoldAs) => read(written, product)),
    ),
    fold,
    unlisted,
  };
}

/** The marketplace's names of a product: from its file, else the defaults. */
export function namesAt(
  { name, productKeys }: { readonly name: string; readonly productKeys: ProductKeys },
  { id, marketplaces }: Pick<Product, 'id' | 'marketplaces'>,
): readonly string[] {
  const sold = marketplaces[name];
  if (sold === undefined) return [];
  return sold.products.length > 0 ? sold.products : productKeys.unlisted(id);
}
