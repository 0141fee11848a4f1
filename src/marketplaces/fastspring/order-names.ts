/** The two names of an order: the internal id, and the reference that customers and license requests have. */
import type { Subject } from '../../domain/facts/fact.ts';
import { subscriptionSubject } from '../../domain/values/order-subject.ts';
import { isRecord, type Loose, textOf } from '../loose.ts';
import { idOf } from './references.ts';
import type { Told } from './told.ts';

export interface OrderNames {
  readonly id: string | undefined;
  /** null in captures of `order.canceled`: then the order has no reference, and the id does not replace it. */
  readonly reference: string | undefined;
}

/** From an order that is an id or an object. */
export function orderNames(order: unknown): OrderNames {
  return {
    id: idOf(order, 'order'),
    reference: isRecord(order) ? textOf(order['reference']) : undefined,
  };
}

/** From a message that has the order's id as `order`, and its reference beside it. */
export function orderNamesBeside(data: Loose): OrderNames {
  const within = orderNames(data['order']);
  return { id: within.id, reference: textOf(data['reference']) ?? within.reference };
}

/** The subject of a sale: `order:REFERENCE`, as license requests name it; else `order-id:ID`. */
export function saleSubject({ id, reference }: OrderNames): Subject | undefined {
  if (reference !== undefined) return `order:${reference}`;
  return id === undefined ? undefined : `order-id:${id}`;
}

/** The subject of money: `order-id:ID`, the only name in chargebacks and unexpanded charges; else `order:REFERENCE`. */
export function chargeSubject({ id, reference }: OrderNames): Subject | undefined {
  if (id !== undefined) return `order-id:${id}`;
  return reference === undefined ? undefined : `order:${reference}`;
}

/** For the keys of facts: the same for an id and for an object. */
export function orderKey({ id, reference }: OrderNames): string {
  return id ?? reference ?? '';
}

/** Links the id to the reference. An absent name is not a name (72). */
export function aliasFacts({ id, reference }: OrderNames): Told[] {
  if (id === undefined || reference === undefined) return [];
  const of: Subject = `order:${reference}`;
  return [{ subject: `order-id:${id}`, key: `alias:${id}:${of}`, body: { kind: 'alias', of } }];
}

/** The order is a charge of the subscription. */
export function chargeAlias(names: OrderNames, subscription: string): Told[] {
  const subject = chargeSubject(names);
  if (subject === undefined) return [];
  const of: Subject = subscriptionSubject(subscription);
  return [
    { subject, key: `alias:${orderKey(names)}:${of}`, body: { kind: 'alias', of } },
    ...aliasFacts(names),
  ];
}
