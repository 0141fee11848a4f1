/** A ledger in memory that is told the events of a store, each on its own day: for the domain's tests of each store. */
import type { Fact } from '../../src/domain/facts/fact.ts';
import type { Received } from '../../src/domain/receive-events.ts';
import type { Marketplace, Mode } from '../../src/domain/values/order.ts';
import type { Product } from '../../src/domain/values/product.ts';
import type { Step } from '../../src/marketplaces/story-simulator.ts';
import { at, World } from './world.ts';

export interface Told {
  readonly day: string;
  readonly payload: string;
}

export type Read = (payload: string, mode: Mode, products: readonly Product[]) => Received;

export class StoreWorld {
  readonly #world: World;
  readonly #factsOf: (told: Told) => readonly Fact[];

  constructor(marketplace: Marketplace, read: Read, products: readonly Product[], day: string, mode: Mode) {
    this.#factsOf = ({ payload }) => read(payload, 'live', products).read().facts;
    this.#world = new World(products, at(day), { marketplace, mode });
  }

  tell(...events: readonly Told[]): this {
    for (const told of events) {
      if (at(told.day, 23) > this.#world.now) this.#world.now = at(told.day, 23);
      this.#world.tell(this.#factsOf(told));
    }
    return this;
  }

  wait(day: string): this {
    this.#world.wait(day);
    return this;
  }

  /** Each license: product, order, unit, state, last valid day. */
  get licenses(): readonly string[] {
    return [...this.#world.licenses]
      .map((text) => text.replace(/^([^/]*)\/[^/]*\/([^/]*)\/(\S+)/, '$2 $1/$3'))
      .sort();
  }

  /** Each license: product, state, last valid day. */
  get states(): readonly string[] {
    return this.licenses.map((text) => text.split(' ').toSpliced(1, 1).join(' '));
  }

  /** Lines that are sold and have no license: order, line. */
  get owed(): readonly string[] {
    return this.#world.found.owed
      .filter(({ missing }) => missing > 0)
      .map(({ order, line }) => `${order} ${line}`);
  }

  /** Open flags, but for codes that wait for their mail: nobody mails here. */
  get flags(): readonly string[] {
    return this.#world.flags.filter((flag) => !/ not handed out$/.test(flag));
  }

  get flagKinds(): readonly string[] {
    return this.flags.map((flag) => flag.split(':')[0] ?? '');
  }
}

/** The states of the licenses after each step of a simulated life. `timeOf`: the time that an event states. */
export function statesAfter(
  steps: readonly Step[],
  world: StoreWorld,
  timeOf: (event: never) => number,
): readonly (readonly string[])[] {
  return steps.map(({ events }) => {
    for (const event of events) {
      const day = new Date(timeOf(event as never)).toISOString().slice(0, 10);
      world.tell({ day, payload: JSON.stringify(event) });
    }
    return world.states;
  });
}

/** What is wrong with a simulated life: an event of another mode, one that lacks something, or no customer. */
export function faultsIn(
  steps: readonly Step[],
  read: Read,
  products: readonly Product[],
): readonly string[] {
  const events = steps.flatMap((step) => step.events);
  const told = events.map((event) => read(JSON.stringify(event), 'live', products).read());
  const emails = told.flatMap(({ people }) => people.map(({ customer }) => customer.email));
  return [
    ...told.flatMap(({ mode, id }) => (mode === 'test' ? [] : [`${id} is live`])),
    ...told.flatMap(({ isLacking, id }) => (isLacking === undefined ? [] : [`${id} lacks something`])),
    ...(emails.includes('ada@example.com') ? [] : ['no customer is named']),
  ];
}
