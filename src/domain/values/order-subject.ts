/** Subjects of orders and subscriptions: the only place that knows their spelling. */

type SubscriptionSubject = `subscription:${string}`;
type OrderSubject = `order:${string}`;

const SUBSCRIPTION = 'subscription:';
const ORDER = 'order:';
const ORDER_ID = 'order-id:';

/** A subscription that issued licenses is an order of its own: `subscription:` and its id. */
export function subscriptionSubject(id: string): SubscriptionSubject {
  return `${SUBSCRIPTION}${id}`;
}

/** The subject of a license's order. */
export function orderSubject(order: string): OrderSubject | SubscriptionSubject {
  const subscription = subscriptionOf(order);
  return subscription === undefined ? `${ORDER}${order}` : subscriptionSubject(subscription);
}

/** The order reference in a subject; undefined: the subject is no order reference. */
export function orderOf(subject: string): string | undefined {
  return after(ORDER, subject);
}

/** The marketplace's internal order id in a subject; undefined: the subject is none. */
export function orderIdOf(subject: string): string | undefined {
  return after(ORDER_ID, subject);
}

/** The subscription id in a subject, or in the order of licenses that the subscription issued. */
export function subscriptionOf(name: string): string | undefined {
  return after(SUBSCRIPTION, name);
}

function after(prefix: string, name: string): string | undefined {
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}
