/** The terms of a sale: the rules of a product as they were on the day of sale, kept with it by digest. */
import type { Product } from './product.ts';

/** The rules by which a license lives. */
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

/** Terms under their digest. */
export interface KeptTerms {
  /** SHA-256 of the content: 32 bytes, lower-case hex. */
  readonly digest: string;
  readonly terms: Terms;
}

/** The terms in one fixed order of keys, so that the same rules are the same text. */
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
    ...(trialTerm !== undefined && { trialTerm }),
  });
}
