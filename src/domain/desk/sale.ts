/** Issues licenses for a sale outside any marketplace, exactly once. */
import { answered } from '../requests/fulfill.ts';
import type { Fulfilled } from '../requests/fulfilled.ts';
import { type Customer, MANUAL, type Mode } from '../values/order.ts';
import type { Product } from '../values/product.ts';
import type { Desk } from './operator.ts';

export interface OwnSale {
  readonly product: Product;
  readonly mode: Mode;
  /** The seller's own order number; a repeated number is a repeat. */
  readonly order: string;
  /** Units, 1 to LARGEST_QUANTITY. */
  readonly quantity: number;
  readonly customer: Customer;
}

/** Issues all units of the sale; a repeat gets the codes that are not revoked. `now` in milliseconds since 1970-01-01. */
export async function issueSale(
  { ledger }: Pick<Desk, 'ledger'>,
  { product, mode, order, quantity, customer }: OwnSale,
  now: number,
): Promise<Fulfilled> {
  const issued = await ledger.issue({
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
    // All units are issued at once, even if the product uses Separate Multibuy.
    product: { ...product, multibuy: 'single' },
    units: 'all',
    facts: [],
    at: now,
    cause: 'issued by an operator',
  });
  return answered(issued);
}
