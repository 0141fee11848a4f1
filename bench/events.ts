/** The deliveries of events: new orders in FastSpring's form, with FastSpring's signature. */
import { signWebhook } from '../src/marketplaces/fastspring/simulator.ts';

/** The limit of the events API; no larger delivery is known (protocols, FastSpring: Webhook delivery). */
export const BATCH = 25;

export const WEBHOOK_SECRET = 'secret-of-the-bench';

export const BENCH_PATH = 'bench-app';

/** The bytes of a delivery of so many events. Another `series` has other orders. */
export function eventsRequest(series: string, index: number, count: number): Buffer {
  return deliveryOf(
    Array.from({ length: count }, (_, place) => orderCompleted(`${series}-${index}-${place}`)),
  );
}

/** The bytes of a delivery of these events. */
export function deliveryOf(events: readonly object[]): Buffer {
  const body = JSON.stringify({ events });
  return Buffer.from(
    `POST /webhooks/fastspring HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: FS\r\n` +
      `Content-Type: application/json; charset=UTF-8\r\nX-FS-Signature: ${signWebhook(body, WEBHOOK_SECRET)}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** All money of an order goes back: its license is revoked and on the revocation list. */
export function orderReturned(order: string): object {
  const data = {
    return: `${order}-return`,
    reference: `${order}X`,
    completed: true,
    type: 'RETURN',
    totalReturn: 22.61,
    currency: 'EUR',
    original: { id: `${order}-id`, order: `${order}-id`, reference: order, total: 22.61 },
    items: [{ product: BENCH_PATH, quantity: 1, refundType: 'Full Refund', subtotal: 19.0 }],
  };
  return {
    id: `return-${order}`,
    processed: false,
    created: Date.now(),
    type: 'return.created',
    live: true,
    data,
  };
}

/** About 1.5 KiB, without members that Mintmark does not read. */
export function orderCompleted(order: string): object {
  const person = {
    first: 'Ada',
    last: 'Byron',
    email: `${order}@example.com`,
    company: null,
    phone: null,
    account: 'uKfV5BqTQE6BSkM3iXQZjA',
  };
  const address = { city: 'Berlin', country: 'DE', postalCode: '10115', display: 'Berlin, 10115, DE' };
  const now = Date.now();
  const data = {
    order: `${order}-id`,
    id: `${order}-id`,
    reference: order,
    buyerReference: null,
    ipAddress: '203.0.113.7',
    completed: true,
    changed: now,
    changedValue: now,
    changedInSeconds: Math.floor(now / 1000),
    language: 'en',
    live: true,
    currency: 'EUR',
    payoutCurrency: 'USD',
    quote: null,
    account: 'uKfV5BqTQE6BSkM3iXQZjA',
    total: 22.61,
    totalDisplay: '22,61 €',
    totalInPayoutCurrency: 24.5,
    tax: 3.61,
    taxDisplay: '3,61 €',
    subtotal: 19.0,
    subtotalDisplay: '19,00 €',
    discount: 0.0,
    payment: { type: 'creditcard', creditcard: 'visa', cardEnding: '4242' },
    customer: person,
    address,
    recipients: [{ recipient: { ...person, address } }],
    notes: [],
    items: [
      {
        product: BENCH_PATH,
        quantity: 1,
        display: 'Bench App',
        sku: null,
        subtotal: 19.0,
        subtotalDisplay: '19,00 €',
        discount: 0.0,
        subscription: `sub-${order}`,
        fulfillments: {},
      },
    ],
  };
  return { id: `event-${order}`, processed: false, created: now, type: 'order.completed', live: true, data };
}
