/** The features that a subscription is stated to have, by product. What an announced other path lacks stays until it is paid. */
import type { FactBody } from '../facts/fact.ts';
import type { Announced } from './paid-lines.ts';
import { type Covered, NO_LINE } from './stated-lines.ts';

type Stated = Pick<Announced, 'product' | 'features'> & { readonly line?: string };
type Paid = Extract<FactBody, { kind: 'paid' }>;

export class StatedFeatures {
  readonly #byProduct = new Map<string, readonly string[]>();
  /** As last stated of each path, whatever the subscription is for. */
  readonly #byPath = new Map<string, readonly string[]>();
  /** The path that each product is for. */
  readonly #paths: Map<string, string>;

  /** `sold`: the path that each product was sold by. */
  constructor(sold: ReadonlyMap<string, string> = new Map()) {
    this.#paths = new Map(sold);
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
      const known = this.#byProduct.get(product) ?? [];
      this.#byProduct.set(product, [...new Set([...known, ...features])]);
    }
  }

  resize({ product, features, line = NO_LINE }: Stated): void {
    if (product === null) return;
    this.#paths.set(product, line);
    if (features !== undefined) this.#byProduct.set(product, features);
  }

  /** A charge as far as it is news: a rebill of the present path leaves the features as they were sold or stated. */
  newsOf(charge: Paid): Paid {
    const covers = charge.covers?.map(({ features, ...covered }) => {
      const isNews = features !== undefined && this.#paths.get(covered.product ?? '') !== covered.line;
      return { ...covered, ...(isNews && { features }) };
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
