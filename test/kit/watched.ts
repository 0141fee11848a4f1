/** A world of a few products, and its flags after further facts. */
import type { Market } from '../../src/domain/changes.ts';
import type { Fact } from '../../src/domain/facts/fact.ts';
import { productOf } from './product.ts';
import { dated, paid, sold, tie, told } from './telling.ts';
import { at, MARKET, World } from './world.ts';

export const BEGUN = '2027-01-01';
export const S = 'subscription:S';
const TERMS = { term: 'P1M', grace: 'P3D' } as const;
const MANY = productOf({ id: 'many', multibuy: 'separate' });
export const PRODUCTS = [
  productOf({ id: 'pro', ...TERMS }),
  productOf({ id: 'basic', ...TERMS }),
  productOf({ id: 'team', ...TERMS, quantity: 'seats', seats: 5 }),
  MANY,
  productOf({ id: 'app', term: 'perpetual' }),
];

export const begin = (market: Market = MARKET) => new World(PRODUCTS, at(BEGUN), market);
/** The open flags after these facts on a day. */
export function after(world: World, day: string, ...facts: readonly Fact[]): readonly string[] {
  world.now = Math.max(world.now, at(day));
  world.tell(facts);
  return world.flags;
}
/** A subscription with its request and its event. */
export function subscribed(quantity = 1): World {
  const world = begin();
  world.ask({ order: 'A', product: 'pro', line: 'pro', quantity });
  after(
    world,
    BEGUN,
    told(BEGUN, 'order:A', sold('pro', { quantity, price: 10 * quantity, subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  );
  return world;
}
export const rebill = (day: string, until: string, id: string, more = {}): readonly Fact[] => [
  told(day, `order-id:${id}`, tie(S)),
  told(day, S, paid(until, { charge: `order-id:${id}`, total: 10, currency: 'EUR', ...more }), `paid ${id}`),
];

/** Open flags: key, order, product, event. */
export const openFlags = (world: World): readonly string[] =>
  world.found.flags
    .filter(({ settledAt }) => settledAt === null)
    .map(({ key, order, product, event }) => `${key} ${order} ${product} ${event}`);

/** A unit of several, answered by a request of its own, as with Paddle's Separate Multibuy. */
export function issueAlone(world: World, order: string, unit: number): void {
  const customer = { name: undefined, email: undefined };
  world.issue({
    order: { ...world.market, order, product: 'many', line: '', quantity: 1, soldAt: at(BEGUN), customer },
    product: MANY,
    units: unit,
    facts: [],
    at: at(BEGUN),
    cause: 'a test',
  });
}
