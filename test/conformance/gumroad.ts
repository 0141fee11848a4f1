/**
 * Delivers Gumroad's samples to a running service, whose API is a local server made from the samples of it. The service must
 * answer 200, and then hold the licenses that a person derived from ping and API together.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchLacking } from '../../src/marketplaces/gumroad/fetching.ts';
import { bodyOf } from '../../src/marketplaces/gumroad/shapes.ts';
import type { Loose } from '../../src/marketplaces/loose.ts';
import { GumroadSales } from '../kit/gumroad.ts';
import { storeApi } from '../kit/store-api.ts';
import type { Outcome } from './ed25519.ts';
import { atScene, dealt, type Stage } from './stage/stage.ts';

const SECRET = 'the-secret-address-of-this-run';
const KEY = 'the access token of this run';
const NOW = Date.UTC(2026, 0, 10, 12);

/** The samples sell one product, once and as a membership. */
const PRODUCTS = {
  editor: 'name: Editor\nterm: P1M\ngrace: P5D\nmarketplaces: { gumroad: { product: exed } }',
};

const name = (letter: string) => `saleid000000000000000${letter}==`;
const [ONCE, FIRST, RENEWAL] = [name('A'), name('C'), name('B')];

/** Told long after it was sold: its month begins a week before, and then there is the grace. */
const SOLD = 'active 2026-02-08';

/** Of a month from 2025-11-26, and the grace; of two. */
const TO_DECEMBER = 'active 2025-12-31';
const TO_JANUARY = 'active 2026-01-31';

const units = (order: string, state: string) => Array.from({ length: 4 }, () => `${order} editor ${state}`);
const one = (order: string, state: string) => [`${order} editor ${state}`];

interface Case {
  /** In their order. */
  readonly files: readonly string[];
  /** Changes what the API has of a sale. */
  readonly now?: Readonly<Record<string, Loose>>;
  readonly held: readonly string[];
}

const MEMBERSHIP = ['sale.subscription-first.json', 'sale.recurring-charge.json'];
const member = (file: string, state: Loose, told: string): Case => ({
  files: [...MEMBERSHIP, file],
  now: { [FIRST]: state, [RENEWAL]: state },
  held: units(FIRST, told),
});

const CASES: readonly Case[] = [
  ...['sale.json', 'sale.form-encoded-keys.txt', 'sale.form-plain-brackets.txt', 'sale.retried.json'].map(
    (file) => ({ files: [file], held: one(ONCE, SOLD) }),
  ),
  { files: ['sale.json', 'refund.json'], now: { [ONCE]: { refunded: true } }, held: one(ONCE, 'revoked') },
  {
    files: ['sale.json', 'dispute.json'],
    now: { [ONCE]: { disputed: true, chargedback: true } },
    held: one(ONCE, SOLD.replace('active', 'suspended')),
  },
  {
    files: ['sale.json', 'dispute.json', 'dispute_won.json'],
    now: { [ONCE]: { disputed: true, dispute_won: true } },
    held: one(ONCE, SOLD),
  },
  { files: ['sale.gift.json'], held: one(name('F'), SOLD) },
  { files: ['sale.custom-field-shadows.json'], held: one(name('E'), SOLD) },
  { files: ['sale.own-purchase.json'], held: one(name('D'), SOLD) },
  { files: ['sale.test-ping.json'], held: [] },
  { files: ['sale.subscription-first.json'], held: units(FIRST, TO_DECEMBER) },
  { files: MEMBERSHIP, held: units(FIRST, TO_JANUARY) },
  member('cancellation.json', { cancelled: true }, 'active 2026-01-26'),
  member('cancellation.payment-failures.json', { cancelled: true, dead: true }, 'ended 2026-01-09'),
  member('subscription_ended.json', { cancelled: true, dead: true }, 'ended 2026-01-09'),
  member('subscription_restarted.json', {}, TO_JANUARY),
  member('subscription_updated.json', {}, TO_JANUARY),
  member('subscription_updated.form.txt', {}, TO_JANUARY),
];

export async function gumroad(shared: string): Promise<Outcome[]> {
  const folder = join(shared, 'samples', 'gumroad');
  return existsSync(folder) ? [await eachCase(folder), unnamed(folder)] : [];
}

/** As sent, twice, reversed, and dealt. */
async function eachCase(folder: string): Promise<Outcome> {
  const failed: string[] = [];
  let passed = 0;
  for (const { files, now = {}, held } of CASES) {
    const bodies = files.map((file) => bodyIn(folder, file));
    const orders = [bodies, [...bodies, ...bodies], bodies.toReversed(), dealt(bodies, 2)];
    for (const [place, order] of orders.entries()) {
      const fault = await faultOf(salesIn(folder, now), order, held);
      if (fault === undefined) passed += 1;
      else failed.push(`${files.join(', ')}, order ${place}: ${fault}`);
    }
  }
  return { name: 'gumroad samples over HTTP, confirmed by its API', passed, failed };
}

/** A sample that no case plays would be checked by nobody. */
function unnamed(folder: string): Outcome {
  const played = new Set(CASES.flatMap(({ files }) => files));
  const all = readdirSync(folder).filter((file) => /\.(json|txt)$/.test(file) && file !== 'PROVENANCE.json');
  const failed = all.filter((file) => !played.has(file)).map((file) => `${file} is in no case`);
  return { name: 'gumroad samples in a case', passed: all.length - failed.length, failed };
}

function bodyIn(folder: string, file: string): string {
  const text = readFileSync(join(folder, file), 'utf8').trimEnd();
  return file.endsWith('.txt') ? text : bodyOf(JSON.parse(text));
}

/** What the API has: its samples, and the other sales of the pings in the same shape. */
function salesIn(folder: string, now: Readonly<Record<string, Loose>>): GumroadSales {
  const sales = new GumroadSales();
  const pageOf = (file: string) =>
    JSON.parse(readFileSync(join(folder, 'api', file), 'utf8')).sales[0] as Loose;
  const [once, first] = [pageOf('sales.page1.json'), pageOf('sales.page2.json')];
  const put = (sale: Loose, isListed = true) => sales.put({ ...sale, ...now[String(sale['id'])] }, isListed);
  const other = (letter: string, more: Loose) => ({ ...once, id: name(letter), order_id: letter, ...more });
  put(once);
  put(first);
  put({ ...first, id: RENEWAL, order_id: 'B', created_at: '2025-12-26T09:41:07Z', recurring_charge: true });
  put(other('D', {}), false);
  put(other('E', {}));
  put(other('F', { price: 0, is_gift_receiver_purchase: true }), false);
  put(
    other('G', {
      is_gift_sender_purchase: true,
      giftee_email: once['purchase_email'],
      purchase_email: 'gifter@example.com',
    }),
  );
  return sales;
}

async function faultOf(
  sales: GumroadSales,
  bodies: readonly string[],
  wanted: readonly string[],
): Promise<string | undefined> {
  const ends: (() => unknown)[] = [];
  const { url } = await storeApi({ teardown: (end) => ends.push(end) }, sales.answer);
  const scene = {
    now: NOW,
    settings: { GUMROAD_PING_SECRETS: SECRET, GUMROAD_ACCESS_TOKEN: KEY, OUTBOX: 'external' },
    products: PRODUCTS,
    path: `/webhooks/gumroad/${SECRET}`,
    headersOf: () => ({ 'Content-Type': 'application/x-www-form-urlencoded' }),
    fetch: (lacking: string, _: unknown, signal: AbortSignal) =>
      fetchLacking(lacking, { key: KEY, url }, signal),
  };
  try {
    return await atScene(scene, (stage) => deliverAll(stage, bodies, wanted));
  } finally {
    for (const end of ends) await end();
  }
}

async function deliverAll(stage: Stage, bodies: readonly string[], wanted: readonly string[]) {
  for (const body of bodies) {
    const status = await stage.deliver(body);
    if (status !== 200) return `expected 200, the service answered ${status}`;
    await stage.sendDue();
  }
  const all = await stage.held([...'ABCDEFG'].map(name));
  // What is revoked gets no further code, so its day depends on what came before.
  const held = all.map((text) => text.replace(/(revoked) .*/, '$1'));
  return held.join() === wanted.join()
    ? undefined
    : `expected [${wanted.join('; ')}], the ledger holds [${held.join('; ')}]`;
}
