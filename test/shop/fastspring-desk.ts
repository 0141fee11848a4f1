/** FastSpring's clock, its books, and the calls that it makes. */
import { type Charge, type Item, sum, TAX } from './books.ts';
import { dayOf } from './calendar.ts';
import type { Call } from './call.ts';
import { BUYER, type Data } from './fastspring-shapes.ts';

export class Desk {
  now: number;
  readonly charges: Charge[] = [];
  readonly calls: Call[] = [];
  #count = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** Part of a name that nothing else has. */
  number(): string {
    this.#count += 1;
    return String(this.#count).padStart(5, '0');
  }

  /** Names for an order of this moment, before it is known what is in it. */
  names(kind: Charge['kind']): Pick<Charge, 'reference' | 'id' | 'kind' | 'at'> {
    const number = this.number();
    const reference = `SHP${dayOf(this.now).slice(2).replaceAll('-', '')}-1000-${number}`;
    return {
      reference: kind === 'first' ? reference : `${reference}B`,
      id: `order-${number}`,
      kind,
      at: this.now,
    };
  }

  charge(names: ReturnType<Desk['names']>, items: readonly Item[]): Charge {
    const total = sum(items.map(({ net }) => net)) * (1 + TAX);
    const charge: Charge = { ...names, items, total, back: 0, disputedAt: undefined };
    this.charges.push(charge);
    return charge;
  }

  /** One license request a line; none where no license fulfillment is set up. `must`: only 200 will do. */
  ask({ reference }: Charge, item: Item, must: boolean): void {
    const { ware, quantity, subscription } = item;
    if (ware.product === undefined || ware.unasked) return;
    this.calls.push({
      kind: 'request',
      at: this.#tick(),
      name: `${reference} ${ware.path}`,
      product: ware.product,
      fields: {
        reference,
        product: ware.path,
        quantity: String(quantity),
        name: `${BUYER.first} ${BUYER.last}`,
        email: BUYER.email,
        ...(subscription && { subscription: subscription.id, sequence: String(subscription.sequence) }),
      },
      item,
      after: subscription?.id ?? reference,
      must,
    });
  }

  event(type: string, data: Data): void {
    this.calls.push({ kind: 'event', at: this.#tick(), id: `event-${this.number()}`, type, data });
  }

  /** No two calls are of the same time. */
  #tick(): number {
    this.now += 1000;
    return this.now;
  }
}
