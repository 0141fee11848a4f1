/** Finds the terms of a license: the terms of its sale, unless an operator applied others. */

import type { LedgerLicense } from '../changes.ts';
import type { Rules } from '../rules.ts';
import { orderSubject } from '../values/order-subject.ts';
import type { KeptTerms, Terms } from '../values/terms.ts';
import type { View } from '../view.ts';

/** undefined: the terms are unknown, and the product file is missing. */
export function termsFor(
  license: Pick<LedgerLicense, 'order' | 'product' | 'terms'>,
  view: Pick<View, 'factsOf'>,
  licenses: readonly LedgerLicense[],
  rules: Rules,
): Terms | undefined {
  return keptTermsFor(license, view, licenses, rules)?.terms;
}

export function keptTermsFor(
  { order, product, terms }: Pick<LedgerLicense, 'order' | 'product' | 'terms'>,
  view: Pick<View, 'factsOf'>,
  licenses: readonly LedgerLicense[],
  rules: Rules,
): KeptTerms | undefined {
  const applied = view
    .factsOf(orderSubject(order))
    .findLast(({ body }) => body.kind === 'termed' && body.product === product);
  if (applied?.body.kind === 'termed') return kept(applied.body.terms, rules);
  const digest =
    terms ?? licenses.find((other) => other.order === order && other.product === product)?.terms ?? null;
  if (digest !== null) return kept(digest, rules);
  return rules.currentTerms(product);
}

function kept(digest: string, { findTerms }: Rules): KeptTerms | undefined {
  const terms = findTerms(digest);
  return terms && { digest, terms };
}
