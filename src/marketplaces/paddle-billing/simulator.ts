/** Simulates Paddle Billing: whole lives of licenses, signed like Paddle's webhooks, with the simulator's secret. */
import { randomInt } from 'node:crypto';
import type { Product } from '../../domain/product.ts';
import { AppError } from '../../errors.ts';
import { periodOf, type SimulatedCall, type Simulator, textOption } from '../simulator.ts';
import { hashOf, SIGNATURE_HEADER } from './authenticity.ts';
import { STORIES, stepsOf } from './stories.ts';

/** The value of Paddle-Signature; `now` in milliseconds. */
export function signatureOf(body: string, secret: string, now: number): string {
  const at = String(Math.floor(now / 1000));
  return `ts=${at};h1=${hashOf(body, at, secret)}`;
}

export const simulator: Simulator = {
  description: 'the whole life of a license as Paddle Billing reports it; always mode test',
  product: {
    required: false,
    description: 'the name of a product file, without .md (default: the first that Paddle Billing sells)',
  },
  options: [{ flags: '--story <name>', description: 'which life', choices: STORIES, required: true }],
  example: () => 'paddle-billing --story refund',
  shows: 'licenses',
  async play({ product, quantity, options, now, products, keys }) {
    const name = textOption(options, 'story');
    const story = STORIES.find((each) => each === name);
    if (story === undefined) throw new AppError('bad_usage', `There is no story ${name}.`);
    const secret = keys.secret();
    const sold = soldProducts(await products(), product);
    const run = String(randomInt(100_000_000, 1_000_000_000));
    const cast = { prices: pricesOf(sold), quantity, period: periodOf(sold[0], now), run, now };
    const { order, steps } = stepsOf(story, cast);
    return { order, calls: steps.flatMap(({ title, events }) => callsOf(title, events, secret, now)) };
  },
};

function soldProducts(
  products: readonly Product[],
  productId: string | undefined,
): readonly [Product, ...Product[]] {
  const sold = products.filter(({ marketplaces }) => marketplaces['paddle-billing']);
  const leading = productId === undefined ? sold[0] : sold.find(({ id }) => id === productId);
  if (leading === undefined) {
    throw new AppError('not_found', 'No such product file has paddle-billing under marketplaces.');
  }
  return [leading, ...sold.filter((product) => product !== leading)];
}

/** The first listed id of each product; a price of a listed product is named like it. */
function pricesOf([first, ...others]: readonly [Product, ...Product[]]): readonly [string, ...string[]] {
  const priceOf = ({ id, marketplaces }: Product) =>
    (marketplaces['paddle-billing']?.products[0] ?? id).toLowerCase().replace(/^pro_/, 'pri_');
  return [priceOf(first), ...others.map(priceOf)];
}

/** Paddle sends one event per call. */
function callsOf(title: string, events: readonly object[], secret: string, now: number): SimulatedCall[] {
  return events.map((event, place) => {
    const body = JSON.stringify(event);
    return {
      title: events.length === 1 ? title : `${title} (${place + 1} of ${events.length})`,
      path: '/webhooks/paddle-billing',
      body,
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'Paddle',
        [SIGNATURE_HEADER]: signatureOf(body, secret, now),
      },
      delivers: false,
    };
  });
}
