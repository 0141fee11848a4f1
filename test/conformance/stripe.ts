/**
 * Checks Stripe's signatures on published vectors, and delivers its samples to a running service, which must answer 200 and
 * then hold the licenses that a person derived from them. No API is asked: the lines of the captured session are given.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { callerOf } from '../../src/marketplaces/stripe/authenticity.ts';
import { signatureOf } from '../../src/marketplaces/stripe/simulator.ts';
import type { Outcome } from './ed25519.ts';
import { atScene, dealt, type Stage } from './stage/stage.ts';

interface Vector {
  readonly id: string;
  readonly now_unix: number;
  readonly secret: string;
  readonly header: string;
  readonly body: string;
  readonly expected: boolean;
}

const SECRET = 'whsec_of_this_run';
const SESSION = 'cs_test_a1CagZ1XmCLIZb3ME6r06G1h8ygwbbbMw8Nqk0R86MWMT4dmCjDiUYfQDr';
const PRICE = 'price_1M3wjkE0b6fckueSKPgfRMSG';
const PRODUCTS = {
  pro: `name: Pro\nterm: P1M\ngrace: P14D\nmarketplaces: { stripe: { product: ${PRICE} } }`,
};

/** A trial of 11 units to 2023-04-02, and the grace. */
const CAPTURED_LIFE = Array.from({ length: 11 }, () => `${SESSION} pro active 2023-04-16`);

/** The events in which the vendor's example objects are delivered. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  charge: ['charge.refunded'],
  'checkout.session': ['checkout.session.completed', 'checkout.session.async_payment_succeeded'],
  customer: ['customer.updated'],
  dispute: ['charge.dispute.created', 'charge.dispute.closed'],
  invoice: ['invoice.paid', 'invoice.payment_failed', 'invoice.voided'],
  payment_intent: ['payment_intent.succeeded'],
  refund: ['refund.updated', 'refund.failed'],
  subscription: ['customer.subscription.updated', 'customer.subscription.deleted'],
};

/** Three outcomes; none without the files. */
export async function stripe(shared: string): Promise<Outcome[]> {
  const vectors = join(shared, 'vectors', 'stripe', 'signatures.json');
  const samples = join(shared, 'samples', 'stripe');
  return [
    ...(existsSync(vectors) ? [signatures(JSON.parse(readFileSync(vectors, 'utf8')).vectors)] : []),
    ...(existsSync(samples) ? [await eachSample(samples), await capturedLife(samples)] : []),
  ];
}

function signatures(vectors: readonly Vector[]): Outcome {
  const failed = vectors.filter(({ body, header, secret, now_unix, expected }) => {
    const caller = callerOf(Buffer.from(body), header, [['live', [secret]]], now_unix * 1000);
    return (caller === 'live') !== expected;
  });
  return {
    name: 'stripe signatures.json',
    passed: vectors.length - failed.length,
    failed: failed.map(({ id, expected }) => `${id}: expected ${expected}`),
  };
}

interface Sample {
  readonly name: string;
  readonly body: string;
}

function filesIn(folder: string) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: basename(file, '.json'),
      content: JSON.parse(readFileSync(join(folder, file), 'utf8')),
    }));
}

function captured(samples: string): readonly Sample[] {
  return filesIn(join(samples, 'captured-2022-11-15')).map(({ name, content }) => ({
    name,
    body: JSON.stringify(content.body, null, 2),
  }));
}

function examples(samples: string): readonly Sample[] {
  return filesIn(join(samples, 'objects-dahlia')).flatMap(({ name, content }) =>
    (TYPES[name] ?? [`${name}.updated`]).map((type) => {
      const event = { id: `evt_${type}`, object: 'event', api_version: '2026-07-29.dahlia', livemode: false };
      const body = JSON.stringify({ ...event, created: 1_677_834_000, type, data: { object: content } });
      return { name: `${name} as ${type}`, body };
    }),
  );
}

function atService<T>(act: (stage: Stage) => Promise<T>): Promise<T> {
  const now = Date.UTC(2023, 2, 3, 9);
  const scene = {
    now,
    settings: { STRIPE_TEST_WEBHOOK_SECRETS: SECRET },
    products: PRODUCTS,
    path: '/webhooks/stripe',
    headersOf: (body: string) => ({ 'Stripe-Signature': signatureOf(body, SECRET, now) }),
  };
  return atScene(scene, act);
}

/** Each is acknowledged twice; without the API nothing of it has lines, so nothing is sold. */
async function eachSample(samples: string): Promise<Outcome> {
  const all = [...captured(samples), ...examples(samples)];
  const failed = await atService(async (stage) => {
    const faults: string[] = [];
    for (const { name, body } of all) {
      for (const status of [await stage.deliver(body), await stage.deliver(body)]) {
        if (status !== 200) faults.push(`${name}: expected 200, the service answered ${status}`);
      }
    }
    const held = await stage.held([SESSION]);
    return held.length === 0
      ? faults
      : [...faults, `nothing was to be sold, the ledger holds ${held.join('; ')}`];
  });
  return { name: 'stripe samples over HTTP', passed: all.length - failed.length, failed };
}

/** The captured account, whose session has its lines: in order, reversed, and dealt. */
async function capturedLife(samples: string): Promise<Outcome> {
  const bodies = captured(samples).map(({ body }) => withLines(body));
  const orders = [bodies, bodies.toReversed(), dealt(bodies, 3), dealt(bodies.toReversed(), 5)];
  const failed: string[] = [];
  for (const [place, order] of orders.entries()) {
    const held = await atService(async (stage) => {
      for (const body of order) await stage.deliver(body);
      return stage.held([SESSION]);
    });
    if (held.join() !== CAPTURED_LIFE.join()) {
      failed.push(
        `order ${place}: expected [${CAPTURED_LIFE.join('; ')}], the ledger holds [${held.join('; ')}]`,
      );
    }
  }
  return {
    name: 'stripe captured life, in order and shuffled',
    passed: orders.length - failed.length,
    failed,
  };
}

/** As the API would list them, from the captured invoice. */
function withLines(body: string): string {
  const event = JSON.parse(body);
  if (event.data.object.id !== SESSION) return body;
  const price = { id: PRICE, product: 'prod_MnXpcVDdQq8wCY', recurring: { usage_type: 'licensed' } };
  event.data.object.line_items = {
    data: [{ price, quantity: 11, amount_total: 0, amount_tax: 0 }],
    has_more: false,
  };
  return JSON.stringify(event);
}
