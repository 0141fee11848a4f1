/** Applies facts: adds them, finds the orders that they concern and settles those. To be run inside a transaction. */
import type { MarketplaceEvent } from '../../domain/event.ts';
import type { Fact, Subject } from '../../domain/fact.ts';
import { parseLicenseId } from '../../license-code/license-id.ts';
import type { Facts, Market } from './facts.ts';
import type { Connection } from './open.ts';
import type { People } from './people.ts';
import type { Occasion, Settling } from './settling.ts';

export interface ApplyingParts {
  readonly facts: Facts;
  readonly people: People;
  /** None for a ledger that is only looked at. */
  readonly settling: Settling | undefined;
}

export class Applying {
  readonly #parts: ApplyingParts;
  readonly #orderOfLicense;

  constructor(connection: Connection, parts: ApplyingParts) {
    this.#parts = parts;
    this.#orderOfLicense = connection
      .prepare<[Uint8Array], string>('SELECT order_id FROM license WHERE id = +?')
      .pluck();
  }

  /** Adds facts and settles all orders that they concern. True where one has more units out than were paid for. */
  apply(facts: readonly Fact[], now: number, codes: readonly string[] = []): boolean {
    const told = facts.map(byProduct);
    const news = told.filter((fact) => this.#parts.facts.add(fact) === 'new');
    const touched = new Map<string, { order: string; market: Market }>();
    for (const { subject, market } of subjectsOf(facts)) {
      for (const order of this.#ordersOf(subject, market)) {
        touched.set(JSON.stringify([market, order]), { order, market });
      }
    }
    return [...touched.values()]
      .map(({ order, market }) => this.settle(order, market, { now, news, codes }))
      .some(Boolean);
  }

  settle(order: string, market: Market, occasion: Occasion): boolean {
    return this.#settling().settle(order, market, occasion);
  }

  /** Adds the fact that ends a license and issues another in its place. The new id. */
  reissue(id: Uint8Array, fact: Fact): Uint8Array {
    const [order] = this.#ordersOf(fact.subject, fact);
    if (order === undefined) throw new TypeError('a license that is not there');
    this.apply([fact], fact.at);
    return this.#settling().reissue(id, order, fact, fact.at, fact.cause);
  }

  /** Names the customers that an event tells of. */
  fill({ people, ...market }: MarketplaceEvent): void {
    for (const { subject, customer } of people) {
      for (const order of this.#ordersOf(subject, market)) this.#parts.people.fill(order, market, customer);
    }
  }

  #ordersOf(subject: Subject, market: Market): readonly string[] {
    if (!subject.startsWith('license:')) return this.#parts.facts.ordersOf(subject, market);
    return this.#orderOfLicense.all(parseLicenseId(subject.slice('license:'.length)));
  }

  #settling(): Settling {
    if (this.#parts.settling === undefined)
      throw new TypeError('a ledger that is only looked at settles nothing');
    return this.#parts.settling;
  }
}

/** Once each: an event mostly tells several facts of one order. */
function subjectsOf(facts: readonly Fact[]): Iterable<{ subject: Subject; market: Market }> {
  const subjects = new Map<string, { subject: Subject; market: Market }>();
  for (const { subject, marketplace, mode } of facts) {
    const market = { marketplace, mode };
    subjects.set(JSON.stringify([market, subject]), { subject, market });
  }
  return subjects.values();
}

/** Each product of an order may follow a subscription: what is told of one is not told of another, nor in its place. */
function byProduct(fact: Fact): Fact {
  const { key, body } = fact;
  return body.kind === 'linked' && body.product !== undefined
    ? { ...fact, key: `${key}:${body.product}` }
    : fact;
}
