/** Sales in Paddle Classic's form, with keys made once per run, since RSA keys take long. */
import { signForm } from '../../src/marketplaces/paddle-classic/simulator.ts';
import { type KeyPair, rsaKey } from './rsa-keys.ts';

export function pemOf({ publicKey }: KeyPair): string {
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}

export type Sale = Readonly<Record<string, string>>;

/** The day of the tests' clock and of the sale below. */
export const NOW = Date.UTC(2026, 10, 20, 12, 0, 0);

export const SALE: Sale = {
  p_product_id: '47023',
  p_order_id: '573252',
  p_quantity: '1',
  quantity: '1',
  p_price: '5.82',
  p_earnings: '{"9710":"5.0300"}',
  p_coupon: '',
  passthrough: 'a+b%20c&d=e',
  event_time: '2026-11-20 11:59:58',
  email: 'grace@example.com',
  name: 'Grace Hopper',
};

/** The signed form of a sale; undefined fields are omitted. */
export function signed(
  changes: Readonly<Record<string, string | undefined>> = {},
  key: KeyPair = rsaKey('live'),
): string {
  const fields = { ...SALE, ...changes };
  const kept = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return signForm(Object.fromEntries(kept), key.privateKey);
}

export const FORM = 'application/x-www-form-urlencoded';

export const pathOf = (product: string): string => `/fulfillment/paddle-classic/${product}`;

/** The license codes of a reply, in order. */
export function codesIn(reply: string): readonly string[] {
  return reply.match(/^[0-9A-Z]{160}$/gm) ?? [];
}
