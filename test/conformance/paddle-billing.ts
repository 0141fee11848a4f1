/**
 * Checks Paddle Billing's signatures on published vectors, and delivers its samples to a running service, which must
 * answer 200 and then hold the licenses that a person derived from the sample.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callerOf } from '../../src/marketplaces/paddle-billing/authenticity.ts';
import { signatureOf } from '../../src/marketplaces/paddle-billing/simulator.ts';
import type { Outcome } from './ed25519.ts';
import { atScene, dealt, type Stage } from './stage/stage.ts';

interface Vector {
  readonly id: string;
  /** null: the age is not checked. */
  readonly now_unix: number | null;
  readonly secrets: readonly string[];
  readonly header: string;
  readonly body: string;
  /** A text: the header is malformed. */
  readonly expected: boolean | string;
}

/** The vectors are of Paddle's own helpers, which allow 5 seconds. */
const TOLERANCE_SECONDS = 5;

const SECRET = 'pdl_ntfset_of_this_run';

/** By the product ids of the samples: two subscriptions of a month, and what is sold once. */
const PRODUCTS = {
  pro: 'name: Pro\nterm: P1M\ngrace: P14D\nmarketplaces: { paddle-billing: { product: pro_01gsz4t5hdjse780zja8vvr7jg } }',
  addon:
    'name: Addon\nterm: P1M\ngrace: P14D\nmarketplaces: { paddle-billing: { product: pro_01h1vjes1y163xfj1rh1tkfb65 } }',
  domains:
    'name: Domains\nterm: perpetual\nmarketplaces: { paddle-billing: { product: pri_01gsz98e27ak2tyhexptwc58yk } }',
};

const CAPTURED = 'txn_01j7br78cgr083zqw1jhqym40s';
const MOCK = 'txn_01h8dzxgkvdwemdhbpcapj2tbj';

/** Ten seats and an add-on with their state and day, and what was bought once. */
const sold = (order: string, told: string) => [
  `${order} addon ${told}`,
  `${order} domains active null`,
  ...Array.from({ length: 10 }, () => `${order} pro ${told}`),
];

/** By file, the expected content of the ledger; a file that is not named sells nothing. */
const HELD: Readonly<Record<string, readonly string[]>> = {
  // Paid to 2024-10-09, and the grace.
  'captured-2024/transaction.completed.json': sold(CAPTURED, 'active 2024-10-23'),
  'captured-2024/transaction.updated.json': sold(CAPTURED, 'active 2024-10-23'),
  // It names neither subscription nor period: a term of a month and the grace.
  'sdk-mocks/transaction.completed.json': sold(MOCK, 'active 2023-10-06'),
};

/** The captured account in the end: a part of the money went back, and the renewal is not paid. */
const CAPTURED_LIFE = sold(CAPTURED, 'suspended 2024-10-23');

/** Three outcomes; none without the files. */
export async function paddleBilling(shared: string): Promise<Outcome[]> {
  const vectors = join(shared, 'vectors', 'paddle-billing', 'signatures.json');
  const samples = join(shared, 'samples', 'paddle-billing');
  return [
    ...(existsSync(vectors) ? [signatures(JSON.parse(readFileSync(vectors, 'utf8')).vectors)] : []),
    ...(existsSync(samples) ? [await eachSample(samples), await capturedLife(samples)] : []),
  ];
}

function signatures(vectors: readonly Vector[]): Outcome {
  const failed = vectors.filter((vector) => isAuthentic(vector) !== (vector.expected === true));
  return {
    name: 'paddle-billing signatures.json',
    passed: vectors.length - failed.length,
    failed: failed.map(({ id, expected }) => `${id}: expected ${expected}`),
  };
}

function isAuthentic({ now_unix, secrets, header, body }: Vector): boolean {
  const [, at = '0'] = /ts=(\d+)/.exec(header) ?? [];
  const now = (now_unix ?? Number(at)) * 1000;
  return callerOf(Buffer.from(body), header, [['live', secrets]], now, TOLERANCE_SECONDS) === 'live';
}

interface Sample {
  readonly file: string;
  readonly body: string;
  readonly at: number;
}

/** Events as they are delivered: captures with their headers, the vendor's examples, and a simulated delivery. */
function samplesIn(folder: string): readonly Sample[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const content = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const event = content.body ?? content;
      const simulated = content.data?.request?.body;
      const body = typeof simulated === 'string' ? simulated : JSON.stringify(event);
      const { event_id, occurred_at } = JSON.parse(body);
      return event_id === undefined ? [] : [{ file, body, at: Date.parse(occurred_at) }];
    });
}

function atService<T>(now: number, act: (stage: Stage) => Promise<T>): Promise<T> {
  const scene = {
    now,
    settings: { PADDLE_BILLING_WEBHOOK_SECRETS: SECRET },
    products: PRODUCTS,
    path: '/webhooks/paddle-billing',
    headersOf: (body: string) => ({ 'Paddle-Signature': signatureOf(body, SECRET, now) }),
  };
  return atScene(scene, act);
}

async function eachSample(folder: string): Promise<Outcome> {
  const samples = samplesIn(folder);
  const failed: string[] = [];
  for (const sample of samples) {
    const fault = await atService(sample.at, (stage) => sampleFault(stage, sample));
    if (fault !== undefined) failed.push(`${sample.file}: ${fault}`);
  }
  return {
    name: 'paddle-billing samples over HTTP',
    passed: samples.length - failed.length,
    failed,
  };
}

async function sampleFault(stage: Stage, { file, body }: Sample): Promise<string | undefined> {
  // A second delivery of the same bytes must change nothing.
  for (let delivery = 1; delivery <= 2; delivery++) {
    const status = await stage.deliver(body);
    if (status !== 200) return `expected 200, the service answered ${status}`;
    const fault = differenceOf(await stage.held([CAPTURED, MOCK]), HELD[file] ?? []);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** In order, reversed, and dealt. */
async function capturedLife(folder: string): Promise<Outcome> {
  const bodies = samplesIn(folder)
    .filter(({ file }) => file.startsWith('captured-2024/'))
    .sort((a, b) => a.at - b.at)
    .map(({ body }) => body);
  const orders = [bodies, bodies.toReversed(), dealt(bodies, 3), dealt(bodies.toReversed(), 5)];
  const failed: string[] = [];
  for (const [place, order] of orders.entries()) {
    const fault = await atService(Date.UTC(2024, 8, 10), async (stage) => {
      for (const body of order) {
        const status = await stage.deliver(body);
        if (status !== 200) return `the service answered ${status}`;
      }
      return differenceOf(await stage.held([CAPTURED]), CAPTURED_LIFE);
    });
    if (fault !== undefined) failed.push(`order ${place}: ${fault}`);
  }
  return {
    name: 'paddle-billing captured life, in order and shuffled',
    passed: orders.length - failed.length,
    failed,
  };
}

function differenceOf(held: readonly string[], wanted: readonly string[]): string | undefined {
  return held.join() === wanted.join()
    ? undefined
    : `expected [${wanted.join('; ')}], the ledger holds [${held.join('; ')}]`;
}
