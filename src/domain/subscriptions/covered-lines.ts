/** The lines that a subscription covers, and what it covered before. */
import { AS_SOLD, type Covered } from './stated-lines.ts';
import { UnpaidUnits } from './unpaid-units.ts';

/** null: as sold. */
type Lines = readonly Covered[] | null;

export class CoveredLines {
  readonly unpaid = new UnpaidUnits();
  /** Earlier lines, oldest first, each with its end, milliseconds since 1970-01-01. */
  readonly before: { readonly lines: Lines; readonly until: number }[] = [];
  #stated: Lines = null;
  #paid: Lines = null;
  #statedAt = -1;

  /** As the marketplace states them. */
  get stated(): Lines {
    return this.#stated;
  }

  /** The same without the units whose own payment went back. */
  get paid(): Lines {
    return this.#paid;
  }

  /** When a quantity was last stated, milliseconds since 1970-01-01; -1: never. */
  get statedAt(): number {
    return this.#statedAt;
  }

  /** All lines from now on. */
  state(lines: readonly Covered[], at: number): void {
    if (lines.every(({ quantity, atLeastSold }) => quantity !== AS_SOLD && !atLeastSold)) this.#statedAt = at;
    this.add(lines, at);
  }

  /** Likewise, but what is new in them was charged beside the others. */
  add(lines: readonly Covered[], at: number): void {
    this.#stated = lines;
    const paid = this.unpaid.without(lines);
    if (JSON.stringify(paid) === JSON.stringify(this.#paid)) return;
    this.before.push({ lines: this.#paid, until: at });
    this.#paid = paid;
  }
}
