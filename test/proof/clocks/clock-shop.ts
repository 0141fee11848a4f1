/** A shop whose service has its own clock: sells, repeats, renews and refunds, and checks each answer. */
import { readKeyring } from '../../../src/keyring/keyring.ts';
import { entitlementOf, licenseIdOfCode } from '../../../src/keyring/minter.ts';
import { formatLicenseId } from '../../../src/license-code/license-id.ts';
import { loadRevocations, type Revocations } from '../../../src/license-code/load-revocations.ts';
import { signRequest, signWebhook } from '../../../src/marketplaces/fastspring/simulator.ts';
import { saleFields, signForm } from '../../../src/marketplaces/paddle-classic/simulator.ts';
import type { RunningService } from '../../kit/machine.ts';
import type { Signing } from '../deliveries/sale.ts';
import { signingOf } from '../deliveries/sales.ts';
import { Buyers, type Reply } from '../kit/buyers.ts';
import type { Clock } from '../kit/clock.ts';
import { DAY } from './clock-jumps.ts';
import { addMonths } from './months.ts';

/** The term of each product's license in months, and that of its updates. */
export const TERMS = {
  month: { term: 1, updates: 2 },
  half: { term: 6, updates: 6 },
  year: { term: 12, updates: 13 },
} as const;

type Product = keyof typeof TERMS;
const PRODUCTS = Object.keys(TERMS) as Product[];

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** An answered request, to be repeated. */
export interface Bought {
  readonly product: Product;
  readonly order: string;
  readonly path: string;
  readonly form: string;
  /** The marketplace's own UTC day. */
  readonly day: string;
  readonly text: string;
  readonly code: string;
}

export class ClockShop {
  readonly violations: string[] = [];
  readonly #clock: Clock;
  readonly #keys: string;
  readonly #lists = new Map<Product, Revocations>();
  #buyers: Buyers;
  #signing: Signing;
  #alerts = 0;
  /** Place and time, for violations. */
  #place = '';

  constructor(service: RunningService, clock: Clock, keys: string) {
    this.#clock = clock;
    this.#keys = keys;
    this.#buyers = new Buyers(service, 4);
    this.#signing = signingOf(keys);
  }

  /** After a restart of the service. */
  moveTo(service: RunningService): void {
    this.#buyers.close();
    this.#buyers = new Buyers(service, 4);
  }

  close(): void {
    this.#buyers.close();
  }

  at(place: string): void {
    this.#place = place;
  }

  /** Sells each product in each way. `at` is the marketplace's time, UTC: `2028-02-29 23:50:00`. */
  async sell(name: string, at: string): Promise<Bought[]> {
    const day = at.slice(0, 10);
    const bought: Bought[] = [];
    for (const product of PRODUCTS) {
      bought.push(await this.#buy(this.#paddle(product, `${name}-${product}`, at), day));
      const event = await this.completed(product, `F${name}-${product}`, at);
      if (event.status !== 200) this.violated(`an event was answered ${event.status}`);
      bought.push(await this.#buy(this.#fastSpring(product, `F${name}-${product}`), day));
      // A license request has no time of its own: only the service's clock counts.
      const today = new Date(this.#clock.now()).toISOString().slice(0, 10);
      bought.push(await this.#buy(this.#fastSpring(product, `R${name}-${product}`), today));
    }
    for (const each of bought) this.#judge(each);
    return bought;
  }

  async repeat(bought: readonly Bought[]): Promise<void> {
    for (const { path, form, order, text } of bought) {
      const again = await this.#buyers.post(path, form, FORM);
      if (again.status !== 200 || again.text !== text) {
        this.violated(`${order} asked again got ${again.status} and other bytes`);
      }
    }
  }

  /** A refund: the license is on the list, and a refresh is refused. */
  async refund({ order, product, code }: Bought, at: string): Promise<void> {
    await this.#alert('payment_refunded', at, { order_id: order, refund_type: 'full' });
    const list = await this.readList(product, { changed: true });
    if (!list.revoked(formatLicenseId(licenseIdOfCode(code)), true)) {
      this.violated(`${order} was refunded and is not on the list`);
    }
    const { status } = await this.#refresh(code);
    if (status !== 410) this.violated(`${order} was refunded, and a refresh got ${status}`);
  }

  /** The next period is paid: a refresh returns the code with the new date, and the next refresh changes nothing. */
  async renew({ order, product, code, day }: Bought, at: string): Promise<void> {
    const next = addMonths(day, 2 * TERMS[product].term);
    await this.#alert('subscription_payment_succeeded', at, {
      subscription_id: `5${order}`,
      status: 'active',
      order_id: order,
      initial_payment: '1',
      next_bill_date: next,
    });
    const renewed = await this.#refreshed(code);
    const { lastValid } = entitlementOf(renewed.code);
    if (!renewed.changed || lastValid !== next) {
      this.violated(`${order} was renewed to ${next}, and a refresh got ${lastValid}`);
    }
    if ((await this.#refreshed(renewed.code)).changed) this.violated(`${order} was refreshed twice`);
  }

  /** Reads the list like a program that has the previous list. */
  async readList(product: Product, { changed = false } = {}): Promise<Revocations> {
    const held = this.#lists.get(product);
    const { text } = await this.#buyers.get(`/v1/revocations/${product}`);
    const list = loadRevocations(text, readKeyring(this.#keys), product, held);
    if (list.refused !== null) this.violated(`the list of ${product} is refused: ${list.refused}`);
    if (held !== undefined && list.seq === held.seq && (changed || list.jws !== held.jws)) {
      this.violated(`the list of ${product} changed and kept its seq ${list.seq}`);
    }
    const now = this.#clock.now() / 1000;
    if ((list.issuedAt ?? 0) > now + 86_400) this.violated(`the list of ${product} comes from ahead`);
    if ((list.nextDue ?? 0) <= now) this.violated(`the list of ${product} is past due as it is read`);
    this.#lists.set(product, list);
    return list;
  }

  /** FastSpring's event of a sale. */
  completed(product: string, order: string, at: string): Promise<Reply> {
    const data = { id: `${order}-id`, reference: order, items: [{ product, quantity: 1 }] };
    const created = Date.parse(`${at.replace(' ', 'T')}Z`);
    const event = { id: `event-${order}`, created, type: 'order.completed', live: false, data };
    const body = JSON.stringify({ events: [event] });
    const signature = signWebhook(body, this.#signing.fastSpring);
    const headers = { 'content-type': 'application/json', 'x-fs-signature': signature };
    return this.#buyers.post('/webhooks/fastspring', body, headers);
  }

  #paddle(product: Product, order: string, at: string) {
    const sale = { product: '1', order, quantity: 1, name: 'Ada Byron', email: 'ada@example.com', at: 0 };
    const form = signForm({ ...saleFields(sale), event_time: at }, this.#signing.paddle);
    return { product, order, path: `/fulfillment/paddle-classic/${product}`, form };
  }

  #fastSpring(product: Product, order: string) {
    const form = signRequest({ reference: order, quantity: '1', test: 'true' }, this.#signing.fastSpring);
    return { product, order, path: `/fulfillment/fastspring/${product}`, form };
  }

  async #buy(request: Pick<Bought, 'product' | 'order' | 'path' | 'form'>, day: string): Promise<Bought> {
    const { status, text } = await this.#buyers.post(request.path, request.form, FORM);
    const code = text.match(/^[0-9A-Z]{160}$/m)?.[0];
    if (status !== 200 || code === undefined)
      throw new Error(`${this.#place}: ${request.order} got ${status} ${text}`);
    return { ...request, day, text, code };
  }

  /** Compares the days in a code with an independent calculation. */
  #judge({ product, order, day, code }: Bought): void {
    const { issued, lastValid, updatesUntil } = entitlementOf(code);
    const { term, updates } = TERMS[product];
    // However late a sale is reported, its first code's term begins at most a week ago.
    const week = new Date(this.#clock.now() - 7 * DAY).toISOString().slice(0, 10);
    const start = day > week ? day : week;
    const should = [start, addMonths(start, term), addMonths(start, updates)].join(' ');
    const is = [issued, lastValid, updatesUntil].join(' ');
    if (is !== should) this.violated(`the code of ${order} says ${is} instead of ${should}`);
  }

  async #alert(
    alert_name: string,
    event_time: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<void> {
    this.#alerts += 1;
    const alert = { alert_id: String(this.#alerts), alert_name, event_time, ...fields };
    const form = signForm(alert, this.#signing.paddle);
    const { status } = await this.#buyers.post('/webhooks/paddle-classic', form, FORM);
    if (status !== 200) this.violated(`${alert_name} was answered ${status}`);
  }

  #refresh(code: string): Promise<Reply> {
    return this.#buyers.post('/v1/licenses/refresh', code, { 'content-type': 'text/plain' });
  }

  async #refreshed(code: string): Promise<{ readonly changed: boolean; readonly code: string }> {
    const { status, text } = await this.#refresh(code);
    if (status !== 200) throw new Error(`${this.#place}: a refresh got ${status} ${text}`);
    return JSON.parse(text);
  }

  /** Records a breach with place and time. */
  violated(what: string): void {
    this.violations.push(`${this.#place}: ${what}`);
  }
}
