/** FastSpring's events in its own shapes, each in one call. Amounts are in EUR, 20 a unit by default. */
import type { ToldEvent } from './steps.ts';

type Data = Readonly<Record<string, unknown>>;

export interface Item {
  readonly product: string;
  readonly quantity?: number;
  readonly subscription?: string;
  readonly parentSubscription?: string;
  readonly subtotal?: number;
  readonly discount?: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly proratedItemProratedCharge?: number;
  readonly fulfillments?: Data;
}

const PERSON = { first: 'Robin', last: 'Example', email: 'buyer@example.com', company: null, phone: null };

/** An order's internal id. */
export const idOf = (reference: string): string => `${reference}-id`;

export function midnight(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** `order.completed`, the first order of a sale. */
export function completed(reference: string, items: readonly Item[], more: Data = {}): ToldEvent {
  return {
    type: 'order.completed',
    data: {
      ...orderOf(reference, items),
      completed: true,
      customer: PERSON,
      recipients: [{ recipient: PERSON }],
      ...more,
    },
  };
}

function orderOf(reference: string, items: readonly Item[]) {
  const priced = items.map(priceOf);
  const total = priced.reduce((sum, { subtotal, discount }) => sum + subtotal - discount, 0);
  const id = idOf(reference);
  return { order: id, id, reference, live: true, currency: 'EUR', total, items: priced };
}

function priceOf({ quantity = 1, ...item }: Item) {
  return { subtotal: 20 * quantity, discount: 0, fulfillments: {}, ...item, quantity };
}

export interface Plan {
  readonly id: string;
  /** The short name of the first order. */
  readonly order: string;
  readonly product: string;
  /** The day of the next charge. */
  readonly next: string;
  readonly quantity?: number;
  readonly sequence?: number;
}

/** A subscription as in its events. */
export function subscriptionOf({ id, order, next, ...plan }: Plan, more: Data = {}): Data {
  return {
    id,
    subscription: id,
    state: 'active',
    active: true,
    live: true,
    quantity: 1,
    sequence: 1,
    ...plan,
    next: midnight(next),
    nextChargeDate: midnight(next),
    initialOrderReference: order,
    initialOrderId: idOf(order),
    ...more,
  };
}

/** `subscription.<kind>` for events whose data is the subscription. */
export function subscription(kind: string, plan: Plan, more: Data = {}): ToldEvent {
  return { type: `subscription.${kind}`, data: subscriptionOf(plan, more) };
}

export interface Charge {
  /** The short name of the charge's own order. */
  readonly order: string;
  /** The charged product and quantity; by default the subscription's own. */
  readonly items?: readonly Item[];
  readonly more?: Data;
}

/** `subscription.charge.completed`: a rebill or a proration; `plan` is the subscription after it. */
export function charged(plan: Plan, { order, items, more = {} }: Charge): ToldEvent {
  const { id, product, quantity = 1, sequence = 2 } = plan;
  const paid = orderOf(order, items ?? [{ product, quantity, subscription: id }]);
  return {
    type: 'subscription.charge.completed',
    data: {
      order: paid,
      status: 'successful',
      total: paid.total,
      sequence,
      subscription: subscriptionOf({ sequence, ...plan }),
      ...more,
    },
  };
}

export interface Return {
  /** The short name of the returned order, and its payment. */
  readonly order: string;
  readonly total: number;
  readonly amount: number;
  readonly items: readonly Data[];
  readonly more?: Data;
}

let returns = 0;

export function returned({ order, total, amount, items, more = {} }: Return): ToldEvent {
  returns += 1;
  const id = idOf(order);
  return {
    type: 'return.created',
    data: {
      return: `return-${returns}`,
      reference: `${order}-X${returns}`,
      live: true,
      completed: true,
      currency: 'EUR',
      totalReturn: amount,
      type: 'RETURN',
      original: { id, order: id, reference: order, total },
      items,
      ...more,
    },
  };
}

/** A full return of one item of an order. */
export function refunded(order: string, { quantity = 1, ...item }: Item, more: Data = {}): ToldEvent {
  const total = item.subtotal ?? 20 * quantity;
  const back = { subtotal: total, ...item, quantity, refundType: 'Full Refund' };
  return returned({ order, total, amount: total, items: [back], more });
}

/** `chargeback.created` names the order only by its internal id. */
export function chargedBack(order: string, more: Data = {}): ToldEvent {
  const data = {
    id: `chargeback-${order}`,
    order: idOf(order),
    status: 'NEW',
    processorCaseId: `case-${order}`,
  };
  return { type: 'chargeback.created', data: { ...data, ...more } };
}
