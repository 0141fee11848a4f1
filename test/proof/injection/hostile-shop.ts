/** The marketplaces' calls for one order, with its buyer's text, and the answers. */
import { readSimulatorKey, simulatorSecret } from '../../../src/keyring/simulator-key.ts';
import { signRequest, signWebhook } from '../../../src/marketplaces/fastspring/simulator.ts';
import { saleFields, signForm } from '../../../src/marketplaces/paddle-classic/simulator.ts';
import type { RunningService } from '../../kit/machine.ts';
import { exchange, portOf, statusOf } from '../../kit/raw.ts';
import type { Buyer } from './rendered.ts';

type Fields = Readonly<Record<string, string>>;

export interface Sold {
  readonly answer: string;
  readonly buyer: Partial<Buyer>;
}

/** A harmless buyer. */
export const ADA = { name: 'Placeholder', email: 'ada@example.com' };

const FORM = 'application/x-www-form-urlencoded';

export class Shop {
  calls = 0;
  readonly #port: number;
  readonly #paddle;
  readonly #fastSpring;

  constructor({ url }: RunningService, keys: string) {
    this.#port = portOf(url);
    this.#paddle = readSimulatorKey(keys);
    this.#fastSpring = simulatorSecret(keys);
  }

  async paddle(buyer: Partial<Buyer>, order: string, more: Fields = {}): Promise<Sold> {
    const sale = { product: '1', quantity: 1, order, ...ADA, ...buyer, at: Date.now() };
    const form = signForm({ ...saleFields(sale), ...more }, this.#paddle);
    return {
      answer: await this.#post('/fulfillment/paddle-classic/app', FORM, form),
      buyer: { order, ...buyer },
    };
  }

  async fastSpring(buyer: Partial<Buyer>, order: string, more: Fields = {}): Promise<Sold> {
    const form = signRequest({ reference: order, quantity: '1', ...ADA, ...more }, this.#fastSpring);
    return {
      answer: await this.#post('/fulfillment/fastspring/app', FORM, form),
      buyer: { order, ...buyer },
    };
  }

  /** The event comes first, so the ledger knows the customer from it. */
  async told(text: string, order: string): Promise<Sold> {
    const person = { first: text, email: ADA.email, company: text, phone: text };
    const item = { product: text, quantity: 1, display: text, attributes: { note: text } };
    const data = { reference: order, customer: person, items: [{ product: 'app', quantity: 1 }, item] };
    const event = { id: `${order}${text}`, type: 'order.completed', live: false, created: Date.now(), data };
    const body = JSON.stringify({ events: [event] });
    const signature = `X-FS-Signature: ${signWebhook(body, this.#fastSpring)}\r\n`;
    const heard = await this.#post('/webhooks/fastspring', 'application/json', body, signature);
    return statusOf(heard) === 200 ? this.fastSpring({ name: text }, order) : { answer: heard, buyer: {} };
  }

  #post(path: string, type: string, body: string, headers = ''): Promise<string> {
    this.calls += 1;
    const bytes = Buffer.from(body);
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n${headers}\r\n`;
    return exchange(this.#port, Buffer.concat([Buffer.from(head), bytes]));
  }
}
