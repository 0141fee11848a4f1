/** Sends FastSpring's calls to a service, and reads the ledger by the seller's commands. */
import type { ExecutionContext } from 'ava';
import request from 'supertest';
import { signRequest, signWebhook } from '../../src/marketplaces/fastspring/simulator.ts';
import { type Cli, cliOf } from './cli.ts';
import { LICENSE_KEYS, WEBHOOK_SECRETS } from './fastspring-secrets.ts';
import { productFile } from './products.ts';
import { FORM } from './sale.ts';
import { type Given, type Home, makeHome, type Owner, startHome } from './service.ts';

/** Bare codes for the license requests; FastSpring's own mail frames them. */
const BODY = '\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';

const product = (frontMatter: string) => productFile(frontMatter, BODY);

/** One product file of each kind; the path is the file's name where it lists none. */
export const FASTSPRING_PRODUCTS: Readonly<Record<string, string>> = {
  app: product('name: App\nterm: P1Y\nmarketplaces: { fastspring: {} }'),
  plan: product(
    'name: Plan\nterm: P1M\ngrace: P14D\nmarketplaces: { fastspring: { product: [plan-monthly, plan-yearly] } }',
  ),
  single: product(
    'name: Single\nterm: P1Y\nmultibuy: separate\nmarketplaces: { paddle-classic: {}, fastspring: {} }',
  ),
  other: product('name: Other\nterm: P1M\nmarketplaces: { fastspring: {} }'),
  addon: product('name: Addon\nterm: P1M\nmarketplaces: { fastspring: {} }'),
  team: product(
    'name: Team\nterm: P1M\nquantity: seats\nseats: 5\nfeatures: [export, sync]\ngrants: [export]\nmarketplaces: { fastspring: {} }',
  ),
  patient: product('name: Patient\nterm: P1M\noverdue: keep\nrefund: keep\nmarketplaces: { fastspring: {} }'),
  strict: product('name: Strict\nterm: P1M\nended: revoke\nmarketplaces: { fastspring: {} }'),
  kind: product('name: Kind\nterm: P1M\nended: fallback\nmarketplaces: { fastspring: {} }'),
  text: productFile('name: Text\nterm: perpetual\nmarketplaces: { fastspring: { reply: markdown } }'),
  named: product(
    'name: Named\nterm: perpetual\nmarketplaces: { fastspring: {} }\nfields: { reference: [Bestellung], quantity: [Anzahl], email: [Mail], test: [Probe] }',
  ),
  elsewhere: product('name: Elsewhere\nterm: P1Y\nmarketplaces: { paddle-classic: {} }'),
};

/** An order's reference in FastSpring's format. */
export const referenceOf = (number: number, letter = ''): string =>
  `ACM261120-1111-${String(number).padStart(5, '0')}${letter}`;

export type Data = Readonly<Record<string, unknown>>;

export interface EventText {
  readonly id: string;
  readonly text: string;
}

/** A license as `ledger find --json` prints it. */
export interface LicenseJson {
  readonly id: string;
  readonly mode: string;
  readonly order: string;
  readonly product: string;
  readonly unit: number;
  readonly state: string;
  readonly revision: number;
  readonly issued: string;
  readonly lastValid: string | null;
  readonly updatesUntil: string | null;
  readonly seats: number;
  readonly features: number;
  readonly subscription: string | null;
  readonly handed: number | null;
  readonly code: string;
  readonly history: readonly { readonly at: string; readonly to: string; readonly cause: string }[];
}

export interface Market {
  readonly home: Home;
  readonly url: string;
  readonly cli: Cli;
  /** A number that no other order of this service has. */
  next(): string;
  event(type: string, data: Data, more?: { id?: string; live?: boolean; created?: number }): EventText;
  /** Delivers events as one signed batch, byte for byte as given. */
  deliver(events: readonly EventText[] | string | Buffer): request.Test;
  /** Delivers and requires 200. */
  tell(...events: readonly EventText[]): Promise<void>;
  /** A license request, signed. */
  ask(product: string, fields: Readonly<Record<string, string>>): request.Test;
  find(text: string): Promise<readonly LicenseJson[]>;
  stop(): Promise<void>;
}

/** Collects teardowns where a whole file shares a service: `test.before` has none. */
export class FileOwner implements Owner {
  readonly #acts: (() => void | Promise<void>)[] = [];

  teardown(act: () => void | Promise<void>): void {
    this.#acts.unshift(act);
  }

  async end(): Promise<void> {
    for (const act of this.#acts) await act();
  }
}

/** A time in FastSpring's range, in milliseconds; an event without one is a second later than the event before. */
const BEGINNING = Date.UTC(2026, 10, 1);

export async function openMarket(owner: Owner, given: Given = {}): Promise<Market> {
  const filled = {
    products: FASTSPRING_PRODUCTS,
    ...given,
    env: {
      FASTSPRING_LICENSE_KEYS: LICENSE_KEYS.join(),
      FASTSPRING_WEBHOOK_SECRETS: WEBHOOK_SECRETS.join(),
      ...given.env,
    },
  };
  const home = makeHome(owner, filled);
  const { url, stop } = await startHome(owner, home, filled);
  const cli = cliOf(home);
  let count = 0;
  const next = () => {
    count += 1;
    return String(count);
  };
  return {
    home,
    url,
    cli,
    next,
    stop,
    event: (
      type,
      data,
      { id = `event-${next()}`, live = true, created = BEGINNING + count * 1000 } = {},
    ) => ({
      id,
      text: JSON.stringify({ id, processed: false, created, type, live, data }),
    }),
    deliver: (events) => deliver(url, batchOf(events)),
    tell: async (...events) => {
      const { status, text } = await deliver(url, batchOf(events));
      if (status !== 200) throw new Error(`the webhook answered ${status}: ${text}`);
    },
    ask: (id, fields) => askWith(url, id, signRequest(fields, LICENSE_KEYS[0])),
    find: async (text) => {
      const { status, out, err } = await cli(['ledger', 'find', text, '--json']);
      if (status === 0) return (JSON.parse(out) as { licenses: LicenseJson[] }).licenses;
      if (/no such license|has no license of it/.test(err)) return [];
      throw new Error(err);
    },
  };
}

/** The body of a webhook. */
export function batchOf(events: readonly EventText[] | string | Buffer): string | Buffer {
  if (typeof events === 'string' || Buffer.isBuffer(events)) return events;
  return `{"events":[${events.map(({ text }) => text).join(',')}]}`;
}

export function deliver(
  url: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {
    'X-FS-Signature': signWebhook(body, WEBHOOK_SECRETS[0]),
  },
): request.Test {
  return request(url)
    .post('/webhooks/fastspring')
    .set('Content-Type', 'application/json; charset=UTF-8')
    .set('User-Agent', 'FS')
    .set({ ...headers })
    .serialize((text) => text)
    .send(body);
}

export function askWith(url: string, product: string, form: string): request.Test {
  return request(url)
    .post(`/fulfillment/fastspring/${product}`)
    .set('Content-Type', FORM)
    .set('User-Agent', 'FS')
    .serialize((text) => text)
    .send(form);
}

export const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

/** The main fields of each license. */
export function told(licenses: readonly LicenseJson[]): string[] {
  return licenses.map(
    ({ product, unit, state, lastValid, seats }) =>
      `${product} ${unit}: ${state} to ${lastValid ?? 'ever'}, ${seats}`,
  );
}

/** The only license of an order. */
export async function only(t: ExecutionContext, market: Market, order: string): Promise<LicenseJson> {
  const licenses = await market.find(order);
  t.is(licenses.length, 1, `the licenses of ${order}`);
  return licenses[0]!;
}
