/** Orders, subscriptions and invoices in the shapes that Lemon Squeezy sends. */

export interface SoldItem {
  /** The id of the order item. */
  readonly id: number;
  readonly variant: number;
  readonly product: number;
  readonly quantity: number;
  /** Cents of one. */
  readonly price: number;
}

/** A time, milliseconds since 1970-01-01, as Lemon Squeezy writes it. */
export const moment = (at: number): string => new Date(at).toISOString().replace('Z', '000Z');

const PERSON = { user_name: 'Ada Byron', user_email: 'ada@example.com' };

export interface OrderTold {
  readonly id: number;
  readonly status: string;
  /** The event shows the first; all of them cost. */
  readonly items: readonly [SoldItem, ...SoldItem[]];
  readonly createdAt: number;
  readonly at: number;
  /** Cents. */
  readonly refunded?: number;
  /** Cents. */
  readonly discount?: number;
  /** It names its items, which only the API does where it is asked to. */
  readonly namesItems?: true;
}

export function order(told: OrderTold): object {
  const { id, status, items, createdAt, at, refunded = 0, discount = 0 } = told;
  const subtotal = items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  const total = subtotal - discount;
  const attributes = {
    store_id: 1,
    customer_id: 1,
    identifier: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    order_number: id,
    ...PERSON,
    currency: 'EUR',
    subtotal,
    setup_fee: 0,
    discount_total: discount,
    tax: 0,
    total,
    status,
    refunded: refunded > 0 && refunded >= total,
    refunded_at: refunded > 0 ? moment(at) : null,
    refunded_amount: refunded,
    first_order_item: { ...itemAttributes(items[0], id), id: items[0].id, test_mode: true },
    urls: { receipt: `https://app.lemonsqueezy.com/my-orders/${id}?signature=simulated` },
    created_at: moment(createdAt),
    updated_at: moment(at),
    test_mode: true,
  };
  if (told.namesItems !== true) return { type: 'orders', id: String(id), attributes };
  const data = items.map((item) => ({ type: 'order-items', id: String(item.id) }));
  return { type: 'orders', id: String(id), attributes, relationships: { 'order-items': { data } } };
}

/** An entry of GET /v1/order-items. */
export function orderItem(item: SoldItem, of: number): object {
  return { type: 'order-items', id: String(item.id), attributes: itemAttributes(item, of) };
}

function itemAttributes({ product, variant, quantity, price }: SoldItem, order: number): object {
  return { order_id: order, product_id: product, variant_id: variant, quantity, price };
}

export interface SubscriptionTold {
  readonly id: number;
  readonly order: number;
  /** `size` null: the item is not stated, as in a trial. */
  readonly item: Omit<SoldItem, 'quantity'> & { readonly quantity: number | null };
  readonly isUsageBased?: boolean;
  readonly status: string;
  readonly createdAt: number;
  readonly at: number;
  /** When the item changed, if later. */
  readonly itemAt?: number;
  readonly renewsAt?: number | null;
  readonly endsAt?: number | null;
  readonly trialEndsAt?: number | null;
  readonly pause?: { readonly mode: string; readonly resumes_at: string | null } | null;
}

export function subscription(told: SubscriptionTold): object {
  const { id, item, status, createdAt, at, itemAt = at } = told;
  const day = (time: number | null | undefined) =>
    time === null || time === undefined ? null : moment(time);
  const attributes = {
    store_id: 1,
    customer_id: 1,
    order_id: told.order,
    order_item_id: item.id,
    product_id: item.product,
    variant_id: item.variant,
    ...PERSON,
    status,
    cancelled: status === 'cancelled' || status === 'expired',
    pause: told.pause ?? null,
    trial_ends_at: day(told.trialEndsAt),
    renews_at: day(told.renewsAt),
    ends_at: day(told.endsAt),
    first_subscription_item:
      item.quantity === null
        ? null
        : {
            id: id * 10,
            subscription_id: id,
            price_id: item.variant,
            quantity: item.quantity,
            is_usage_based: told.isUsageBased ?? false,
            created_at: moment(createdAt),
            updated_at: moment(itemAt),
          },
    urls: { customer_portal: `https://my-store.lemonsqueezy.com/billing?signature=simulated&at=${at}` },
    created_at: moment(createdAt),
    updated_at: moment(at),
    test_mode: true,
  };
  return { type: 'subscriptions', id: String(id), attributes };
}

export interface InvoiceTold {
  readonly id: number;
  readonly subscription: number;
  readonly reason: string;
  readonly status: string;
  /** Cents. */
  readonly total: number;
  readonly refunded?: number;
  readonly createdAt: number;
  readonly at: number;
}

export function invoice(told: InvoiceTold): object {
  const { id, reason, status, total, refunded = 0, createdAt, at } = told;
  const attributes = {
    store_id: 1,
    subscription_id: told.subscription,
    customer_id: 1,
    ...PERSON,
    billing_reason: reason,
    currency: 'EUR',
    status,
    total,
    refunded: refunded > 0 && refunded >= total,
    refunded_at: refunded > 0 ? moment(at) : null,
    refunded_amount: refunded,
    urls: { invoice_url: `https://app.lemonsqueezy.com/my-orders/${id}?signature=simulated` },
    created_at: moment(createdAt),
    updated_at: moment(at),
    test_mode: true,
  };
  return { type: 'subscription-invoices', id: String(id), attributes };
}

/** A delivery's body. */
export function eventOf(name: string, data: object, webhook: string): object {
  return { data, meta: { test_mode: true, event_name: name, webhook_id: webhook, custom_data: {} } };
}
