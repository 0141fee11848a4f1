/** Decides which licenses a fulfillment request gets: exactly one a unit, whatever is repeated. */
import { dayOf } from './day.ts';
import { entitle } from './entitle.ts';
import type { Fact } from './fact.ts';
import type { Handouts } from './handouts.ts';
import type { HeldLicense, HeldOrder, Issue, Ledger } from './ledger.ts';
import type { Entitlement, MintedLicense } from './license.ts';
import type { Minter } from './minter.ts';
import { LARGEST_QUANTITY, type Order } from './order.ts';
import type { Product } from './product.ts';

/** A license together with the answer in which it was handed out. */
export type AnsweredLicense = HeldLicense & { readonly answer: NonNullable<HeldLicense['answer']> };

/** How the reply fared, told back where units are delivered one by one. */
export interface Delivery {
  /** The 200 went out whole. */
  finished(): Promise<void>;
  /** The connection closed; counts only before that. */
  abandoned(): void;
}

export type Fulfilled =
  | {
      readonly outcome: 'issued' | 'repeated';
      /** At least one; in order of unit. */
      readonly licenses: readonly [AnsweredLicense, ...AnsweredLicense[]];
      readonly held: HeldOrder;
      readonly delivery: Delivery | undefined;
    }
  /** The order is known with another quantity; nothing was changed. */
  | { readonly outcome: 'conflict'; readonly heldQuantity: number };

export interface FulfillParts {
  readonly ledger: Ledger;
  readonly minter: Minter;
  readonly handouts: Handouts;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

/** Why a license is in the ledger, for its history. */
export const REQUEST = 'fulfillment request';

/**
 * Promises the licenses that this request gets, durably recorded before the promise resolves. `facts` are what the
 * request tells beside the sale; they are recorded with its licenses.
 */
export function fulfill(
  order: Order,
  product: Product,
  parts: FulfillParts,
  facts: readonly Fact[] = [],
): Promise<Fulfilled> {
  return product.multibuy === 'separate' && product.quantity === 'codes'
    ? fulfillOneUnit(order, product, parts)
    : fulfillAllUnits(order, product, parts, facts);
}

/** One request gets all units, and each repeat the same ones: those that were answered, whatever came since. */
async function fulfillAllUnits(
  order: Order,
  product: Product,
  parts: FulfillParts,
  facts: readonly Fact[],
): Promise<Fulfilled> {
  const known = await parts.ledger.findOrder(order);
  if (known !== undefined) {
    const heldQuantity = quantityOf(known, product);
    if (heldQuantity !== undefined && heldQuantity !== order.quantity)
      return { outcome: 'conflict', heldQuantity };
    if (known.licenses.some(isAnswered)) return fulfilled(false, known, known.licenses, undefined);
  }
  const entitlement = entitle(product, order.quantity, dayOf(order.soldAt));
  const count = product.quantity === 'seats' ? 1 : order.quantity;
  const licenses = Array.from({ length: count }, (_, unit) => mintUnit(order, unit, entitlement, parts));
  const { held, issued } = await record({ order, product, licenses, whole: true, facts }, parts);
  const heldQuantity = quantityOf(held, product);
  if (heldQuantity !== undefined && heldQuantity !== order.quantity)
    return { outcome: 'conflict', heldQuantity };
  return fulfilled(issued, held, held.licenses, undefined);
}

/**
 * For how many units an order was answered, else issued; unknown for the seats of one that was never answered. Where
 * units were handed out one by one before, only as many count as were asked for.
 */
function quantityOf({ licenses }: HeldOrder, product: Product): number | undefined {
  const answered = licenses.filter(isAnswered);
  const [first] = answered;
  if (first !== undefined) return first.answer.alone ? answered.length : first.answer.quantity;
  return product.quantity === 'seats' ? undefined : licenses.length;
}

/**
 * Separate Multibuy: nothing in a request tells which unit it asks for, and a retry looks the same too. It gets the
 * oldest unit that is neither delivered nor on its way, else the next one (DESIGN.md, Separate Multibuy).
 */
function fulfillOneUnit(order: Order, product: Product, parts: FulfillParts): Promise<Fulfilled> {
  const { handouts } = parts;
  return handouts.oneAtATime(order, async () => {
    const known = await parts.ledger.findOrder(order);
    const licenses = known?.licenses ?? [];
    const cap = order.quantity > 1 ? order.quantity : LARGEST_QUANTITY;
    const heldQuantity = licenses.find((license) => (license.answer?.quantity ?? 1) > 1)?.answer?.quantity;
    if (order.quantity > 1 && heldQuantity !== undefined && heldQuantity !== order.quantity) {
      return { outcome: 'conflict', heldQuantity };
    }
    const waiting = licenses.find(
      (license) => license.answer?.deliveredAt == null && !handouts.isOut(order, license.unit),
    );
    if (waiting !== undefined && known !== undefined && isAnswered(waiting)) {
      return handOut(false, known, waiting.unit, order, parts);
    }
    if (waiting === undefined && known !== undefined && licenses.length >= cap) {
      if (order.quantity === 1) return { outcome: 'conflict', heldQuantity: licenses.length };
      // All units are out or delivered, so this is a retry of one: the oldest on its way, else the last delivered.
      const again = licenses.find(({ unit }) => handouts.isOut(order, unit)) ?? lastDelivered(licenses);
      return handOut(false, known, again?.unit ?? 0, order, parts);
    }
    const unit = waiting?.unit ?? licenses.length;
    const entitlement = entitle(product, 1, dayOf(order.soldAt));
    const { held, issued } = await record(
      { order, product, licenses: [mintUnit(order, unit, entitlement, parts)], whole: false, facts: [] },
      parts,
    );
    return handOut(issued, held, unit, order, parts);
  });
}

function lastDelivered(licenses: readonly HeldLicense[]): HeldLicense | undefined {
  return [...licenses].sort((a, b) => (b.answer?.deliveredAt ?? 0) - (a.answer?.deliveredAt ?? 0))[0];
}

function handOut(
  issued: boolean,
  held: HeldOrder,
  unit: number,
  order: Order,
  parts: FulfillParts,
): Fulfilled {
  const { handouts, ledger, now } = parts;
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
      // A response closes behind its finish too: until that is noted, the unit must not look as if it were free.
      if (!isFinished) take.release();
    },
  };
  return fulfilled(
    issued,
    held,
    held.licenses.filter((license) => license.unit === unit),
    delivery,
  );
}

function mintUnit(order: Order, unit: number, entitlement: Entitlement, parts: FulfillParts): MintedLicense {
  const { marketplace, mode, product } = order;
  return parts.minter.mint({ marketplace, mode, order: order.order, product, unit }, entitlement, 0);
}

type Recording = Pick<Issue, 'order' | 'licenses' | 'whole' | 'facts'> & { readonly product: Product };

function record({ product, ...issue }: Recording, { ledger, now }: FulfillParts) {
  return ledger.issue({ ...issue, message: product.message.digest, at: now(), cause: REQUEST });
}

function isAnswered(license: HeldLicense): license is AnsweredLicense {
  return license.answer !== undefined;
}

export function fulfilled(
  issued: boolean,
  held: HeldOrder,
  licenses: readonly HeldLicense[],
  delivery: Delivery | undefined,
): Fulfilled {
  const [first, ...others] = licenses.filter(isAnswered);
  if (first === undefined) throw new TypeError('the ledger answered an issue without what was issued');
  return { outcome: issued ? 'issued' : 'repeated', licenses: [first, ...others], held, delivery };
}
