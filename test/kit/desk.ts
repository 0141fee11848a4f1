/** The constants of the desk's tests: grounds, time and product file. */
import { keptTermsOf } from '../../src/catalog/kept-terms.ts';
import type { ReadKept } from '../../src/domain/desk/events.ts';
import type { Desk, Grounds } from '../../src/domain/desk/operator.ts';
import type { Product } from '../../src/domain/values/product.ts';
import type { Fake } from './desk-ledger.ts';
import { productOf, SOLD_AT } from './memory-ledger.ts';
import { MINTER } from './minting.ts';

/** A day after the sale. */
export const NOW = SOLD_AT + 86_400_000;

export const GROUNDS: Grounds = { actor: 'ada', reason: 'ticket 17' };

/** `file` is the product file of today. */
export function deskOf(
  { ledger }: Pick<Fake, 'ledger'>,
  file: Product = productOf(),
): Desk & { readonly read: ReadKept } {
  const currentTerms = (id: string) => (id === file.id ? keptTermsOf(file) : undefined);
  const read = () => Promise.reject(new TypeError('no event can be read'));
  return { ledger, rules: { minter: MINTER, currentTerms }, read };
}
