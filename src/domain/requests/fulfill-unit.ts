/** Decides which unit a fulfillment request gets where units are requested one by one. */
import type { HeldLicense, HeldOrder } from '../ledger.ts';
import { LARGEST_QUANTITY, type Order } from '../values/order.ts';
import type { Product } from '../values/product.ts';
import {
  type Asked,
  type Delivery,
  type Fulfilled,
  type FulfillmentContext,
  fulfilled,
  isAnswered,
  issueOf,
} from './fulfilled.ts';

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
    const out = await handouts.unitsOut(order);
    const licenses: readonly HeldLicense[] = known?.licenses ?? [];
    const cap = order.quantity > 1 ? order.quantity : LARGEST_QUANTITY;
    const heldQuantity = licenses.find((license) => (license.answer?.quantity ?? 1) > 1)?.answer?.quantity;
    if (order.quantity > 1 && heldQuantity !== undefined && heldQuantity !== order.quantity) {
      return { outcome: 'conflict', heldQuantity };
    }
    const undelivered = licenses.filter(
      (license) => license.answer?.deliveredAt == null && !out.has(license.unit),
    );
    const waiting = undelivered.find(({ state }) => state !== 'revoked') ?? undelivered[0];
    if (waiting !== undefined && known !== undefined && isAnswered(waiting)) {
      // A surplus unit that was never delivered is revoked: the retry gets a unit that is not.
      const unit = waiting.state === 'revoked' ? unitAgain(licenses, out) : waiting.unit;
      return handOut('repeated', known, unit, order, context);
    }
    if (waiting === undefined && known !== undefined && licenses.length >= cap) {
      if (order.quantity === 1) return { outcome: 'conflict', heldQuantity: licenses.length };
      return handOut('repeated', known, unitAgain(licenses, out), order, context);
    }
    const unit = waiting?.unit ?? licenses.length;
    const issued = await context.ledger.issue(issueOf(order, product, unit, asked, context));
    if (!('held' in issued)) return issued;
    const isHeld = issued.held.licenses.some((license) => license.unit === unit);
    // The order is settled, and has no such unit: the request is a retry.
    const given = isHeld ? unit : unitAgain(issued.held.licenses, out);
    return handOut(issued.outcome, issued.held, given, order, context);
  });
}

/**
 * The unit of a retry, where all units are delivered or being sent: the oldest that is being sent, else the one
 * delivered last. A revoked unit only if all are.
 */
function unitAgain(licenses: readonly HeldLicense[], out: ReadonlySet<number>): number {
  const live = licenses.filter(({ state }) => state !== 'revoked');
  const units = live.length > 0 ? live : licenses;
  const again = units.find(({ unit }) => out.has(unit)) ?? lastDelivered(units);
  return again?.unit ?? 0;
}

function lastDelivered(licenses: readonly HeldLicense[]): HeldLicense | undefined {
  return [...licenses].sort((a, b) => (b.answer?.deliveredAt ?? 0) - (a.answer?.deliveredAt ?? 0))[0];
}

async function handOut(
  outcome: 'issued' | 'repeated',
  held: HeldOrder,
  unit: number,
  order: Order,
  context: FulfillmentContext,
): Promise<Fulfilled> {
  const { handouts, ledger, now } = context;
  const handout = await handouts.take(order, unit);
  let isFinished = false;
  const delivery: Delivery = {
    async finished() {
      isFinished = true;
      try {
        await ledger.noteDelivery(order, unit, now());
      } finally {
        handout.release();
      }
    },
    abandoned() {
      // A response also closes after `finished`: until the delivery is stored, the unit must not look free.
      if (!isFinished) handout.release();
    },
  };
  const units = held.licenses.filter((license) => license.unit === unit);
  return fulfilled(outcome, held, units, delivery);
}
