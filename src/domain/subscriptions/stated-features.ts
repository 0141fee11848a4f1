/** The features that a subscription is stated to have, by product. What an announced other path lacks stays until it is paid. */
import type { FactBody } from '../facts/fact.ts';
import type { Announced } from './paid-lines.ts';
import { type Covered, NO_LINE } from './stated-lines.ts';

type Stated = Pick<Announced, 'product' | 'features'> & { readonly line?: string };
type Paid = Extract<FactBody, { kind: 'paid' }>;

/** How a product was sold, by one path alone. */
export interface SoldPath {
  readonly path: string;
  /** undefined: not stated. */
  readonly features: readonly string[] | undefined;
}

export class StatedFeatures {
  readonly #byProduct = new Map<string, readonly string[]>();
  /** As last stated of each path, whatever the subscription is for. */
  readonly #byPath = new Map<string, readonly string[]>();
  /** The path that each product is for. */
  readonly #paths: Map<string, string>;
  readonly #sold: ReadonlyMap<string, SoldPath>;

  constructor(sold: ReadonlyMap<string, SoldPath> = new Map()) {
    this.#sold = sold;
    this.#paths = new Map([...sold].map(([product, { path }]) => [product, path]));
  }

  get byProduct(): ReadonlyMap<string, readonly string[]> {
    return this.#byProduct;
  }

  /** Of the path that the subscription is for, they hold at once. Another path adds its own, and takes none before its charge. */
  announce(stated: Stated): void {
    const { product, features, line = NO_LINE } = stated;
    if (product === null) return;
    if (features !== undefined) this.#byPath.set(line, features);
    if ((this.#paths.get(product) ?? line) === line) this.resize(stated);
    else if (features !== undefined) {
      const known = this.#byProduct.get(product) ?? this.#sold.get(product)?.features;
      // Where nothing is stated, it has all features of its product.
      if (known !== undefined) this.#byProduct.set(product, [...new Set([...known, ...features])]);
    }
  }

  resize({ product, features, line = NO_LINE }: Stated): void {
    if (product === null) return;
    this.#paths.set(product, line);
    if (features !== undefined) this.#byProduct.set(product, features);
  }

  /** A rebill of the path that was sold has the features that were sold, whatever its items say. */
  asSold(charge: Paid): Paid {
    const covers = charge.covers?.map((covered) => {
      const { line, product } = covered;
      const { path, features } = this.#sold.get(product ?? '') ?? {};
      const isAsSold = path === line && this.#paths.get(product ?? '') === line;
      return isAsSold && features !== undefined ? { ...covered, features } : covered;
    });
    return { ...charge, ...(covers && { covers }) };
  }

  /** `shown`: the path that the subscription is shown as. What a charge names of the product beside it is an add-on. */
  pay(lines: readonly Covered[], shown: string | undefined): void {
    for (const { line, product, features = this.#byPath.get(line) } of lines) {
      const isBeside = line !== shown && lines.some((one) => one.product === product && one.line === shown);
      if (line !== NO_LINE && !isBeside && this.#paths.get(product) !== line)
        this.resize({ product, line, ...(features && { features }) });
    }
  }
}
