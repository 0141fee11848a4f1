/** Orders, subscriptions and returns in FastSpring's shapes, for the tests with a service. */
import { type Data, day, type EventText, type Market } from '../../kit/fastspring.ts';

/** Webhook expansion: references are ids, or the objects themselves. */
export const FORMS = ['unexpanded', 'expanded'] as const;
export type Form = (typeof FORMS)[number];

export const SOLD = day('2026-11-01');

/** A subscription in FastSpring's shape. */
export function subscriptionData(id: string, form: Form, more: Data = {}): Data {
  const path = typeof more['product'] === 'string' ? more['product'] : 'plan-monthly';
  return {
    id,
    subscription: id,
    active: true,
    state: 'active',
    isPauseScheduled: false,
    live: true,
    account: form === 'expanded' ? { id: 'account', account: 'account' } : 'account',
    quantity: 1,
    sequence: 1,
    next: day('2026-12-01'),
    nextChargeDate: day('2026-12-01'),
    end: null,
    canceledDate: null,
    deactivationDate: null,
    ...more,
    product: form === 'expanded' ? { product: path, parent: null, display: {} } : path,
  };
}

export interface Item {
  readonly product: string;
  readonly quantity?: number | string;
  readonly subscription?: string;
  readonly attributes?: Data;
  readonly more?: Data;
}

export function completed(
  market: Market,
  order: string,
  form: Form,
  items: readonly Item[],
  more: Data = {},
): EventText {
  const data = {
    order: `${order}-id`,
    id: `${order}-id`,
    reference: order,
    live: true,
    completed: true,
    account: form === 'expanded' ? { id: 'account' } : 'account',
    customer: { first: 'Grace', last: 'Hopper', email: 'grace@example.com' },
    items: items.map(({ product, quantity = 1, subscription, attributes, more: rest }) => ({
      product,
      quantity,
      ...(attributes && { attributes }),
      ...(subscription && {
        subscription:
          form === 'expanded' ? subscriptionData(subscription, 'unexpanded', { product }) : subscription,
      }),
      fulfillments: {},
      ...rest,
    })),
    ...more,
  };
  return market.event('order.completed', data, { created: SOLD });
}

export function returned(
  market: Market,
  order: string,
  form: Form,
  more: Data,
  item: Data = { product: 'plan-monthly', quantity: 1 },
) {
  return market.event('return.created', {
    return: `return-${market.next()}`,
    reference: `${order}X`,
    type: 'RETURN',
    account: form === 'expanded' ? { id: 'a' } : 'a',
    original: { id: `${order}-id`, order: `${order}-id`, reference: order, account: 'a', total: 20 },
    items: [{ ...item, refundType: item['quantity'] === 0 ? 'Partial Refund' : 'Full Refund' }],
    ...more,
  });
}
