/** The terms of a sale: a product's rules on the day of sale, stored by digest. */
import type { Product } from './product.ts';

/** The rules that apply to a license. */
export type Terms = Pick<
  Product,
  | 'id'
  | 'term'
  | 'grace'
  | 'updates'
  | 'quantity'
  | 'seats'
  | 'multibuy'
  | 'features'
  | 'grants'
  | 'trial'
  | 'overdue'
  | 'ended'
  | 'refund'
> & { readonly trialTerm?: Product['trialTerm'] };

/** Terms with their digest. */
export interface KeptTerms {
  /** SHA-256 of the content: 32 bytes, lower-case hex. */
  readonly digest: string;
  readonly terms: Terms;
}

/** Serializes terms with a fixed key order, so that equal rules give equal text. */
export function termsContent(product: Terms): string {
  const { id, term, grace, updates, quantity, seats, multibuy, features, grants } = product;
  const { trial, overdue, ended, refund, trialTerm } = product;
  return JSON.stringify({
    id,
    term,
    grace,
    updates,
    quantity,
    seats,
    multibuy,
    features,
    grants,
    trial,
    overdue,
    ended,
    refund,
    // Absent from the text if the product has none.
    trialTerm,
  });
}
