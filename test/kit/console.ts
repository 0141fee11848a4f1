/** A seller's shop with a console: made-up products, orders of a year, a refund that is not clear, an event that failed. */
import request from 'supertest';
import { type Market, openMarket } from './fastspring.ts';
import { productFile } from './products.ts';
import type { Given, Owner } from './service.ts';

export const SHOP_PRODUCTS: Readonly<Record<string, string>> = {
  lumen: productFile(
    'name: Lumen\nterm: P1Y\ngrace: P14D\nfeatures: [export, sync]\ngrants: [export, sync]\nmarketplaces: { fastspring: {}, paddle-classic: {} }',
  ),
  atlas: productFile('name: Atlas\nterm: P1Y\nmarketplaces: { fastspring: {} }'),
};

const DAY = 86_400_000;

/** 2026-11-26T12:10:00Z */
export const SHOP_NOW = Date.UTC(2026, 10, 26, 12, 10);

const PEOPLE = [
  ['Ada Byron', 'ada@example.com'],
  ['Grace H.', 'grace@example.org'],
  ['李 小龍', 'li@example.com'],
  ['Nordlys AS', 'it@nordlys.example'],
  ['Zoë Åkesson', 'zoe@example.net'],
] as const;

export interface Shop extends Market {
  /** The cookie of a session of Ada, opened by a link. */
  enter(): Promise<string>;
}

export async function openShop(owner: Owner, given: Given = {}): Promise<Shop> {
  const market = await openMarket(owner, { products: SHOP_PRODUCTS, ...given });
  market.home.clock.now = SHOP_NOW;
  return { ...market, enter: () => enter(market) };
}

/** Uses up a link, as a person with the code does. */
export async function enter({ url, cli }: Pick<Market, 'url' | 'cli'>, name = 'Ada'): Promise<string> {
  const { out } = await cli(['console', 'link', '--name', name, '--json']);
  const { code } = JSON.parse(out) as { code: string };
  const answer = await postForm(url, '/console/in', { code });
  const cookie = answer.get('Set-Cookie')?.find((each) => each.includes('mintmark-local='));
  if (answer.status !== 303 || cookie === undefined) throw new Error(`not let in: ${answer.status}`);
  return cookie.split(';')[0] ?? '';
}

/** A form as a browser posts it from the console's own pages. */
export function postForm(
  url: string,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = { 'Sec-Fetch-Site': 'same-origin' },
): request.Test {
  return request(url)
    .post(path)
    .set({ 'Content-Type': 'application/x-www-form-urlencoded', ...headers })
    .send(new URLSearchParams(fields).toString());
}

export const reference = (number: number): string => `EXA261126-7001-${String(number).padStart(5, '0')}`;

/** Sells to one of the people: a license request and its event. */
export async function sell(
  { ask, tell, event, home }: Market,
  number: number,
  { product = 'lumen', quantity = 1, live = true, daysAgo = 0 } = {},
): Promise<void> {
  const order = reference(number);
  const at = SHOP_NOW - daysAgo * DAY - (number % 600) * 60_000;
  const [name = '', email = ''] = PEOPLE[number % PEOPLE.length] ?? [];
  home.clock.now = at;
  const fields = { name, email, reference: order, quantity: String(quantity), test: String(!live) };
  const customer = { first: name, last: '', email };
  const { status, text } = await ask(product, fields);
  if (status !== 200) throw new Error(`the request was answered ${status}: ${text}`);
  const data = { order: `${order}-id`, id: `${order}-id`, reference: order, live, completed: true };
  const items = [{ product, quantity, fulfillments: {} }];
  await tell(
    event(
      'order.completed',
      { ...data, account: 'account', customer, items, currency: 'EUR', total: 49 },
      { created: at + 1000, live },
    ),
  );
  home.clock.now = SHOP_NOW;
}

/** The same shop as the overview shows it after a year. */
export async function fillShop(shop: Market, orders = 60): Promise<void> {
  // The oldest first, as they come.
  for (let number = orders; number >= 1; number--) {
    const product = number % 3 === 0 && number < orders / 2 ? 'atlas' : 'lumen';
    await sell(shop, number, {
      product,
      quantity: number % 7 === 0 ? 2 : 1,
      daysAgo: Math.round((number - 1) ** 1.45),
    });
  }
  const [first] = await shop.find(reference(4));
  const words = ['license', 'suspend', first?.id ?? '', '--reason', 'ticket 1187', '--actor', 'Ada'];
  await shop.cli(words);
  const [second] = await shop.find(reference(5));
  await shop.cli(['license', 'revoke', second?.id ?? '', '--reason', 'a chargeback', '--actor', 'Ada']);
}

/** A part of an order's money went back: nothing is changed, and a person has to look. */
export async function refundInPart(shop: Market, number: number): Promise<void> {
  const order = reference(number);
  await shop.tell(
    shop.event(
      'return.created',
      {
        return: `return-${number}`,
        reference: `${order}X`,
        type: 'RETURN',
        account: 'account',
        original: {
          id: `${order}-id`,
          order: `${order}-id`,
          reference: order,
          account: 'account',
          total: 49,
        },
        items: [{ product: 'lumen', quantity: 0, refundType: 'Partial Refund' }],
        totalReturn: 20,
        currency: 'EUR',
      },
      { created: SHOP_NOW - 60_000 },
    ),
  );
}
