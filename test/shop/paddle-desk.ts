/** Paddle Classic's calls: fulfillment requests, and alerts. All values are text. */
import { type Charge, type Item, type Subscription, TAX } from './books.ts';
import type { Request } from './call.ts';
import { Till } from './till.ts';

export type Fields = Readonly<Record<string, string>>;

const EMAIL = 'ada@example.com';

export class PaddleDesk extends Till {
  /** Orders of subscriptions are hyphenated. */
  names(kind: Charge['kind'], isSubscription: boolean): Pick<Charge, 'reference' | 'id' | 'kind' | 'at'> {
    const number = `9${this.number()}`;
    const reference = isSubscription ? `${number}-7${number}` : number;
    return { reference, id: `payment-${number}`, kind, at: this.now };
  }

  /** One request per order; the answer's name, for `locker_processed`. */
  ask({ reference, total, at }: Charge, item: Item): Request | undefined {
    const { ware, quantity } = item;
    if (ware.product === undefined || ware.unasked) return undefined;
    const request: Request = {
      kind: 'request',
      at: this.tick(),
      name: `${reference} ${ware.path}`,
      product: ware.product,
      fields: {
        p_product_id: String(ware.paddle),
        p_order_id: reference,
        p_quantity: String(quantity),
        quantity: String(quantity),
        p_price: money(item.net),
        p_sale_gross: money(total),
        p_tax_amount: money(item.net * TAX),
        p_currency: 'EUR',
        p_country: 'DE',
        p_coupon: '',
        p_coupon_savings: '0.00',
        p_used_price_override: '0',
        p_custom_data: '',
        passthrough: '',
        event_time: paddleTime(at),
        marketing_consent: '0',
        email: EMAIL,
        name: 'Ada Byron',
      },
      item,
      after: reference,
      must: 'always',
    };
    this.calls.push(request);
    return request;
  }

  /** The last alert, sent again by hand: under another id, of the same time. */
  again(): void {
    const last = this.calls.findLast((call) => call.kind === 'event');
    if (last !== undefined) this.calls.push({ ...last, at: this.tick(), id: `7${this.number()}` });
  }

  /** `stored`: the request whose answer `licence` contains, if there is one at that time. */
  alert(name: string, fields: Fields, stored?: Request): void {
    const at = this.tick();
    const data = {
      alert_name: name,
      event_time: paddleTime(at),
      email: EMAIL,
      marketing_consent: '0',
      ...fields,
    };
    this.calls.push({
      kind: 'event',
      at,
      id: `7${this.number()}`,
      type: name,
      data,
      ...(stored && { stored }),
    });
  }
}

/** The fields of all payments and refunds of a charge. */
export function chargeFields({ reference, items, total, kind }: Charge, yes: string): Fields {
  const [item] = items;
  const subscription = item?.subscription;
  return {
    order_id: reference,
    checkout_id: `${subscription?.reference ?? reference}-chre`,
    currency: 'EUR',
    balance_currency: 'USD',
    passthrough: '',
    custom_data: '',
    quantity: String(item?.quantity ?? 1),
    ...(subscription === undefined
      ? {}
      : {
          ...subscriptionFields(subscription),
          subscription_payment_id: reference.replace('-', ''),
          initial_payment: kind === 'first' ? yes : '0',
          instalments: String(subscription.sequence),
        }),
    ...(total > 0 && { payment_method: 'card' }),
  };
}

/** The fields of all alerts of a subscription. */
export function subscriptionFields({ id, ware, quantity, reference }: Subscription): Fields {
  return {
    subscription_id: id,
    subscription_plan_id: String(ware.paddle),
    unit_price: money(ware.price),
    quantity: String(quantity),
    checkout_id: `${reference}-chre`,
    currency: 'EUR',
    user_id: '10001',
    linked_subscriptions: '',
    passthrough: '',
  };
}

export function money(amount: number): string {
  return amount.toFixed(2);
}

export function paddleTime(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}
