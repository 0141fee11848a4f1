/** Simulates Lemon Squeezy: whole lives of licenses, signed like its webhooks, with the simulator's secret. */
import { randomInt } from 'node:crypto';
import type { Product } from '../../domain/product.ts';
import { AppError } from '../../errors.ts';
import { periodOf, type SimulatedCall, type Simulator, textOption } from '../simulator.ts';
import { SIGNATURE_HEADER, signatureOf } from './authenticity.ts';
import type { Ware } from './cast.ts';
import { wareOf } from './product-keys.ts';
import { STORIES, stepsOf } from './stories.ts';

export const simulator: Simulator = {
  description: 'the whole life of a license as Lemon Squeezy reports it; always mode test',
  product: {
    required: false,
    description: 'the name of a product file, without .md (default: the first that Lemon Squeezy sells)',
  },
  options: [{ flags: '--story <name>', description: 'which life', choices: STORIES, required: true }],
  example: () => 'lemon-squeezy --story refund',
  shows: 'licenses',
  async play({ product, quantity, options, now, products, keys }) {
    const name = textOption(options, 'story');
    const story = STORIES.find((each) => each === name);
    if (story === undefined) throw new AppError('bad_usage', `There is no story ${name}.`);
    const secret = keys.secret();
    const [first, wares] = soldWares(await products(), product);
    const run = randomInt(100_000_000, 1_000_000_000);
    const { order, steps } = stepsOf(story, { wares, quantity, period: periodOf(first, now), run, now });
    return { order, calls: steps.flatMap(({ title, events }) => callsOf(title, events, secret)) };
  },
};

function soldWares(
  products: readonly Product[],
  productId: string | undefined,
): readonly [Product, readonly [Ware, ...Ware[]]] {
  const sold = products.filter(({ marketplaces }) => marketplaces['lemon-squeezy']);
  const leading = productId === undefined ? sold[0] : sold.find(({ id }) => id === productId);
  if (leading === undefined) {
    throw new AppError('not_found', 'No such product file has lemon-squeezy under marketplaces.');
  }
  const others = sold.filter((product) => product !== leading);
  return [leading, [firstWare(leading), ...others.map(firstWare)]];
}

function firstWare({ marketplaces }: Product): Ware {
  return wareOf(marketplaces['lemon-squeezy']?.products[0] ?? '');
}

/** Lemon Squeezy sends one event per call. */
function callsOf(title: string, events: readonly object[], secret: string): SimulatedCall[] {
  return events.map((event, place) => {
    const body = JSON.stringify(event);
    return {
      title: events.length === 1 ? title : `${title} (${place + 1} of ${events.length})`,
      path: '/webhooks/lemon-squeezy',
      body,
      headers: { 'Content-Type': 'application/json', [SIGNATURE_HEADER]: signatureOf(body, secret) },
      delivers: false,
    };
  });
}
