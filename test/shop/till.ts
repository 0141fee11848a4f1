/** A marketplace's clock, its books, and its calls. */
import { type Charge, type Item, sum, TAX } from './books.ts';
import type { Call } from './call.ts';

/** The beginning of all stories. */
const BEGINNING = Date.UTC(2026, 10, 2, 10);

export class Till {
  now = BEGINNING;
  readonly charges: Charge[] = [];
  readonly calls: Call[] = [];
  #count = 0;

  /** A unique part of a name. */
  number(): string {
    this.#count += 1;
    return String(this.#count).padStart(5, '0');
  }

  /** No two calls have the same time. */
  tick(): number {
    this.now += 1000;
    return this.now;
  }

  book(names: Pick<Charge, 'reference' | 'id' | 'kind' | 'at'>, items: readonly Item[]): Charge {
    const charge = this.charge(names, items);
    this.charges.push(charge);
    return charge;
  }

  /** A charge that the books do not hold against the licenses. */
  charge(names: Pick<Charge, 'reference' | 'id' | 'kind' | 'at'>, items: readonly Item[]): Charge {
    const total = sum(items.map(({ net }) => net)) * (1 + TAX);
    return { ...names, items, total, back: 0, disputedAt: undefined };
  }
}
