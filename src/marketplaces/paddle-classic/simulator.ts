/** Signs fields as Paddle Classic does, with a key of our own: for the simulator and the tests. */
import { type KeyObject, sign } from 'node:crypto';
import { SIGNATURE_FIELD, signedBytes } from './authenticity.ts';

/** The form of a signed call: a POST's body or a GET's query. */
export function signForm(fields: Readonly<Record<string, string>>, privateKey: KeyObject): string {
  const signature = sign('RSA-SHA1', signedBytes(new Map(Object.entries(fields))), privateKey);
  return new URLSearchParams({ ...fields, [SIGNATURE_FIELD]: signature.toString('base64') }).toString();
}

/** What is different from one made-up sale to the next. */
export interface Sale {
  readonly product: string;
  readonly order: string;
  readonly quantity: number;
  readonly name: string;
  readonly email: string;
  /** Milliseconds since 1970-01-01. */
  readonly at: number;
}

/** All fields of a fulfillment request, in the order in which Paddle lists them. */
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
