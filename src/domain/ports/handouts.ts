/** Units that are being sent to the marketplace now, where it requests them one by one. */
import type { OrderKey } from '../values/order.ts';

export interface Handouts {
  /** Runs the acts of one order one after another; acts of different orders run concurrently. */
  oneAtATime<T>(order: OrderKey, act: () => Promise<T>): Promise<T>;
  /** The units that are being sent. During the order's turn. */
  unitsOut(order: OrderKey): Promise<ReadonlySet<number>>;
  /** Marks a unit as being sent until `release` is called; a second call is a no-op. During the order's turn. */
  take(order: OrderKey, unit: number): Promise<Handout>;
}

export interface Handout {
  readonly release: () => void;
}

/**
 * Where one process writes to a ledger. In memory on purpose: a unit is out only while this process sends its response.
 * After a crash no unit is out, and a unit without a noted delivery is handed out again.
 */
export class MemoryHandouts implements Handouts {
  readonly #out = new Set<{ readonly key: string; readonly unit: number }>();
  readonly #turns = new Map<string, Promise<unknown>>();

  async oneAtATime<T>(order: OrderKey, act: () => Promise<T>): Promise<T> {
    const key = handoutKey(order);
    const before = this.#turns.get(key) ?? Promise.resolve();
    const turn = before.then(act, act);
    this.#turns.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    }
  }

  async unitsOut(order: OrderKey): Promise<ReadonlySet<number>> {
    const own = handoutKey(order);
    return new Set([...this.#out].filter(({ key }) => key === own).map(({ unit }) => unit));
  }

  async take(order: OrderKey, unit: number): Promise<Handout> {
    const one = { key: handoutKey(order), unit };
    this.#out.add(one);
    return { release: () => void this.#out.delete(one) };
  }
}

/** What takes turns: an order's units of a product. */
export function handoutKey({ marketplace, mode, order, product }: OrderKey): string {
  return JSON.stringify([marketplace, mode, order, product]);
}
