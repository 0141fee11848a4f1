/** Sessions, invoices, subscriptions, charges and disputes in the shapes that Stripe sends since 2025-03-31. */

export interface SoldItem {
  readonly price: string;
  readonly quantity: number;
  /** Smallest units of one. */
  readonly amount: number;
  readonly isRecurring: boolean;
}

/** Seconds since 1970-01-01. */
export const seconds = (at: number): number => Math.floor(at / 1000);

const CURRENCY = 'eur';
const product = (price: string): string => price.replace(/^price_/, 'prod_');
const sum = (items: readonly SoldItem[]): number =>
  items.reduce((all, { amount, quantity }) => all + amount * quantity, 0);

function priceOf({ price, isRecurring }: SoldItem): object {
  const recurring = isRecurring ? { interval: 'month', interval_count: 1, usage_type: 'licensed' } : null;
  return { id: price, object: 'price', product: product(price), recurring };
}

/** A line of a session, as the API lists it. */
export function lineItem(item: SoldItem, isFree = false): object {
  const { price, quantity, amount } = item;
  const total = isFree ? 0 : amount * quantity;
  return {
    id: `li_${price}`,
    object: 'item',
    price: priceOf(item),
    quantity,
    amount_total: total,
    amount_tax: 0,
  };
}

export interface SessionTold {
  readonly id: string;
  readonly items: readonly SoldItem[];
  readonly payment?: string | null;
  readonly subscription?: string | null;
  readonly invoice?: string | null;
  readonly status?: string;
  readonly isFree?: boolean;
}

/** Without its lines, as events have it. */
export function session(told: SessionTold): object {
  const { id, items, payment = null, subscription = null, invoice = null, isFree = false } = told;
  return {
    id,
    object: 'checkout.session',
    mode: subscription === null ? 'payment' : 'subscription',
    status: 'complete',
    payment_status: told.status ?? (isFree ? 'no_payment_required' : 'paid'),
    currency: CURRENCY,
    amount_total: isFree ? 0 : sum(items),
    locale: 'auto',
    customer_details: { email: 'ada@example.com', name: 'Ada Byron', address: { country: 'GB' } },
    payment_intent: payment,
    subscription,
    invoice,
    metadata: {},
  };
}

/** With its lines, as Stripe's API answers. */
export function expanded(told: SessionTold, more: object = {}): object {
  const data = told.items.map((item) => lineItem(item, told.isFree));
  return { ...session(told), line_items: { object: 'list', data, has_more: false }, ...more };
}

export interface InvoiceTold {
  readonly id: string;
  readonly subscription: string | null;
  readonly items: readonly SoldItem[];
  readonly at: number;
  /** The end of the billed period, milliseconds since 1970-01-01. */
  readonly until: number | null;
  /** `subscription_cycle` and others. */
  readonly reason: string;
  readonly isFree?: boolean;
  readonly isProration?: boolean;
}

export function invoice(told: InvoiceTold) {
  const { id, subscription, items, at, until, reason, isFree = false, isProration = false } = told;
  const total = isFree ? 0 : sum(items);
  const period = { start: seconds(at), end: seconds(until ?? at) };
  const lines = items.map((item, place) => {
    const details = { subscription, proration: isProration };
    const parent =
      subscription !== null && item.isRecurring
        ? { type: 'subscription_item_details', subscription_item_details: details }
        : { type: 'invoice_item_details', invoice_item_details: { proration: isProration } };
    return {
      id: `il_${id}_${place}`,
      object: 'line_item',
      amount: isFree ? 0 : item.amount * item.quantity,
      quantity: item.quantity,
      period,
      parent,
      pricing: { type: 'price_details', price_details: { price: item.price, product: product(item.price) } },
    };
  });
  const parent = { type: 'subscription_details', subscription_details: { subscription } };
  return {
    id,
    object: 'invoice',
    billing_reason: reason,
    status: 'paid',
    created: seconds(at),
    currency: CURRENCY,
    customer_email: 'ada@example.com',
    customer_name: 'Ada Byron',
    total,
    amount_paid: total,
    parent: subscription === null ? null : parent,
    lines: { object: 'list', data: lines, has_more: false },
  };
}

export interface SubscriptionTold {
  readonly id: string;
  readonly status: string;
  readonly items: readonly SoldItem[];
  /** The end of the current period, milliseconds since 1970-01-01. */
  readonly until: number;
  readonly trialEnd?: number | null;
  readonly cancels?: boolean;
  readonly ended?: number | null;
  readonly pause?: object | null;
}

export function subscription(told: SubscriptionTold): object {
  const { id, status, items, until, trialEnd = null, cancels = false, ended = null, pause = null } = told;
  const data = items.map((item) => ({
    id: `si_${id}_${item.price}`,
    object: 'subscription_item',
    price: priceOf(item),
    quantity: item.quantity,
    current_period_end: seconds(until),
  }));
  return {
    id,
    object: 'subscription',
    status,
    cancel_at_period_end: cancels,
    cancel_at: cancels ? seconds(until) : null,
    ended_at: ended === null ? null : seconds(ended),
    trial_end: trialEnd === null ? null : seconds(trialEnd),
    pause_collection: pause,
    items: { object: 'list', data, has_more: false },
  };
}

export interface ChargeTold {
  readonly payment: string;
  readonly amount: number;
  readonly refunded: number;
}

export function charge({ payment, amount, refunded }: ChargeTold): object {
  const id = payment.replace(/^pi_/, 'ch_');
  return {
    id,
    object: 'charge',
    payment_intent: payment,
    currency: CURRENCY,
    amount,
    amount_refunded: refunded,
    refunded: refunded >= amount,
  };
}

export function refund(id: string, payment: string, amount: number, status: string): object {
  return { id, object: 'refund', payment_intent: payment, amount, currency: CURRENCY, status };
}

export function dispute(id: string, payment: string, amount: number, status: string): object {
  return { id, object: 'dispute', payment_intent: payment, amount, currency: CURRENCY, status };
}
