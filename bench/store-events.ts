/** The sale of one unit of a subscription, as each store tells it, signed. */
import { completedPayload } from '../src/marketplaces/completed-event.ts';
import { signWebhook } from '../src/marketplaces/fastspring/simulator.ts';
import { keptOf } from '../src/marketplaces/gumroad/kept-sale.ts';
import { bodyOf, saleOf, salePing } from '../src/marketplaces/gumroad/shapes.ts';
import { signatureOf as signLemon } from '../src/marketplaces/lemon-squeezy/authenticity.ts';
import { eventOf, order } from '../src/marketplaces/lemon-squeezy/shapes.ts';
import { iso, transaction } from '../src/marketplaces/paddle-billing/shapes.ts';
import { signatureOf as signPaddle } from '../src/marketplaces/paddle-billing/simulator.ts';
import { expanded, seconds, session } from '../src/marketplaces/stripe/shapes.ts';
import { signatureOf as signStripe } from '../src/marketplaces/stripe/simulator.ts';
import { orderCompleted, WEBHOOK_SECRET } from './events.ts';

export interface Delivery {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** The end of an address that is secret. */
  readonly secret?: string;
  /** A stored event together with what its store's API answered, as the outbox applies it. */
  readonly isCompletion?: true;
}

const ADDRESS_SECRET = 'the-secret-address-of-the-bench';

export const SETTINGS = {
  PADDLE_BILLING_WEBHOOK_SECRETS: WEBHOOK_SECRET,
  STRIPE_WEBHOOK_SECRETS: WEBHOOK_SECRET,
  LEMON_SQUEEZY_WEBHOOK_SECRETS: WEBHOOK_SECRET,
  GUMROAD_PING_SECRETS: ADDRESS_SECRET,
};

const PRICE = 'bench';

/** The same terms as the bench's product, which FastSpring sells. */
export const PRODUCT_FILE = `---
name: Bench Store App
marketplaces:
  paddle-billing: { product: pri_${PRICE} }
  stripe: { product: price_${PRICE} }
  lemon-squeezy: { variant: "301" }
  gumroad: { product: bench }
term: P1Y
grace: P14D
updates: unlimited
seats: 1
features: [export, sync]
grants: [export, sync]
---
{% for code in codes %}
{{ code }}
{% endfor %}
`;

const YEAR = 365 * 86_400_000;
const DAY = 86_400_000;

interface Store {
  /** Of the row. */
  readonly name: string;
  readonly marketplace: string;
  readonly makeEvent: (number: number, now: number) => Delivery;
}

export const STORES: readonly Store[] = [
  {
    name: 'fastspring',
    marketplace: 'fastspring',
    makeEvent: (number) => {
      const body = JSON.stringify({ events: [orderCompleted(`order-${number}`)] });
      return { body: Buffer.from(body), headers: { 'x-fs-signature': signWebhook(body, WEBHOOK_SECRET) } };
    },
  },
  {
    name: 'paddle-billing: transaction.completed',
    marketplace: 'paddle-billing',
    makeEvent: (number, now) => {
      const items = [{ price: `pri_${PRICE}`, quantity: 1, amount: 1900, isRecurring: true }];
      const told = { id: `txn_${number}`, origin: 'web', subscription: `sub_${number}`, items };
      const body = JSON.stringify({
        event_id: `evt_${number}`,
        event_type: 'transaction.completed',
        occurred_at: iso(now),
        notification_id: `ntf_${number}`,
        data: transaction({ ...told, at: now, until: now + YEAR }),
      });
      return {
        body: Buffer.from(body),
        headers: { 'paddle-signature': signPaddle(body, WEBHOOK_SECRET, now) },
      };
    },
  },
  {
    name: 'stripe: checkout.session.completed',
    marketplace: 'stripe',
    makeEvent: (number, now) => stripeDelivery(stripeEvent(number, now, session(soldAtStripe(number))), now),
  },
  {
    name: 'stripe: the same with its lines',
    marketplace: 'stripe',
    makeEvent: (number, now) => {
      const told = soldAtStripe(number);
      const fetched = JSON.stringify({ session: expanded(told) });
      return stripeDelivery(completedPayload(stripeEvent(number, now, session(told)), fetched), now);
    },
  },
  {
    name: 'lemon-squeezy: order_created',
    marketplace: 'lemon-squeezy',
    makeEvent: (number, now) => {
      const item = { id: number, variant: 301, product: 10, quantity: 1, price: 1900 };
      const told = {
        id: number,
        status: 'paid',
        items: [item],
        createdAt: now - DAY,
        at: now,
        namesItems: true,
      } as const;
      const test = JSON.stringify(eventOf('order_created', order(told), `webhook ${number}`));
      const body = test.replaceAll('"test_mode":true', '"test_mode":false');
      return { body: Buffer.from(body), headers: { 'x-signature': signLemon(body, WEBHOOK_SECRET) } };
    },
  },
  {
    name: 'gumroad: sale, which is confirmed later',
    marketplace: 'gumroad',
    makeEvent: (number, now) => gumroadDelivery(salePing('sale', soldAtGumroad(number, now))),
  },
  {
    name: 'gumroad: the same with what the API answered',
    marketplace: 'gumroad',
    makeEvent: (number, now) => {
      const sale = soldAtGumroad(number, now);
      const ping = JSON.stringify({ received: now, ping: salePing('sale', sale) });
      const body = completedPayload(ping, JSON.stringify({ sale: keptOf(sale), listed: true }));
      return { body: Buffer.from(body), headers: {}, isCompletion: true };
    },
  },
];

function soldAtStripe(number: number) {
  const items = [{ price: `price_${PRICE}`, quantity: 1, amount: 1900, isRecurring: true }];
  return { id: `cs_live_${number}`, items, subscription: `sub_${number}`, invoice: `in_${number}` };
}

function stripeEvent(number: number, now: number, object: object): string {
  return JSON.stringify({
    id: `evt_${number}`,
    object: 'event',
    api_version: '2026-07-29.dahlia',
    created: seconds(now),
    livemode: true,
    type: 'checkout.session.completed',
    data: { object },
  });
}

function stripeDelivery(body: string, now: number): Delivery {
  return { body: Buffer.from(body), headers: { 'stripe-signature': signStripe(body, WEBHOOK_SECRET, now) } };
}

function soldAtGumroad(number: number, at: number) {
  return saleOf({ id: `sale-${number}`, product: PRICE, subscription: `sub-${number}`, every: 'yearly', at });
}

function gumroadDelivery(ping: ReturnType<typeof salePing>): Delivery {
  return { body: Buffer.from(bodyOf(ping)), headers: {}, secret: ADDRESS_SECRET };
}
