/** The orders that are sent: signed like Paddle's, each another one, the whole HTTP request ready to be written. */
import type { KeyObject } from 'node:crypto';
import { signForm } from '../src/marketplaces/paddle-classic/simulator.ts';

/** Paddle numbers the orders of all its sellers upwards: a seller sees gaps. */
const FIRST_ORDER = 500_000_000;
const GAP = 97;

export const BENCH_PRODUCT = 'bench';

/** The bytes of a request for the order with this index. */
export function orderRequest(index: number, privateKey: KeyObject): Buffer {
  const form = signForm(
    {
      p_product_id: '47023',
      p_order_id: String(FIRST_ORDER + index * GAP),
      p_quantity: '1',
      quantity: '1',
      p_price: '19.00',
      p_sale_gross: '22.61',
      p_tax_amount: '3.61',
      p_paddle_fee: '1.45',
      p_earnings: '{"1":"17.5500"}',
      p_country: 'DE',
      p_currency: 'EUR',
      p_coupon: '',
      p_coupon_savings: '0.00',
      p_used_price_override: '0',
      p_custom_data: '',
      passthrough: '',
      event_time: new Date().toISOString().slice(0, 19).replace('T', ' '),
      marketing_consent: '0',
      email: `buyer${index}@example.com`,
      name: `Ada Byron ${index}`,
    },
    privateKey,
  );
  return Buffer.from(
    `POST /fulfillment/paddle-classic/${BENCH_PRODUCT} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Paddle\r\n` +
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`,
  );
}

export const HELLO_REQUEST = Buffer.from('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Paddle\r\n\r\n');
