/** The parameters of a license request. The seller names them; the hash does not bind a value to its name (45). */
import { cut } from '../../domain/values/cut.ts';
import type { FieldName, Product } from '../../domain/values/product.ts';
import { AppError } from '../../errors.ts';
import { refuseNul } from '../form.ts';
import type { Fields } from '../marketplace.ts';
import { HASH_FIELD } from './authenticity.ts';

/** Names in public handlers of license requests. A name that no field of the product file reads decides nothing. */
const KNOWN: readonly string[] = [
  HASH_FIELD,
  ...['name', 'company', 'email', 'quantity', 'product', 'internalProductName', 'reference'],
  ...['subscriptionReference', 'subscription', 'referrer', 'tags', 'sku', 'attributes'],
  ...['sequence', 'periods', 'test'],
];

/** Values that mean no, or nothing: FastSpring does not document how it writes either. */
export const NO: ReadonlySet<string> = new Set([
  ...['0', 'false', 'no', 'n', 'off'],
  ...['none', 'null', 'nil', 'undefined', 'n/a', '-'],
]);

/**
 * Nothing separates the hashed values, so a captured request could be split into another with more parameters.
 * Throws AppError `malformed_request` for a parameter that neither FastSpring nor the product file names, and for
 * NUL in one that the product file reads.
 */
export function requireKnown(fields: Fields, product: Product): void {
  const listed = [
    ...Object.values(product.fields).flat(),
    ...(product.marketplaces['fastspring']?.parameters ?? []),
  ];
  for (const name of listed) refuseNul(name, fields.get(name));
  const known = new Set([...KNOWN, ...listed]);
  const unknown = [...fields.keys()].find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new AppError(
    'malformed_request',
    `The parameter ${JSON.stringify(cut(unknown, 60))} is not known: remove it in FastSpring, or list it in the product file under parameters.`,
  );
}

/** The names under which the product file reads a field, and the first of them that is present and not blank. */
export class Parameters {
  readonly #fields: Fields;
  readonly #names: Product['fields'];

  constructor(fields: Fields, product: Pick<Product, 'fields'>) {
    this.#fields = fields;
    this.#names = product.fields;
  }

  get(field: FieldName): string | undefined {
    for (const name of this.#names[field]) {
      const value = this.named(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** One parameter by its name. */
  named(name: string): string | undefined {
    return this.#fields.get(name)?.trim() || undefined;
  }

  /** A parameter of this field is present and blank. */
  isBlank(field: FieldName): boolean {
    return this.#names[field].some((name) => this.#fields.has(name) && this.named(name) === undefined);
  }

  /** Throws AppError `malformed_request` that names the field's parameters. */
  refuse(field: FieldName, value: string | undefined, expected: string): never {
    const fault =
      value === undefined ? 'is missing: add it to the parameters in FastSpring' : `must be ${expected}`;
    throw new AppError('malformed_request', `${this.#names[field].join(' or ')} ${fault}.`);
  }
}
