/** What facts about an order or a subscription are told of: the only place that knows how such names are written. */

type SubscriptionName = `subscription:${string}`;
type OrderName = `order:${string}`;

const SUBSCRIPTION = 'subscription:';
const ORDER = 'order:';
const ORDER_ID = 'order-id:';

/** A subscription that brought licenses about is an order of its own: `subscription:` and its id. */
export function subscriptionSubject(id: string): SubscriptionName {
  return `${SUBSCRIPTION}${id}`;
}

/** Of an order as licenses have it. */
export function orderSubject(order: string): OrderName | SubscriptionName {
  const subscription = subscriptionOf(order);
  return subscription === undefined ? `${ORDER}${order}` : subscriptionSubject(subscription);
}

/** The reference that licenses are identified by; undefined for an order of which only an internal id is told. */
export function orderOf(subject: string): string | undefined {
  return after(ORDER, subject);
}

/** The marketplace's internal id of an order. */
export function orderIdOf(subject: string): string | undefined {
  return after(ORDER_ID, subject);
}

/** The id of a subscription, by its subject or by the order of the licenses that it brought about. */
export function subscriptionOf(name: string): string | undefined {
  return after(SUBSCRIPTION, name);
}

function after(prefix: string, name: string): string | undefined {
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}
