/** FastSpring's calls: one license request per line, and events. */
import type { Charge, Item } from './books.ts';
import { dayOf } from './calendar.ts';
import type { Request } from './call.ts';
import { BUYER, type Data, requestName } from './fastspring-shapes.ts';
import { Till } from './till.ts';
import { piecesOf } from './wares.ts';

export class FastSpringDesk extends Till {
  /** Names for an order of this time, before its content is known. */
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

  /** One license request per line; none where no license fulfillment is set up. */
  ask({ reference }: Charge, item: Item, must: Request['must']): void {
    const { ware, named, subscription } = item;
    if (ware.product === undefined || ware.unasked) return;
    this.calls.push({
      kind: 'request',
      at: this.tick(),
      name: requestName(reference, ware.path),
      product: ware.product,
      fields: {
        reference,
        product: ware.path,
        quantity: String(piecesOf(ware, named)),
        ...(ware.pack !== undefined && { mintmark_quantity: String(ware.pack) }),
        ...(ware.features && { mintmark_features: ware.features.join() }),
        name: `${BUYER.first} ${BUYER.last}`,
        email: BUYER.email,
        ...(subscription && { subscription: subscription.id, sequence: String(subscription.sequence) }),
      },
      item,
      after: subscription?.id ?? reference,
      must,
    });
  }

  event(type: string, data: Data, after?: string): void {
    const id = `event-${this.number()}`;
    this.calls.push({
      kind: 'event',
      at: this.tick(),
      id,
      type,
      data,
      ...(after !== undefined && { after }),
    });
  }
}
