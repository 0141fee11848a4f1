/** Which units are on their way to the marketplace now, where it asks for them one by one. */
import type { OrderKey } from './order.ts';

/**
 * Kept in memory on purpose: a unit is out only while its response is being sent by this process, so after a
 * crash nothing is out and what was not noted as delivered is handed out again.
 */
export class Handouts {
  readonly #out = new Map<string, Map<number, number>>();
  readonly #turns = new Map<string, Promise<unknown>>();

  /** Runs the acts of one order one after the other; those of different orders do not wait for each other. */
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

  /** Marks a unit as on its way until released; releasing twice counts once. */
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
