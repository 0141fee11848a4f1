/**
 * Units of a subscription whose own payment went back. A further change states them too, and pays for its own units alone, so nothing pays
 * for them until a charge of all units does.
 */
import { AS_SOLD, type Covered } from './stated-lines.ts';

type Ware = { readonly product: string | null; readonly quantity: number };

/** Units counted from 0, `to` excluded, and the key of the returned payment's fact. */
interface Unpaid {
  readonly from: number;
  readonly to: number;
  readonly key: string;
}

/** A proration of the subscription's own product. */
interface Proration {
  readonly key: string;
  /** One charge may be told twice. */
  readonly charge: string | undefined;
  readonly isBack: boolean;
  /** A proration of 0 pays for nothing. */
  readonly isPaid: boolean;
}

export class UnpaidUnits {
  #product: string | null | undefined;
  /** The units as told, and before the change that no charge has followed; undefined: not known. */
  #told: number | undefined;
  #before: number | undefined;
  #unpaid: readonly Unpaid[] = [];
  readonly #charges = new Set<string>();

  /** `sold`: the units of the first order by product. */
  announce({ product, quantity }: Ware, sold: ReadonlyMap<string, number>): void {
    if (product !== this.#product) {
      const isFirst = this.#product === undefined && product !== null;
      this.#told = isFirst ? sold.get(product) : undefined;
      this.#product = product;
      this.#unpaid = [];
    }
    if (quantity === this.#told) return;
    this.#before = this.#told;
    this.#told = quantity;
  }

  prorate(lines: readonly Covered[], charged: Proration, sold: ReadonlyMap<string, number>): void {
    const { key, charge = key, isBack, isPaid } = charged;
    const line = lines.find(({ product }) => product === this.#product) ?? lines[0];
    if (line === undefined || line.quantity === AS_SOLD || this.#charges.has(charge)) return;
    this.#charges.add(charge);
    this.announce(line, sold);
    const [before, to] = [this.#before, line.quantity];
    this.#before = to;
    if (!isPaid) return;
    // Without a change of its own, it charges the returned units again.
    if (before === to && !isBack) this.#unpaid = [];
    const from = before ?? 0;
    if (from >= to) return;
    const others = this.#unpaid.flatMap((one) => [
      { ...one, to: Math.min(one.to, from) },
      { ...one, from: Math.max(one.from, to) },
    ]);
    this.#unpaid = others.filter((one) => one.from < one.to);
    if (isBack && before !== undefined) this.#unpaid = [...this.#unpaid, { from, to, key }];
  }

  /** A charge names all units and is paid. */
  clear(): void {
    this.#unpaid = [];
  }

  /** The lines with the units that are paid for. */
  without(lines: readonly Covered[]): readonly Covered[] {
    return lines.map((line) => {
      const unpaid = this.#of(line).reduce(
        (sum, { from, to }) => sum + Math.min(to, line.quantity) - from,
        0,
      );
      return unpaid === 0 ? line : { ...line, quantity: line.quantity - unpaid };
    });
  }

  /** The keys of the returned payments of units that the lines state. */
  keysOf(lines: readonly Covered[]): ReadonlySet<string> {
    return new Set(lines.flatMap((line) => this.#of(line).map(({ key }) => key)));
  }

  #of({ product, quantity }: Covered): readonly Unpaid[] {
    return product === this.#product ? this.#unpaid.filter(({ from }) => from < quantity) : [];
  }
}
