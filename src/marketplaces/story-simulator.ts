/** Simulates a marketplace that only sends events: whole lives of licenses, one signed event a call. */
import { randomInt } from 'node:crypto';
import type { Product } from '../domain/values/product.ts';
import { AppError } from '../errors.ts';
import { periodOf, type SimulatedCall, type Simulator, textOption } from './simulator.ts';

/** Events of one moment, with a title for a person. */
export interface Step {
  readonly title: string;
  readonly events: readonly object[];
}

export interface Cast {
  /** Ids of what is sold; `bundle` sells all of them, the other stories the first. */
  readonly prices: readonly [string, ...string[]];
  readonly quantity: number;
  /** Days between two payments of a subscription. */
  readonly period: number;
  /** Distinguishes the ids of this run from those of other runs. */
  readonly run: string;
  /** The beginning of the story, milliseconds since 1970-01-01. */
  readonly now: number;
}

interface Stories<S extends string> {
  stepsOf(story: S, cast: Cast): { readonly order: string; readonly steps: readonly Step[] };
}

export interface StoryTeller<S extends string> {
  readonly name: string;
  readonly title: string;
  readonly stories: readonly S[];
  load(): Promise<Stories<S>>;
  /** A price of the product, by the first id that its file lists. */
  priceOf(id: string): string;
  /** An event as it is delivered; `now` in milliseconds. */
  callOf(event: object, secret: string, now: number): Promise<Delivery>;
}

type Delivery = Pick<SimulatedCall, 'path' | 'body' | 'headers'>;

/** Deliveries in JSON, signed by `headersOf`. */
export function signedJson(
  name: string,
  headersOf: (body: string, secret: string, now: number) => Readonly<Record<string, string>>,
): StoryTeller<string>['callOf'] {
  return async (event, secret, now) => {
    const body = JSON.stringify(event);
    const headers = { 'Content-Type': 'application/json', ...headersOf(body, secret, now) };
    return { path: `/webhooks/${name}`, body, headers };
  };
}

export function storySimulator<S extends string>(teller: StoryTeller<S>): Simulator {
  const { name, title, stories } = teller;
  return {
    description: `the whole life of a license as ${title} reports it; always mode test`,
    product: {
      required: false,
      description: `the name of a product file, without .md (default: the first that ${title} sells)`,
    },
    options: [{ flags: '--story <name>', description: 'which life', choices: stories, required: true }],
    example: () => `${name} --story refund`,
    shows: 'licenses',
    async play({ product, quantity, options, now, products, keys }) {
      const chosen = textOption(options, 'story');
      const story = stories.find((each) => each === chosen);
      if (story === undefined) throw new AppError('bad_usage', `There is no story ${chosen}.`);
      const secret = keys.secret();
      const [first, ...others] = soldProducts(name, await products(), product);
      const priceOf = ({ id, marketplaces }: Product) =>
        teller.priceOf(marketplaces[name]?.products[0] ?? id);
      const run = String(randomInt(100_000_000, 1_000_000_000));
      const prices = [priceOf(first), ...others.map(priceOf)] as const;
      const cast = { prices, quantity, period: periodOf(first, now), run, now };
      const { stepsOf } = await teller.load();
      const { order, steps } = stepsOf(story, cast);
      const calls = steps.map((step) => callsOf(teller, step, secret, now));
      return { order, calls: (await Promise.all(calls)).flat() };
    },
  };
}

function soldProducts(
  name: string,
  products: readonly Product[],
  productId: string | undefined,
): readonly [Product, ...Product[]] {
  const sold = products.filter(({ marketplaces }) => marketplaces[name]);
  const leading = productId === undefined ? sold[0] : sold.find(({ id }) => id === productId);
  if (leading === undefined) {
    throw new AppError('not_found', `No such product file has ${name} under marketplaces.`);
  }
  return [leading, ...sold.filter((product) => product !== leading)];
}

function callsOf(
  { callOf }: Pick<StoryTeller<string>, 'callOf'>,
  { title, events }: Step,
  secret: string,
  now: number,
): Promise<SimulatedCall[]> {
  const calls = events.map(async (event, place) => ({
    title: events.length === 1 ? title : `${title} (${place + 1} of ${events.length})`,
    ...(await callOf(event, secret, now)),
    delivers: false,
  }));
  return Promise.all(calls);
}
