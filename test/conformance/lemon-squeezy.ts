/**
 * Checks Lemon Squeezy's signatures on vectors, and delivers its samples to a running service, which must answer 200 and
 * then hold the licenses that a person derived from the sample.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callerOf, signatureOf } from '../../src/marketplaces/lemon-squeezy/authenticity.ts';
import type { Outcome } from './ed25519.ts';
import { atScene, dealt, type Stage } from './stage/stage.ts';

interface Vector {
  readonly id: string;
  readonly secret: string;
  readonly header: string;
  readonly body: string;
  readonly expected: boolean;
}

const SECRET = 'signing secret of this run';

/** By the variants of the samples: a subscription of a year, what is sold once, and the documented example. */
const PRODUCTS = {
  seats: 'name: Seats\nterm: P1Y\ngrace: P14D\nmarketplaces: { lemon-squeezy: { variant: "1090954" } }',
  editor: 'name: Editor\nterm: perpetual\nmarketplaces: { lemon-squeezy: { product: "693400" } }',
  one: 'name: One\nterm: perpetual\nmarketplaces: { lemon-squeezy: { variant: "1" } }',
};

const SUBSCRIBED = '6859490';
const BOUGHT = '6859501';
const DOCUMENTED = '1';
const ORDERS = [SUBSCRIBED, BOUGHT, DOCUMENTED];

const editors = (state: string) =>
  Array.from({ length: 3 }, () => `${BOUGHT} editor ${state}${state === 'revoked' ? '' : ' null'}`);

/** By file, the expected content of the ledger; a file that is not named sells nothing. */
const HELD: Readonly<Record<string, readonly string[]>> = {
  'docs/order_created.json': [`${DOCUMENTED} one active null`],
  'made-here/order_created.json': editors('active'),
  'made-here/order_refunded.partial.json': editors('active'),
  'made-here/order_refunded.full.json': editors('revoked'),
};

/** No sample has the order of the captured subscription, so it is made here. */
const ORDER = JSON.stringify({
  meta: { event_name: 'order_created', test_mode: true },
  data: {
    type: 'orders',
    id: SUBSCRIBED,
    attributes: {
      status: 'paid',
      currency: 'PLN',
      subtotal: 57599,
      discount_total: 0,
      total: 57599,
      refunded_amount: 0,
      user_email: 'ada@example.com',
      first_order_item: { id: 6800269, product_id: 693341, variant_id: 1090954, quantity: 6, price: 57599 },
      created_at: '2025-11-19T11:09:24.000000Z',
      updated_at: '2025-11-19T11:09:26.000000Z',
    },
  },
});

interface Life {
  readonly name: string;
  readonly files: readonly string[];
  readonly held: readonly string[];
}

const seats = (order: string, count: number, told: string) =>
  Array.from({ length: count }, () => `${order} seats ${told}`);

const BEGUN = [
  'captured-2025/subscription_created.json',
  'captured-2025/subscription_payment_success.initial.json',
  'captured-2025/subscription_updated.json',
];

const LIVES: readonly Life[] = [
  // Paid to 2026-11-19, and the grace.
  { name: 'captured', files: BEGUN, held: seats(SUBSCRIBED, 6, 'active 2026-12-03') },
  {
    name: 'more seats',
    files: [...BEGUN, 'made-here/subscription_updated.quantity.json'],
    held: [
      ...seats(SUBSCRIBED, 6, 'active 2026-12-03'),
      ...seats('subscription:1652029', 3, 'active 2026-12-03'),
    ],
  },
  {
    name: 'renewed without a payment',
    files: [...BEGUN, 'made-here/subscription_updated.renewed.json'],
    held: seats(SUBSCRIBED, 6, 'active 2026-12-03'),
  },
  {
    name: 'overdue',
    files: [
      ...BEGUN,
      'made-here/subscription_updated.past_due.json',
      'made-here/subscription_payment_failed.json',
    ],
    held: seats(SUBSCRIBED, 6, 'suspended 2026-12-03'),
  },
  {
    name: 'cancelled',
    files: [...BEGUN, 'made-here/subscription_cancelled.json'],
    held: seats(SUBSCRIBED, 6, 'active 2026-11-19'),
  },
  {
    name: 'resumed',
    files: [...BEGUN, 'made-here/subscription_cancelled.json', 'made-here/subscription_resumed.json'],
    held: seats(SUBSCRIBED, 6, 'active 2026-12-03'),
  },
  {
    name: 'paused to the paid day',
    files: [...BEGUN, 'made-here/subscription_paused.json'],
    held: seats(SUBSCRIBED, 6, 'active 2026-11-19'),
  },
  {
    name: 'refunded',
    files: [...BEGUN, 'made-here/subscription_payment_refunded.json'],
    held: seats(SUBSCRIBED, 6, 'revoked'),
  },
  {
    name: 'expired',
    files: [...BEGUN, 'made-here/subscription_cancelled.json', 'made-here/subscription_expired.json'],
    held: seats(SUBSCRIBED, 6, 'ended 2026-11-19'),
  },
];

export async function lemonSqueezy(shared: string): Promise<Outcome[]> {
  const vectors = join(shared, 'vectors', 'lemon-squeezy', 'signatures.json');
  const samples = join(shared, 'samples', 'lemon-squeezy');
  return [
    ...(existsSync(vectors) ? [signatures(JSON.parse(readFileSync(vectors, 'utf8')).vectors)] : []),
    ...(existsSync(samples) ? [await eachSample(samples), await eachLife(samples)] : []),
  ];
}

function signatures(vectors: readonly Vector[]): Outcome {
  const failed = vectors.filter(({ secret, header, body, expected }) => {
    const caller = callerOf(Buffer.from(body), header, [['live', [secret]]]);
    return (caller === 'live') !== expected;
  });
  return {
    name: 'lemon-squeezy signatures.json',
    passed: vectors.length - failed.length,
    failed: failed.map(({ id, expected }) => `${id}: expected ${expected}`),
  };
}

function atService<T>(now: number, act: (stage: Stage) => Promise<T>): Promise<T> {
  const scene = {
    now,
    settings: { LEMON_SQUEEZY_WEBHOOK_SECRETS: SECRET },
    products: PRODUCTS,
    path: '/webhooks/lemon-squeezy',
    headersOf: (body: string) => ({ 'X-Signature': signatureOf(body, SECRET) }),
  };
  return atScene(scene, act);
}

async function eachSample(folder: string): Promise<Outcome> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json') && file !== 'PROVENANCE.json' && !file.startsWith('api/'))
    .sort();
  const failed: string[] = [];
  for (const file of files) {
    const body = readFileSync(join(folder, file), 'utf8');
    const { attributes } = JSON.parse(body).data;
    const fault = await atService(Date.parse(attributes.updated_at), (stage) =>
      faultOf(stage, [body, body], HELD[file] ?? []),
    );
    if (fault !== undefined) failed.push(`${file}: ${fault}`);
  }
  return { name: 'lemon-squeezy samples over HTTP', passed: files.length - failed.length, failed };
}

/** In order, reversed, and dealt. */
async function eachLife(folder: string): Promise<Outcome> {
  const failed: string[] = [];
  let passed = 0;
  for (const { name, files, held } of LIVES) {
    const bodies = [ORDER, ...files.map((file) => readFileSync(join(folder, file), 'utf8'))];
    for (const [place, order] of [bodies, bodies.toReversed(), dealt(bodies, 3)].entries()) {
      const fault = await atService(Date.UTC(2026, 10, 19, 12), (stage) => faultOf(stage, order, held));
      if (fault === undefined) passed += 1;
      else failed.push(`${name}, order ${place}: ${fault}`);
    }
  }
  return { name: 'lemon-squeezy lives, in order and shuffled', passed, failed };
}

async function faultOf(
  stage: Stage,
  bodies: readonly string[],
  wanted: readonly string[],
): Promise<string | undefined> {
  for (const body of bodies) {
    const status = await stage.deliver(body);
    if (status !== 200) return `expected 200, the service answered ${status}`;
  }
  const all = await stage.held([...ORDERS, 'subscription:1652029']);
  // What is revoked gets no further code, so its day depends on what came before.
  const held = all.map((text) => text.replace(/(revoked) .*/, '$1'));
  return held.join() === wanted.join()
    ? undefined
    : `expected [${wanted.join('; ')}], the ledger holds [${held.join('; ')}]`;
}
