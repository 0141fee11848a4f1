/** Simulates Paddle Classic: a sale, signed like Paddle's calls, with the simulator's key. */
import { type KeyObject, randomInt, sign } from 'node:crypto';
import { type Simulator, textOption } from '../simulator.ts';
import { SIGNATURE_FIELD, signedBytes } from './authenticity.ts';

/** The form of a signed call: a POST's body or a GET's query. */
export function signForm(fields: Readonly<Record<string, string>>, privateKey: KeyObject): string {
  const signature = sign('RSA-SHA1', signedBytes(new Map(Object.entries(fields))), privateKey);
  return new URLSearchParams({ ...fields, [SIGNATURE_FIELD]: signature.toString('base64') }).toString();
}

/** The values that differ between sample sales. */
export interface Sale {
  readonly product: string;
  readonly order: string;
  readonly quantity: number;
  readonly name: string;
  readonly email: string;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
}

/** All fields of a fulfillment request, in Paddle's order. */
export function saleFields({ product, order, quantity, name, email, at }: Sale): Record<string, string> {
  return {
    p_product_id: product,
    p_order_id: order,
    p_quantity: String(quantity),
    quantity: String(quantity),
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
    event_time: new Date(at).toISOString().slice(0, 19).replace('T', ' '),
    marketing_consent: '0',
    email,
    name,
  };
}

export const simulator: Simulator = {
  description: "a sale's fulfillment request as Paddle Classic sends it; always mode test",
  product: { required: true, description: 'the name of a product file, without .md' },
  options: [
    { flags: '--order <id>', description: 'the order id: the same again is a repeat (default: a new one)' },
    { flags: '--name <name>', description: "the customer's name", default: 'Ada Byron' },
    { flags: '--email <address>', description: "the customer's e-mail address", default: 'ada@example.com' },
    { flags: '--paddle-product <id>', description: "p_product_id (default: the product file's)" },
    { flags: '--get', description: 'send a GET instead of a POST' },
  ],
  example: (product) => `paddle-classic ${product} --quantity 3`,
  shows: 'reply',
  async play({ product: id = '', quantity, options, now, products, keys }) {
    const order = textOption(options, 'order') ?? String(randomInt(100_000_000, 1_000_000_000));
    const sold = async () => (await products()).find((product) => product.id === id);
    // Any number works where the file has none.
    const product =
      textOption(options, 'paddleProduct') ??
      (await sold())?.marketplaces['paddle-classic']?.products[0] ??
      '1';
    const name = textOption(options, 'name') ?? '';
    const email = textOption(options, 'email') ?? '';
    const form = signForm(saleFields({ product, order, quantity, name, email, at: now }), keys.privateKey());
    const path = `/fulfillment/paddle-classic/${encodeURIComponent(id)}`;
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'User-Agent': 'Paddle' };
    const call = options['get'] === true ? { path: `${path}?${form}` } : { path, body: form, headers };
    return { order, calls: [{ title: `Order ${order}`, delivers: true, ...call }] };
  },
};
