/** Simulates FastSpring: whole lives of licenses, signed like FastSpring's calls, with the simulator's secret. */
import { createHash, createHmac, randomInt } from 'node:crypto';
import type { Product } from '../../domain/values/product.ts';
import { AppError } from '../../errors.ts';
import { periodOf, type SimulatedCall, type Simulator, textOption } from '../simulator.ts';
import { HASH_FIELD } from './authenticity.ts';
import type { Cast, Step } from './cast.ts';
import { STORIES } from './story-names.ts';

export function signRequest(fields: Readonly<Record<string, string>>, privateKey: string): string {
  const values = Object.keys(fields)
    .sort()
    .map((name) => fields[name]);
  const hash = createHash('md5')
    .update(values.join('') + privateKey)
    .digest('hex');
  return new URLSearchParams({ ...fields, [HASH_FIELD]: hash }).toString();
}

/** The value of X-FS-Signature. */
export function signWebhook(body: string | Uint8Array, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}

export const simulator: Simulator = {
  description: 'the whole life of a license as FastSpring reports it; always mode test',
  product: {
    required: false,
    description: 'the name of a product file, without .md (default: the first that FastSpring sells)',
  },
  options: [{ flags: '--story <name>', description: 'which life', choices: STORIES, required: true }],
  example: () => 'fastspring --story refund',
  shows: 'licenses',
  async play({ product, quantity, options, now, products, keys }) {
    const cast = castOf(await products(), product, quantity, now);
    const name = textOption(options, 'story');
    const story = STORIES.find((each) => each === name);
    if (story === undefined) throw new AppError('bad_usage', `There is no story ${name}.`);
    const secret = keys.secret();
    const { stepsOf } = await import('./stories.ts');
    return { order: `SIM${cast.run}`, calls: stepsOf(story, cast).map((step) => callOf(step, secret)) };
  },
};

function castOf(
  products: readonly Product[],
  productId: string | undefined,
  quantity: number,
  now: number,
): Cast {
  const sold = products.filter(({ marketplaces }) => marketplaces['fastspring']);
  const leading = productId === undefined ? sold[0] : sold.find(({ id }) => id === productId);
  if (leading === undefined) {
    throw new AppError('not_found', 'No such product file has fastspring under marketplaces.');
  }
  const cast = [leading, ...sold.filter((product) => product !== leading)];
  const paths = cast.map((product) => product.marketplaces['fastspring']?.products[0] ?? product.id);
  return {
    paths: [paths[0] ?? leading.id, ...paths.slice(1)],
    products: [leading.id, ...cast.slice(1).map(({ id }) => id)],
    quantity,
    period: periodOf(leading, now),
    run: String(randomInt(100_000_000, 1_000_000_000)),
    now,
  };
}

function callOf(step: Step, secret: string): SimulatedCall {
  const { title } = step;
  if ('request' in step) {
    return {
      title,
      path: `/fulfillment/fastspring/${encodeURIComponent(step.product)}`,
      body: signRequest(step.request, secret),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'User-Agent': 'FS' },
      delivers: true,
    };
  }
  const body = JSON.stringify({ events: step.events });
  return {
    title,
    path: '/webhooks/fastspring',
    body,
    headers: {
      'Content-Type': 'application/json; charset=UTF-8',
      'User-Agent': 'FS',
      'X-FS-Signature': signWebhook(body, secret),
    },
    delivers: false,
  };
}
