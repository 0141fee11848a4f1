/** A subscription S of two plans or of seats, with later requests and events: for tests of answers. */
import type { Fact, FactBody } from '../../src/domain/facts/fact.ts';
import type { Renewed } from '../../src/domain/ledger.ts';
import { productOf } from '../kit/product.ts';
import { covers, dated, paid, sold, tie, told } from '../kit/telling.ts';
import { at, PLAIN_MINTER, World } from '../kit/world.ts';

export const BEGUN = '2027-01-01';
export const S = 'subscription:S';
const TERMS = { term: 'P1M', grace: 'P3D' } as const;
export const PRODUCTS = [
  productOf({ id: 'pro', ...TERMS }),
  productOf({ id: 'basic', ...TERMS }),
  productOf({ id: 'strict', ...TERMS, ended: 'revoke' }),
  productOf({ id: 'team', ...TERMS, quantity: 'seats', seats: 5 }),
];

/** The outcome, and of each license the line, the unit and the answered last valid day. */
export function shown(result: Renewed): string {
  if (!('held' in result)) return JSON.stringify(result);
  const licenses = result.held.licenses.map(({ unit, line, answer }) => {
    const day = answer === null ? 'unanswered' : PLAIN_MINTER.entitlementOf(answer.code).lastValid;
    return `${line}/${unit} ${day}`;
  });
  return `${result.outcome} ${licenses.join(', ')}`;
}

export const ask = (
  world: World,
  order: string,
  product: string,
  quantity = 1,
  more: Parameters<World['ask']>[1] = {},
) => shown(world.ask({ order, product, line: product, quantity }, more));

/** A request for a later charge of S, as a marketplace's parser makes it. */
export function askAgain(world: World, day: string, order: string, product = 'pro', quantity = 1): string {
  world.now = Math.max(world.now, at(day));
  const asked: FactBody = { kind: 'asked', order, line: product, product, quantity };
  const linked: FactBody = { kind: 'linked', subscription: 'S', product, line: product };
  const facts = [
    told(day, `order:${order}`, linked, `linked ${order}`),
    told(day, S, asked, `asked ${order}`),
  ];
  return ask(world, order, product, quantity, { subscription: 'S', facts });
}

export function begin(): World {
  return new World(PRODUCTS, at(BEGUN));
}
export function subscribed(product = 'pro', quantity = 1): World {
  const world = begin();
  askAgain(world, BEGUN, 'A', product, quantity);
  world.tell([
    told(BEGUN, 'order-id:1', tie('order:A')),
    told(BEGUN, 'order:A', sold(product, { quantity, subscription: 'S' })),
    told(BEGUN, S, dated('2027-02-01')),
  ]);
  return world;
}
export const pay = (world: World, day: string, until: string, order: string, more = {}) => {
  world.now = Math.max(world.now, at(day));
  world.tell([
    told(day, `order:${order}`, tie(S), `tie ${order}`),
    told(
      day,
      S,
      paid(until, { charge: `order:${order}`, total: 10, currency: 'EUR', ...more }),
      `paid ${order}`,
    ),
  ]);
};

/** The event of the first order A. */
export const sale = (quantity = 2): readonly Fact[] => [
  told(BEGUN, 'order-id:1', tie('order:A')),
  told(BEGUN, 'order:A', sold('pro', { quantity, subscription: 'S' })),
];
/** The event of the later charge B. */
export const rebill = (quantity = 2): readonly Fact[] => [
  told('2027-02-01', 'order:B', tie(S), 'tie B'),
  told('2027-02-01', S, paid('2027-03-01', { charge: 'order:B', covers: covers('pro', quantity) }), 'paid B'),
];

/** Live licenses. */
export const live = (world: World) => world.licenses.filter((license) => license.includes(' active ')).sort();

/** Events, one after the other, after the charge B. */
export function tell(world: World, ...events: readonly (readonly Fact[])[]): World {
  world.now = at('2027-02-02');
  for (const event of events) world.tell(event);
  return world;
}
