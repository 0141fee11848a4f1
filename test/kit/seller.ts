/** A seller's running service with the example product; signed calls of Paddle's report a license's life. */
import { readFileSync } from 'node:fs';
import { readKeyring } from '../../src/keyring/keyring.ts';
import type { PublicKeyEntry } from '../../src/license-code/keyring.ts';
import { signForm } from '../../src/marketplaces/paddle-classic/simulator.ts';
import { rsaKey } from './rsa-keys.ts';
import { FORM, NOW, SALE } from './sale.ts';
import { type Home, makeHome, type Owner, startHome } from './service.ts';

const EXAMPLE = readFileSync(new URL('../../data/products/example.md', import.meta.url), 'utf8');

export interface Seller {
  readonly home: Home;
  readonly url: string;
  readonly keyring: readonly PublicKeyEntry[];
  /** A subscription of a year with its first payment; resolves to the mailed text. */
  buy(order: string, product?: string): Promise<string>;
  /** Pays the next year; the clock moves to that day. */
  renew(order: string): Promise<void>;
  refund(order: string): Promise<void>;
  fallOverdue(order: string): Promise<void>;
  /** The published list of withdrawn licenses. */
  list(product?: string): Promise<string>;
  stop(): Promise<void>;
}

/** Sells `example`, and `other`, which is the same under another id. */
export async function openSeller(owner: Owner): Promise<Seller> {
  const home = makeHome(owner, { products: { example: EXAMPLE, other: EXAMPLE } });
  const { url, stop } = await startHome(owner, home);
  let alerts = 0;

  const post = async (path: string, fields: Readonly<Record<string, string>>): Promise<string> => {
    const event_time = new Date(home.clock.now).toISOString().slice(0, 19).replace('T', ' ');
    const body = signForm({ ...fields, event_time }, rsaKey('live').privateKey);
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': FORM },
      body,
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path} was answered ${response.status}: ${text}`);
    return text;
  };
  const tell = async (alert_name: string, fields: Readonly<Record<string, string>>): Promise<void> => {
    alerts += 1;
    home.clock.now += 1000;
    await post('/webhooks/paddle-classic', { alert_id: String(alerts), alert_name, ...fields });
  };
  const subscription = (order: string) => ({ subscription_id: `5${order}`, status: 'active' });

  return {
    home,
    url,
    keyring: readKeyring(home.config.keysDir),
    stop,
    buy: async (order, product = 'example') => {
      const mail = await post(`/fulfillment/paddle-classic/${product}`, { ...SALE, p_order_id: order });
      const first = { ...subscription(order), order_id: order, initial_payment: '1' };
      await tell('subscription_payment_succeeded', { ...first, next_bill_date: '2027-11-20' });
      return mail;
    },
    renew: async (order) => {
      home.clock.now = Math.max(home.clock.now, NOW + 365 * 86_400_000);
      const next = { ...subscription(order), order_id: `${order}-2`, initial_payment: '0' };
      await tell('subscription_payment_succeeded', { ...next, next_bill_date: '2028-11-20' });
    },
    refund: (order) => tell('payment_refunded', { order_id: order, refund_type: 'full', quantity: '1' }),
    fallOverdue: (order) =>
      tell('subscription_payment_failed', {
        ...subscription(order),
        order_id: `${order}-2`,
        status: 'past_due',
      }),
    list: async (product = 'example') => {
      const response = await fetch(`${url}/v1/revocations/${product}`);
      const text = await response.text();
      if (response.status !== 200) throw new Error(`the list was answered ${response.status}: ${text}`);
      return text;
    },
  };
}
