/** The terms of a product file, stored under their digest. */
import { createHash } from 'node:crypto';
import { type KeptTerms, type Terms, termsContent } from '../domain/values/terms.ts';

export function keptTermsOf(product: Terms): KeptTerms {
  const content = termsContent(product);
  const terms: Terms = JSON.parse(content);
  return { digest: createHash('sha256').update(content).digest('hex'), terms };
}
