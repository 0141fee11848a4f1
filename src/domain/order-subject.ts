/** What facts about an order are told of. */
import type { Subject } from './fact.ts';

/** A subscription that brought licenses about is an order of its own: `subscription:` and its id. */
export const SUBSCRIPTION_ORDER = 'subscription:';

export function orderSubject(order: string): Subject {
  return isSubscription(order) ? order : `order:${order}`;
}

function isSubscription(order: string): order is `subscription:${string}` {
  return order.startsWith(SUBSCRIPTION_ORDER);
}
