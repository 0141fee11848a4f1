/** A marketplace's clock, its books, and the calls that it makes. */
import { type Charge, type Item, sum, TAX } from './books.ts';
import type { Call } from './call.ts';

/** When all stories begin. */
const BEGINNING = Date.UTC(2026, 10, 2, 10);

export class Till {
  now = BEGINNING;
  readonly charges: Charge[] = [];
  readonly calls: Call[] = [];
  #count = 0;

  /** Part of a name that nothing else has. */
  number(): string {
    this.#count += 1;
    return String(this.#count).padStart(5, '0');
  }

  /** No two calls are of the same time. */
  tick(): number {
    this.now += 1000;
    return this.now;
  }

  book(names: Pick<Charge, 'reference' | 'id' | 'kind' | 'at'>, items: readonly Item[]): Charge {
    const total = sum(items.map(({ net }) => net)) * (1 + TAX);
    const charge: Charge = { ...names, items, total, back: 0, disputedAt: undefined };
    this.charges.push(charge);
    return charge;
  }
}
