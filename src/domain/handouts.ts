/** Units that are being sent to the marketplace now, where it requests them one by one. */
import type { OrderKey } from './order.ts';

/**
 * In memory on purpose: a unit is out only while this process sends its response. After a crash no unit is
 * out, and a unit without a noted delivery is handed out again.
 */
export class Handouts {
  readonly #out = new Map<string, Map<number, number>>();
  readonly #turns = new Map<string, Promise<unknown>>();

  /** Runs the acts of one order one after another; acts of different orders run concurrently. */
  async oneAtATime<T>(order: OrderKey, act: () => Promise<T>): Promise<T> {
    const key = keyOf(order);
    const before = this.#turns.get(key) ?? Promise.resolve();
    const turn = before.then(act, act);
    this.#turns.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    }
  }

  isOut(order: OrderKey, unit: number): boolean {
    return this.#out.get(keyOf(order))?.has(unit) ?? false;
  }

  /** Marks a unit as being sent until `release` is called; a second call is a no-op. */
  take(order: OrderKey, unit: number): { release: () => void } {
    const key = keyOf(order);
    const units = this.#out.get(key) ?? new Map<number, number>();
    this.#out.set(key, units);
    units.set(unit, (units.get(unit) ?? 0) + 1);
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      const left = (units.get(unit) ?? 1) - 1;
      if (left > 0) units.set(unit, left);
      else units.delete(unit);
      if (units.size === 0) this.#out.delete(key);
    };
    return { release };
  }
}

function keyOf({ marketplace, mode, order, product }: OrderKey): string {
  return JSON.stringify([marketplace, mode, order, product]);
}
