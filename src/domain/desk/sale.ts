/** A sale of the seller's own, as exactly-once as a marketplace's. */
import type { Renewed } from '../ledger.ts';
import { type Customer, MANUAL, type Mode } from '../order.ts';
import type { Product } from '../product.ts';
import type { Desk } from './operator.ts';

export interface OwnSale {
  readonly product: Product;
  readonly mode: Mode;
  /** The seller's own number of it: the same again is a repeat. */
  readonly order: string;
  /** Units, 1 to LARGEST_QUANTITY. */
  readonly quantity: number;
  readonly customer: Customer;
}

/** Records all units of the sale with codes and answers; `now` in milliseconds since 1970-01-01. */
export function issueSale(
  { ledger }: Pick<Desk, 'ledger'>,
  { product, mode, order, quantity, customer }: OwnSale,
  now: number,
): Promise<Renewed> {
  return ledger.issue({
    order: {
      marketplace: MANUAL,
      mode,
      order,
      line: '',
      product: product.id,
      quantity,
      soldAt: now,
      customer,
    },
    // All units at once, however a marketplace asks for them.
    product: { ...product, multibuy: 'single' },
    units: 'all',
    facts: [],
    at: now,
    cause: 'issued by an operator',
  });
}
