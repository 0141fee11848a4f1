/** `fields` of a product file: the names under which a marketplace sends fields that the seller names. */
import { z } from 'zod';
import type { FieldName, Product } from '../domain/values/product.ts';
import { nameList } from './values.ts';

const field = nameList(100);

export const fieldNames = z.strictObject({
  email: field.default(['email', 'p_customer_email']),
  name: field.default(['name', 'p_customer_name']),
  company: field.default(['company']),
  reference: field.default(['reference']),
  quantity: field.default(['quantity']),
  subscriptionReference: field.default(['subscriptionReference', 'subscription']),
  sequence: field.default(['sequence']),
  test: field.default(['test']),
  product: field.exactOptional(),
  trial: field.default(['trial']),
  trialEnd: field.default(['trialEnd']),
  features: field.exactOptional(),
  units: field.exactOptional(),
} satisfies Record<FieldName, unknown>);

/**
 * The names of each field. FastSpring's hash lets an attacker split one parameter into two, so a parameter that
 * decides what is sold is read only if the product file lists it, under `parameters` or `fields`.
 */
export function completeFields(
  named: z.output<typeof fieldNames>,
  parameters: readonly string[],
): Product['fields'] {
  const listed = (...names: readonly string[]) => names.filter((name) => parameters.includes(name));
  return {
    product: [...listed('mintmark_product'), 'product'],
    features: listed('mintmark_features'),
    units: listed('mintmark_quantity'),
    ...named,
  };
}

/** The names of a product file that gives none. */
export const USUAL_FIELDS: Product['fields'] = completeFields(fieldNames.parse({}), []);
