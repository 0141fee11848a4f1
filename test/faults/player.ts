/** Plays what a shop, its customers and a seller do to a real service: signed calls over HTTP, a real ledger, a set clock. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { signRequest, signWebhook } from '../../src/marketplaces/fastspring/simulator.ts';
import { saleFields, signForm } from '../../src/marketplaces/paddle-classic/simulator.ts';
import type { Service } from '../../src/service/service.ts';
import { type Cli, cliOf, type Said } from '../kit/cli.ts';
import { LICENSE_KEYS, WEBHOOK_SECRETS } from '../kit/fastspring-secrets.ts';
import { rsaKey } from '../kit/rsa-keys.ts';
import { codesIn, FORM } from '../kit/sale.ts';
import { type Given, type Home, makeHome, type Owner, startHome } from '../kit/service.ts';
import { References } from './references.ts';
import { type Flag, flagsIn, licensesOf, type Seen, told } from './seen.ts';
import type { Fields, ToldEvent } from './steps.ts';
import { spellOut, timeText } from './words.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The license codes in it. */
  readonly codes: readonly string[];
  /** The problem's code, if the answer is a problem. */
  readonly problem: string | undefined;
}

/** The marketplaces' names of a product, as the files list them. */
type Sold = Readonly<Record<string, { readonly products: readonly string[] } | undefined>>;

export class Player {
  readonly home: Home;
  readonly #owner: Owner;
  readonly #given: Given;
  readonly #cli: Cli;
  readonly #references = new References();
  readonly #kept = new Map<string, string>();
  #service: Service;
  #told = 0;

  private constructor(owner: Owner, given: Given, home: Home, service: Service) {
    this.#owner = owner;
    this.#given = given;
    this.home = home;
    this.#service = service;
    this.#cli = cliOf(home);
  }

  static async open(owner: Owner, given: Given): Promise<Player> {
    const env = {
      FASTSPRING_LICENSE_KEYS: LICENSE_KEYS.join(),
      FASTSPRING_WEBHOOK_SECRETS: WEBHOOK_SECRETS.join(),
      ...given.env,
    };
    const filled = { ...given, env };
    const home = makeHome(owner, filled);
    return new Player(owner, filled, home, await startHome(owner, home, filled));
  }

  /** What the first start made. */
  get made(): readonly string[] {
    return this.#service.made.map(({ what }) => what);
  }

  /** A FastSpring license request with its hash; the product's path is by default the first path of its file. */
  async request(product: string, fields: Fields): Promise<Answer> {
    const { reference = '', ...rest } = fields;
    const named = this.#sold(product)['fastspring']?.products[0] ?? product;
    const filled = {
      reference: this.#references.shape(String(reference)),
      quantity: '1',
      name: 'Robin Example',
      email: 'buyer@example.com',
      product: named,
      ...rest,
    };
    return this.post(`/fulfillment/fastspring/${product}`, signRequest(this.#texts(filled), LICENSE_KEYS[0]));
  }

  /** One delivery of FastSpring's, in the order given; each event is a second later than the one before. */
  async events(...events: readonly ToldEvent[]): Promise<Answer> {
    const told = events.map(({ type, data, ...more }) => {
      const created = this.#tick();
      const head = {
        id: `event-${this.#told}`,
        processed: false,
        created,
        type,
        live: data['live'] !== false,
      };
      return this.#references.inData(this.#spell({ ...head, ...more, data }));
    });
    return this.deliver(JSON.stringify({ events: told }));
  }

  deliver(body: string): Promise<Answer> {
    const headers = { 'X-FS-Signature': signWebhook(body, WEBHOOK_SECRETS[0]) };
    return this.post('/webhooks/fastspring', body, 'application/json; charset=UTF-8', headers);
  }

  /** A Paddle fulfillment request, signed as live: 39.00 USD a unit. */
  async paddle(product: string, fields: Fields): Promise<Answer> {
    const quantity = Number(fields['p_quantity'] ?? 1);
    const sale = saleFields({
      product: this.#sold(product)['paddle-classic']?.products[0] ?? '',
      order: '',
      quantity,
      name: 'Robin Example',
      email: 'buyer@example.com',
      at: this.#tick(),
    });
    const gross = (39 * quantity).toFixed(2);
    const priced = { ...sale, p_price: gross, p_sale_gross: gross, p_tax_amount: '0.00', p_currency: 'USD' };
    return this.post(`/fulfillment/paddle-classic/${product}`, this.#sign({ ...priced, ...fields }));
  }

  async alert(fields: Fields): Promise<Answer> {
    const event_time = timeText(this.#tick());
    const head = { alert_id: String(7_000_000 + this.#told), event_time, email: 'buyer@example.com' };
    return this.post('/webhooks/paddle-classic', this.#sign({ ...head, ...fields }));
  }

  refresh(code: string): Promise<Answer> {
    const body = JSON.stringify({ code: this.#spell(code) });
    return this.post('/v1/licenses/refresh', body, 'application/json');
  }

  /** The product's revocation list as it is published now. */
  list(product: string): Promise<string> {
    return this.get(`/v1/revocations/${product}`);
  }

  async get(path: string): Promise<string> {
    return (await fetch(`${this.#service.url}${path}`)).text();
  }

  /** A command; a known order may be given by its short name. */
  cli(...words: readonly string[]): Promise<Said> {
    return this.cliWith('', ...words);
  }

  cliWith(stdin: string, ...words: readonly string[]): Promise<Said> {
    const spelt = words.map((word) => this.#references.toLedger(String(this.#spell(word))));
    return this.#cli(spelt, { stdin });
  }

  /** The short name of an order that the ledger knows by its reference. */
  shortName(order: string): string {
    return this.#references.toShort(order);
  }

  /** Moves the clock to a moment and applies what is due. */
  async waitUntil(moment: string | number): Promise<void> {
    this.home.clock.now = typeof moment === 'number' ? moment : Date.parse(`${moment}T12:00:00Z`);
    const service: Service & { settleDue?: () => Promise<unknown> } = this.#service;
    if (service.settleDue) await service.settleDue();
    else await this.restart();
  }

  /** Stops the service, does something to its folder, and starts it again. */
  async whileStopped(act: () => unknown): Promise<void> {
    await this.#service.stop();
    await act();
    this.#service = await startHome(this.#owner, this.home, this.#given);
    await this.#service.forgetOldEvents();
  }

  /** With product files changed or (null) deleted. */
  restart(products: Readonly<Record<string, string | null>> = {}): Promise<void> {
    return this.whileStopped(() => {
      for (const [id, text] of Object.entries(products)) {
        if (text === null) rmSync(join(this.home.config.productsDir, `${id}.md`));
        else this.home.putProducts({ [id]: text });
      }
    });
  }

  /** The licenses of an order, sorted by their text. */
  async licenses(order: string): Promise<readonly Seen[]> {
    const seen = await licensesOf(this.home, this.#references.toLedger(order));
    return [...seen].sort((a, b) => (told(a) < told(b) ? -1 : 1));
  }

  /** A line for each license of an order, sorted. */
  async told(order: string): Promise<readonly string[]> {
    return (await this.licenses(order)).map(told);
  }

  /** The flags that are not settled; orders by their short names. */
  async flags(): Promise<readonly Flag[]> {
    const flags = await flagsIn(this.home, { settled: false, limit: 1000 });
    return flags.map((flag) => ({ ...flag, order: flag.order && this.shortName(flag.order) }));
  }

  /** The kinds of the flags about an order, sorted. */
  async flagged(order: string): Promise<readonly string[]> {
    return (await this.flags())
      .filter((flag) => flag.order === order)
      .map(({ kind }) => kind)
      .sort();
  }

  /** From now on `$name` stands for the code. */
  keep(name: string, code: string): void {
    this.#kept.set(name, code);
  }

  /** A call as it is, to the byte. */
  async post(
    path: string,
    body: string,
    type = FORM,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    this.#tick();
    const init = { method: 'POST', headers: { 'Content-Type': type, ...headers }, body };
    const answer = await fetch(`${this.#service.url}${path}`, init);
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    const { code, changed } = isJson ? JSON.parse(text) : {};
    const codes = changed === undefined ? codesIn(text) : [code];
    return { status: answer.status, text, codes, problem: answer.ok ? undefined : code };
  }

  /** Moves the clock by a second, so that the next call is later than the one before. */
  #tick(): number {
    this.#told += 1;
    this.home.clock.now += 1000;
    return this.home.clock.now;
  }

  #sold(product: string): Sold {
    return this.#service.catalog.get(product)?.marketplaces ?? {};
  }

  #sign(fields: Fields): string {
    return signForm(this.#texts(fields), rsaKey('live').privateKey);
  }

  /** The fields as a form; undefined fields are left out. */
  #texts(fields: Fields): Record<string, string> {
    const given = Object.entries(fields).filter(([, value]) => value !== undefined);
    return Object.fromEntries(given.map(([name, value]) => [name, String(this.#spell(value))]));
  }

  #spell(value: unknown): unknown {
    return spellOut(value, { now: this.home.clock.now, kept: this.#kept });
  }
}
