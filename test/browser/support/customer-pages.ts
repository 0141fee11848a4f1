/** Every page that a customer may see, by what it shows: a shop with sales, releases and decisions. */
import { join } from 'node:path';
import request from 'supertest';
import {
  type CustomerShop,
  LUMEN,
  openCustomerShop,
  PUBLIC,
  pathIn,
  SHOP_FILES,
} from '../../kit/customer.ts';
import { pathOf } from '../../kit/downloads.ts';
import { productFile } from '../../kit/products.ts';
import type { Owner } from '../../kit/service.ts';

export interface CustomerPages {
  readonly shop: CustomerShop;
  /** Their paths. */
  readonly pages: ReadonlyMap<string, string>;
}

/** Their status is an error of the page's own request, which Chromium writes to its console. */
export const REFUSED: readonly string[] = [
  'nothing',
  'old',
  'suspended download',
  'ended download',
  'limited download',
];

const FILES = ['Lumen-4.1.dmg', 'Lumen-4.2.dmg', 'Lumen-4.2.exe', 'Lumen-4.2.AppImage'] as const;

const DAY = 86_400_000;

const own = (keys: string) =>
  productFile(`name: Lumen\nmarketplaces: { fastspring: {} }\nmail: { sold: off }\n${keys}`);

const PRODUCTS = {
  ...LUMEN,
  team: own('term: P1Y\nquantity: seats\nseats: 5'),
  kept: own('term: P1Y\nupdates: P1M\ndownloads: { limit: 1 }'),
  short: own('term: P1D'),
};

export async function openCustomerPages(owner: Owner): Promise<CustomerPages> {
  const shop = await openCustomerShop(owner, {
    products: PRODUCTS,
    files: {
      ...SHOP_FILES,
      ...Object.fromEntries(FILES.map((name) => [`dist/${name}`, name.repeat(9_999)])),
      'shop.yaml': `${SHOP_FILES['shop.yaml']}accent: "#1d4ea0"\naccent_dark: "#9dc1ff"\n`,
    },
    env: { TRUST_PROXY: 'on' },
  });
  await release(shop, 'lumen 4.1', '2026-05-02', ['Lumen-4.1.dmg']);
  await release(shop, 'lumen 4.2', '2026-10-28', ['Lumen-4.2.dmg', 'Lumen-4.2.exe', 'Lumen-4.2.AppImage']);
  await release(shop, 'kept 4.2', '2026-10-28', ['Lumen-4.2.dmg']);
  await release(shop, 'kept 5.0', '2027-12-01', ['Lumen-4.2.exe']);
  const pages = new Map([
    ['lost-code', '/license'],
    ['nothing', '/license/nothing'],
  ]);
  await addOwn(shop, pages);
  await addStates(shop, pages);
  await addUnits(shop, pages);
  await addAddresses(shop, pages);
  return { shop, pages };
}

async function pageOf(shop: CustomerShop, order: string, email: string): Promise<string> {
  // Each from another computer: one may ask ten times an hour.
  await shop.inquire(order, email).set('X-Forwarded-For', `192.0.2.${shop.mailbox.mails.length + 1}`);
  return pathIn(await shop.mailbox.next(email));
}

let person = 0;

async function sold(shop: CustomerShop, sale: Parameters<CustomerShop['sell']>[0] = {}) {
  person += 1;
  const email = `ada${person}@example.com`;
  const order = await shop.sell({ email, ...sale });
  return { order, email, path: await pageOf(shop, order, sale.receiver ?? email) };
}

async function decide(shop: CustomerShop, order: string, act: string, unit = 0): Promise<void> {
  const license = (await shop.find(order))[unit];
  const said = await shop.cli(['license', act, license?.id ?? '', '--reason', 'ticket 1']);
  if (said.status !== 0) throw new Error(said.err);
}

async function addStates(shop: CustomerShop, pages: Map<string, string>): Promise<void> {
  const active = await sold(shop);
  pages.set('active', active.path);
  pages.set('newest download', await latestOf(shop, active.order));
  for (const [state, act] of [
    ['suspended', 'suspend'],
    ['revoked', 'revoke'],
  ] as const) {
    const { order, path } = await sold(shop);
    const latest = await latestOf(shop, order);
    await decide(shop, order, act);
    pages.set(state, path);
    if (state === 'suspended') pages.set('suspended download', latest);
  }
  const renewing = await sold(shop, { subscription: 'sub-1' });
  pages.set('renewing', renewing.path);
  const ended = await sold(shop, { subscription: 'sub-2' });
  const latest = await latestOf(shop, ended.order);
  const deactivationDate = shop.home.clock.now - DAY;
  await shop.tell(
    shop.event('subscription.deactivated', { id: 'sub-2', state: 'deactivated', deactivationDate }),
  );
  pages.set('ended', ended.path);
  pages.set('ended download', latest);
  const old = await sold(shop);
  const [license] = await shop.find(old.order);
  await shop.cli(['license', 'new-links', license?.id ?? '', '--reason', 'ticket 2']);
  pages.set('old', old.path);
}

async function addUnits(shop: CustomerShop, pages: Map<string, string>): Promise<void> {
  const several = await sold(shop, { quantity: 3 });
  await shop.post(`${several.path}/handed`, { unit: '2', note: 'Grace, in accounting' });
  pages.set('several', several.path);
  const { text } = await shop.page(several.path);
  const [, holders = ''] = new RegExp(`${PUBLIC}(/license/[\\w-]{59})`).exec(text) ?? [];
  pages.set('holder', holders);
  const mixed = await sold(shop, { quantity: 3 });
  await decide(shop, mixed.order, 'revoke', 0);
  await decide(shop, mixed.order, 'suspend', 1);
  pages.set('several, of which one is active', mixed.path);
  const gift = await sold(shop, { receiver: 'rita@example.org' });
  pages.set('gift', gift.path);
  pages.set('gift of its buyer', await pageOf(shop, gift.order, gift.email));
  pages.set('test', (await sold(shop, { live: false })).path);
}

async function addAddresses(shop: CustomerShop, pages: Map<string, string>): Promise<void> {
  const changing = await sold(shop);
  await shop.post(`${changing.path}/address`, { email: 'ada@new.example' });
  pages.set('confirm', pathIn(await shop.mailbox.next('ada@new.example')));
  pages.set('changing', changing.path);
}

/** Sales that the seller made; the first ones, since time goes on for one that runs out. */
async function addOwn(shop: CustomerShop, pages: Map<string, string>): Promise<void> {
  const issue = async (product: string, ...more: readonly string[]) => {
    const email = `${product}@example.com`;
    const args = ['issue', product, '--order', `OWN-${product}`, '--name', 'Ada', '--email', email, ...more];
    const { status, err } = await shop.cli([...args, '--json']);
    if (status !== 0) throw new Error(err);
    return pageOf(shop, `OWN-${product}`, email);
  };
  pages.set('seats', await issue('team', '--quantity', '2'));
  pages.set('withheld', await issue('kept'));
  const latest = await latestOf(shop, 'OWN-kept');
  const { headers } = await shop.page(latest);
  await shop.page(pathOf(headers['location'] ?? ''));
  pages.set('limited download', latest);
  pages.set('run out', await issue('short'));
  shop.home.clock.now += 2 * DAY;
}

async function release(
  shop: CustomerShop,
  named: string,
  day: string,
  names: readonly string[],
): Promise<void> {
  const files = names.map((name) => join(shop.home.config.dataDir, 'dist', name));
  const args = ['releases', 'add', ...named.split(' '), ...files, '--date', day, '--notes', 'Faster.'];
  const said = await shop.cli(args);
  if (said.status !== 0) throw new Error(said.err);
}

/** The path of the newest download of an order. */
async function latestOf(shop: CustomerShop, order: string): Promise<string> {
  const [license] = await shop.find(order);
  const { body } = await request(shop.url).post('/v1/downloads').send({ code: license?.code });
  return pathOf(body.latest);
}
