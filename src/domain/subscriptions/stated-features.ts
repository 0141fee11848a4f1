/** The features that a subscription is stated to have, by product. Those of an announced other path hold once it is paid. */
import type { Announced } from './paid-lines.ts';
import { type Covered, NO_LINE } from './stated-lines.ts';

type Stated = Pick<Announced, 'product' | 'features'> & { readonly line?: string };

export class StatedFeatures {
  readonly #byProduct = new Map<string, readonly string[]>();
  /** As last stated of each path, whatever the subscription is for. */
  readonly #byPath = new Map<string, readonly string[]>();
  /** The path that each product is for. */
  readonly #paths = new Map<string, string>();

  get byProduct(): ReadonlyMap<string, readonly string[]> {
    return this.#byProduct;
  }

  /** What the seller sets for the path that the subscription is for holds at once. */
  announce(stated: Stated): void {
    const { product, features, line = NO_LINE } = stated;
    if (product === null) return;
    if (features !== undefined) this.#byPath.set(line, features);
    if ((this.#paths.get(product) ?? line) === line) this.resize(stated);
  }

  resize({ product, features, line = NO_LINE }: Stated): void {
    if (product === null) return;
    this.#paths.set(product, line);
    if (features !== undefined) this.#byProduct.set(product, features);
  }

  pay(lines: readonly Covered[]): void {
    for (const { line, product, features = this.#byPath.get(line) } of lines) {
      if (line !== NO_LINE && this.#paths.get(product) !== line)
        this.resize({ product, line, ...(features && { features }) });
    }
  }
}
