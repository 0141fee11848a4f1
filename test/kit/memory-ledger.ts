/** What fulfill is given in the domain's tests: a ledger in plain memory, a clock of their own. */
import type { HeldLicense, HeldOrder, Ledger } from '../../src/domain/ledger.ts';
import { MemoryHandouts } from '../../src/domain/ports/handouts.ts';
import type { FulfillmentContext } from '../../src/domain/requests/fulfill.ts';
import { newestReissues } from '../../src/domain/subscriptions/units.ts';
import type { Order } from '../../src/domain/values/order.ts';
import type { Product } from '../../src/domain/values/product.ts';
import { productOf } from './product.ts';
import { World } from './world.ts';

export { productOf } from './product.ts';

/** 2026-11-21T10:00:00Z */
export const SOLD_AT = Date.UTC(2026, 10, 21, 10);

export function orderOf(wanted: Partial<Order> = {}): Order {
  return {
    marketplace: 'paddle-classic',
    mode: 'live',
    order: '573252',
    product: 'app',
    line: '',
    quantity: 1,
    soldAt: SOLD_AT,
    customer: { name: 'Ada Byron', email: 'ada@example.com' },
    ...wanted,
  };
}

export interface Bench extends FulfillmentContext {
  readonly world: World;
}

/** The ledger that fulfill uses, on a world. With `isReadOnly`, a write throws. */
export function ledgerOn(world: World, isReadOnly = false): Ledger {
  const known = ({ order, product }: Order) => {
    const held = heldOrder(world, order, product);
    return held && { outcome: 'known' as const, held };
  };
  const writes: Partial<Ledger> = {
    issue: async (issue) => world.issue(issue),
    issueFirst: async (issue) => known(issue.order) ?? world.issue(issue),
    renew: async (renewal) => world.renew(renewal),
    noteDelivery: async (key, unit, at) => world.deliver(key, unit, at),
  };
  const reads: Partial<Ledger> = {
    issueFirst: async ({ order }) => known(order) ?? Promise.reject(new TypeError('the ledger is read-only')),
    findOrder: async ({ order, product }) => heldOrder(world, order, product),
    showOrder: async (order) => ({
      licenses: [],
      owed: [],
      facts: world.found.facts.filter(({ subject }) => subject === `order:${order}`),
      flags: [],
    }),
    countFlags: async () => ({
      'odd-reference': world.flagKinds.filter((kind) => kind === 'odd-reference').length,
    }),
  };
  return { ...reads, ...(isReadOnly ? {} : writes) } as Ledger;
}

function heldOrder(world: World, order: string, product: string): HeldOrder | undefined {
  const held = newestReissues(world.records)
    .filter((license) => license.order === order && license.product === product)
    .sort((a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : a.unit - b.unit));
  const [first, ...others]: readonly HeldLicense[] = held.map(
    ({ id, line, subscription, unit, state, revision, code, answer, handed }) => ({
      id,
      line,
      subscription,
      unit,
      state,
      revision,
      code,
      answer,
      handed,
    }),
  );
  return first && { licenses: [first, ...others], customer: held[0]?.holder };
}

/** A world with a product that Paddle sells. */
export function worldOf(product: Product = productOf()): World {
  return new World([product], SOLD_AT, { marketplace: 'paddle-classic', mode: 'live' });
}

/** A service's parts on a new ledger, or, as after a restart, on this ledger. */
export function benchFor(world = worldOf()): Bench {
  return { world, ledger: ledgerOn(world), handouts: new MemoryHandouts(), now: () => SOLD_AT + 1000 };
}
