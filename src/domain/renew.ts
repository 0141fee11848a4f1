/** Decides what a fulfillment request of a subscription gets: the renewed code of its license, or a first one. */
import type { Fact } from './fact.ts';
import { type Fulfilled, type FulfillParts, fulfill, fulfilled } from './fulfill.ts';
import type { Order } from './order.ts';
import type { Product } from './product.ts';

/** The subscription that a request names, and what it tells of it if it is a rebill. */
export interface RenewalRequest {
  readonly subscription: string;
  /** The number of the billing period, 1 the first; null where it is not told. */
  readonly sequence: number | null;
  readonly facts: readonly Fact[];
}

/**
 * A rebill is a period above the first, or another order of a subscription whose licenses are known. One of a
 * subscription that nobody has told of yet gets a license of its own: somebody paid.
 */
export async function renewOrFulfill(
  order: Order,
  product: Product,
  parts: FulfillParts,
  facts: readonly Fact[],
  renewal: RenewalRequest,
): Promise<Fulfilled> {
  const orders = await parts.ledger.findSubscription(order, renewal.subscription, product.id);
  const isRebill = orders.length > 0 && !orders.includes(order.order);
  if (isRebill) {
    const { marketplace, mode, quantity } = order;
    const held = await parts.ledger.renew({
      marketplace,
      mode,
      quantity,
      product: product.id,
      order: order.order,
      subscription: renewal.subscription,
      message: product.message.digest,
      facts: renewal.facts,
      at: parts.now(),
    });
    if (held !== undefined) return fulfilled(false, held, held.licenses, undefined);
  }
  return fulfill(order, product, parts, facts);
}
