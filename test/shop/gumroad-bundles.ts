/** Gumroad's bundles: a sale of the bundle, and one of price 0 for each of its products. */
import { type Charge, isWhollyBack, newItem, pick, TAX } from './books.ts';
import type { GumroadDesk } from './gumroad-desk.ts';
import type { BundleAction } from './gumroad-story.ts';
import type { Flagged } from './truth.ts';
import { wareOf } from './wares.ts';

interface Bundle {
  readonly sale: Charge;
  readonly parts: readonly Charge[];
}

export class GumroadBundles {
  readonly #all: Bundle[] = [];
  readonly #desk: GumroadDesk;

  constructor(desk: GumroadDesk) {
    this.#desk = desk;
  }

  /** The bundle's own sale sells nothing, even where a product file names it. */
  buy({ ware: path, quantity, products }: Extract<BundleAction, { do: 'buyBundle' }>) {
    const desk = this.#desk;
    const sale = desk.charge(desk.names('first'), [newItem(wareOf(path), quantity)]);
    const parts = products.map(([product, units]) =>
      desk.book(desk.names('first'), [newItem(wareOf(product), units * quantity, { net: 0 })]),
    );
    this.#all.push({ sale, parts });
    desk.more.set(sale, () => ({ is_bundle_purchase: true }));
    for (const part of parts) desk.more.set(part, () => ({ is_bundle_product_purchase: true }));
    for (const one of [sale, ...parts]) desk.sold(one);
  }

  /** Told of the bundle alone. `noise`: the seller sends the pings of its products again, whose sales show the dispute. */
  change({ do: what, bundle: place }: Exclude<BundleAction, { do: 'buyBundle' }>, noise: boolean) {
    const desk = this.#desk;
    const bundle = pick(this.#all, place);
    if (bundle === undefined) return;
    const { sale, parts } = bundle;
    const [item] = sale.items;
    if (item === undefined || desk.won.has(sale)) return;
    if (what === 'winBundle') {
      if (sale.disputedAt === undefined) return;
      for (const one of [sale, ...parts]) desk.won.add(one);
      mark(bundle, undefined);
      desk.disputed(sale, 'dispute_won');
    } else if (sale.disputedAt !== undefined || isWhollyBack(sale)) {
      return;
    } else if (what === 'disputeBundle') {
      if (sale.back > 0) return;
      sale.disputedAt = desk.now;
      if (noise) mark(bundle, desk.now);
      desk.disputed(sale, 'dispute');
    } else {
      const left = item.net - item.netBack;
      const net = what === 'refundBundle' ? left : left / 4;
      item.netBack += net;
      sale.back += net * (1 + TAX);
      return desk.refunded(sale);
    }
    if (noise) for (const part of parts) desk.sold(part);
  }

  get orders(): string[] {
    return this.#all.map(({ sale }) => sale.reference);
  }

  /** Nothing says of which product the money is. */
  get flags(): Flagged[] {
    const open = this.#all.filter(({ sale }) => sale.disputedAt !== undefined || sale.back > 0);
    return open.map(({ sale }) => ({ kind: 'partial-refund', about: [sale.reference] }));
  }
}

function mark({ sale, parts }: Bundle, disputedAt: number | undefined) {
  for (const one of [sale, ...parts]) one.disputedAt = disputedAt;
}
