/** The orders: each different, signed like Paddle's, the HTTP request ready to send. */
import type { KeyObject } from 'node:crypto';
import { saleFields, signForm } from '../src/marketplaces/paddle-classic/simulator.ts';

/** Paddle numbers the orders of all its sellers upwards: a seller sees gaps. */
const FIRST_ORDER = 500_000_000;
const GAP = 97;

export const BENCH_PRODUCT = 'bench';

/** The number of the order with this index. */
export function orderName(index: number): string {
  return String(FIRST_ORDER + index * GAP);
}

/** The bytes of a request for the order with this index. */
export function orderRequest(index: number, privateKey: KeyObject): Buffer {
  const form = signForm(
    saleFields({
      product: '47023',
      order: orderName(index),
      quantity: 1,
      name: `Ada Byron ${index}`,
      email: `buyer${index}@example.com`,
      at: Date.now(),
    }),
    privateKey,
  );
  return Buffer.from(
    `POST /fulfillment/paddle-classic/${BENCH_PRODUCT} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Paddle\r\n` +
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`,
  );
}

export const HELLO_REQUEST = Buffer.from('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Paddle\r\n\r\n');
