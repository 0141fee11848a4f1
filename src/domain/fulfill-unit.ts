/** Decides which unit a fulfillment request gets where units are requested one by one. */
import {
  type Asked,
  type Delivery,
  type Fulfilled,
  type FulfillmentContext,
  fulfilled,
  isAnswered,
  issueOf,
} from './fulfilled.ts';
import type { HeldLicense, HeldOrder } from './ledger.ts';
import { LARGEST_QUANTITY, type Order } from './order.ts';
import type { Product } from './product.ts';

/**
 * Separate Multibuy: a request does not state its unit, and a retry looks the same. A request gets the oldest
 * unit that is neither delivered nor being sent, else the next unit.
 */
export function fulfillOneUnit(
  order: Order,
  product: Product,
  context: FulfillmentContext,
  asked: Asked,
): Promise<Fulfilled> {
  const { handouts } = context;
  return handouts.oneAtATime(order, async () => {
    const known = await context.ledger.findOrder(order);
    const licenses: readonly HeldLicense[] = known?.licenses ?? [];
    const cap = order.quantity > 1 ? order.quantity : LARGEST_QUANTITY;
    const heldQuantity = licenses.find((license) => (license.answer?.quantity ?? 1) > 1)?.answer?.quantity;
    if (order.quantity > 1 && heldQuantity !== undefined && heldQuantity !== order.quantity) {
      return { outcome: 'conflict', heldQuantity };
    }
    const waiting = licenses.find(
      (license) => license.answer?.deliveredAt == null && !handouts.isOut(order, license.unit),
    );
    if (waiting !== undefined && known !== undefined && isAnswered(waiting)) {
      return handOut('repeated', known, waiting.unit, order, context);
    }
    if (waiting === undefined && known !== undefined && licenses.length >= cap) {
      if (order.quantity === 1) return { outcome: 'conflict', heldQuantity: licenses.length };
      // All units are sent or being sent, so the request is a retry: it gets the oldest unit being sent, else
      // the unit delivered last.
      const again = licenses.find(({ unit }) => handouts.isOut(order, unit)) ?? lastDelivered(licenses);
      return handOut('repeated', known, again?.unit ?? 0, order, context);
    }
    const unit = waiting?.unit ?? licenses.length;
    const issued = await context.ledger.issue(issueOf(order, product, unit, asked, context));
    if (!('held' in issued)) return issued;
    return handOut(issued.outcome, issued.held, unit, order, context);
  });
}

function lastDelivered(licenses: readonly HeldLicense[]): HeldLicense | undefined {
  return [...licenses].sort((a, b) => (b.answer?.deliveredAt ?? 0) - (a.answer?.deliveredAt ?? 0))[0];
}

function handOut(
  outcome: 'issued' | 'repeated',
  held: HeldOrder,
  unit: number,
  order: Order,
  context: FulfillmentContext,
): Fulfilled {
  const { handouts, ledger, now } = context;
  const take = handouts.take(order, unit);
  let isFinished = false;
  const delivery: Delivery = {
    async finished() {
      isFinished = true;
      try {
        await ledger.noteDelivery(order, unit, now());
      } finally {
        take.release();
      }
    },
    abandoned() {
      // A response also closes after `finished`: until the delivery is stored, the unit must not look free.
      if (!isFinished) take.release();
    },
  };
  const units = held.licenses.filter((license) => license.unit === unit);
  return fulfilled(outcome, held, units, delivery);
}
