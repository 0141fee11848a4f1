/** Gumroad's pings, and its sales as its API has them, in the shapes that Gumroad builds. */
import type { Loose } from '../loose.ts';

/** A time, milliseconds since 1970-01-01, as Gumroad writes it. */
export const moment = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** A day as the API writes it for people: `Jan 24, 2026`. */
export const dayInWords = (at: number): string =>
  new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' }).format(at);

const EMAIL = 'ada@example.com';

export interface SaleTold {
  readonly id: string;
  /** The product's id; the end of its address is the same here. */
  readonly product: string;
  /** The chosen option. */
  readonly option?: string | undefined;
  readonly quantity?: number;
  /** US cents. */
  readonly price?: number;
  readonly at: number;
  readonly subscription?: string;
  /** How often it is charged. */
  readonly every?: string;
  /** Other members as the API has them. */
  readonly more?: Loose;
}

/** A sale as the API has it. */
export function saleOf(told: SaleTold): Loose {
  const { id, product, option, quantity = 1, price = 2000, at, subscription, every = 'monthly' } = told;
  const ofSubscription = {
    subscription_id: subscription,
    cancelled: false,
    dead: false,
    ended: false,
    recurring_charge: false,
    free_trial_ended: null,
    free_trial_ends_on: null,
  };
  return {
    id,
    email: EMAIL,
    purchase_email: EMAIL,
    full_name: 'Ada Byron',
    seller_id: 'seller==',
    created_at: moment(at),
    product_name: 'App',
    product_id: product,
    product_permalink: product,
    order_id: orderOf(id),
    price,
    gumroad_fee: Math.round(price / 10),
    currency_symbol: '$',
    quantity,
    paid: price > 0,
    has_variants: option !== undefined,
    variants: option === undefined ? {} : { Tier: option },
    variants_and_quantity: option === undefined ? '' : `(${option})`,
    custom_fields: {},
    refunded: false,
    partially_refunded: false,
    chargedback: false,
    disputed: false,
    dispute_won: false,
    is_bundle_purchase: false,
    is_bundle_product_purchase: false,
    is_gift_sender_purchase: false,
    is_gift_receiver_purchase: false,
    is_recurring_billing: subscription !== undefined,
    subscription_duration: subscription === undefined ? null : every,
    license_key: '6F0E4C97-B72A4E69-A11BF6C4-AF6517E7',
    ...(subscription !== undefined && ofSubscription),
    ...told.more,
  };
}

/** A sale's own number, not that of the cart. */
function orderOf(id: string): number {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000_000_007;
  return 100_000_000 + sum;
}

/** The form about a sale, all values text. */
export function salePing(resource: string, sale: Loose, more: Loose = {}): Loose {
  const text = (name: string) => ({ [name]: String(sale[name] ?? '') });
  return {
    ...{ ...text('seller_id'), ...text('product_id'), ...text('product_name') },
    permalink: sale['product_permalink'],
    short_product_id: sale['product_permalink'],
    email: sale['purchase_email'],
    ...{ ...text('price'), ...text('gumroad_fee'), ...text('quantity'), ...text('full_name') },
    currency: 'usd',
    order_number: String(sale['order_id']),
    sale_id: sale['id'],
    sale_timestamp: sale['created_at'],
    'card[visual]': '**** **** **** 4242',
    'card[type]': 'visa',
    ip_country: 'United Kingdom',
    ...(sale['subscription_id'] !== undefined && {
      subscription_id: sale['subscription_id'],
      recurrence: sale['subscription_duration'],
    }),
    ...(sale['recurring_charge'] === true && { is_recurring_charge: 'true' }),
    ...text('license_key'),
    ...text('is_gift_receiver_purchase'),
    ...{ ...text('refunded'), ...text('disputed'), ...text('dispute_won') },
    resource_name: resource,
    ...more,
  };
}

/** The form about a subscription. `sales`: its charges, the newest first. */
export function subscriptionPing(resource: string, sales: readonly Loose[], more: Loose = {}): Loose {
  const [newest = {}] = sales;
  return {
    subscription_id: newest['subscription_id'],
    product_id: newest['product_id'],
    product_name: newest['product_name'],
    user_id: '1234567890',
    user_email: newest['email'],
    'purchase_ids[]': sales.map(({ id }) => String(id)),
    created_at: sales.at(-1)?.['created_at'],
    charge_occurrence_count: '',
    recurrence: newest['subscription_duration'],
    free_trial_ends_at: '',
    ...more,
    resource_name: resource,
  };
}

/** A ping as the body of a form; lists are repeated. */
export function bodyOf(ping: Loose): string {
  const pairs = Object.entries(ping).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
  );
  return new URLSearchParams(pairs).toString();
}
