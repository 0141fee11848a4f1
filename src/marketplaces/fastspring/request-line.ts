/** The line of the order that a license request is for. */
import type { Product } from '../../domain/values/product.ts';
import { AppError } from '../../errors.ts';
import type { Parameters } from './parameters.ts';
import { pathsOf } from './product-keys.ts';

export interface RequestLine {
  /** Lower case; '' where the request does not name it and the product file lists several paths. */
  readonly line: string;
  /** Why the line is unknown, for an order without a known line. */
  readonly ambiguity?: string;
}

/** The seller's own choice of product, read only where the product file lists the parameter. */
const CHOICE = 'mintmark_product';

/** Throws AppError `wrong_product` for a path of another product. */
export function readLine(parameters: Parameters, product: Product): RequestLine {
  const paths = pathsOf(product);
  const names = product.fields.product;
  const chosen = names.includes(CHOICE) ? parameters.named(CHOICE)?.toLowerCase() : undefined;
  const sent = names
    .filter((name) => name !== CHOICE)
    .map((name) => parameters.named(name)?.toLowerCase())
    .find((value) => value !== undefined);
  const told = chosen ?? sent;
  if (told !== undefined && !paths.includes(told)) throw wrongProduct(told, product, paths);
  if (sent !== undefined) return { line: sent };
  const [only, ...others] = paths;
  if (only !== undefined && others.length === 0 && chosen === undefined) return { line: only };
  return { line: '', ambiguity: ambiguityOf(product, names) };
}

function wrongProduct(path: string, product: Product, paths: readonly string[]): AppError {
  return new AppError('wrong_product', 'The product that was sold is not delivered here.', {
    detail: `the request names ${path}; ${product.id}.md lists ${paths.join(', ')}`,
  });
}

function ambiguityOf(product: Product, names: readonly string[]): string {
  const name = names.filter((each) => each !== CHOICE)[0] ?? 'product';
  return `${name} is missing: ${product.id} is sold under several paths, so the request must name the path. Add the parameter ${name} with the product's path in FastSpring.`;
}
