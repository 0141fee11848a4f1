/** FastSpring as it behaves: sells, takes money, gives it back, and tells of it (protocols: fastspring.md). */
import { type Charge, type Item, isWhollyBack, TAX } from './books.ts';
import { DAY, dayOf, HOUR } from './calendar.ts';
import type { Call, Event } from './call.ts';
import {
  BUYER,
  chargebackData,
  type Data,
  orderData,
  RECEIVER,
  type Returned,
  returnData,
} from './fastspring-shapes.ts';
import type { Action, FastSpringStory } from './fastspring-story.ts';
import { fastSpringWire } from './fastspring-wire.ts';
import type { Told } from './story-check.ts';
import { truthOf } from './truth.ts';
import { GOODS, type Ware } from './wares.ts';

/** When all stories begin. */
export const BEGINNING = Date.UTC(2026, 10, 2, 10);

/** Days that the shop goes on after the last action. */
export const RUN_OUT = 10;

export class FastSpringShop {
  now = BEGINNING;
  readonly charges: Charge[] = [];
  readonly calls: Call[] = [];
  #count = 0;

  tell(story: FastSpringStory): this {
    for (const { after, action } of story.steps) {
      this.now += after * DAY;
      this.#act(action);
      this.now += HOUR;
    }
    this.now += RUN_OUT * DAY;
    return this;
  }

  #act(action: Action): void {
    switch (action.do) {
      case 'buy':
        this.#buy(action);
        break;
      case 'refund':
        this.#refund(action);
        break;
      case 'chargeback':
        this.#chargeBack(action.charge);
        break;
    }
  }

  #buy({ cart, gift = false, free = false }: Extract<Action, { do: 'buy' }>): void {
    const items = cart.map(([path, quantity]) => newItem(wareOf(path), quantity, free));
    const charge = this.#newCharge('first', items);
    for (const item of items) this.#ask(charge, item);
    this.#event('order.completed', orderData(charge, { receiver: gift ? RECEIVER : BUYER }));
  }

  /** Fulfillments come before the order is complete, one a line. */
  #ask(charge: Charge, item: Item): void {
    const { ware, quantity } = item;
    if (ware.product === undefined || ware.unasked) return;
    this.calls.push({
      kind: 'request',
      at: this.#tick(),
      name: `${charge.reference} ${ware.path}`,
      product: ware.product,
      fields: {
        reference: charge.reference,
        product: ware.path,
        quantity: String(quantity),
        name: `${BUYER.first} ${BUYER.last}`,
        email: BUYER.email,
      },
      item,
      after: charge.reference,
      must: true,
    });
  }

  #refund({ charge: place, line, how }: Extract<Action, { do: 'refund' }>): void {
    const charge = pick(this.charges, place);
    if (charge === undefined || charge.total === 0 || isWhollyBack(charge) || charge.disputedAt !== undefined)
      return;
    const left = charge.items.filter(({ isBack, netBack, net }) => !isBack && netBack < net);
    const item = pick(left, line);
    if (item === undefined) return;
    const returned =
      how === 'all' || how === 'rest' ? left.map((each) => rest(each, how === 'all')) : one(item, how);
    if (returned.length === 0) return;
    for (const each of returned) take(each);
    charge.back += sum(returned.map(({ net }) => net)) * (1 + TAX);
    this.#count += 1;
    this.#event('return.created', returnData(charge, `return-${this.#count}`, returned));
  }

  #chargeBack(place: number): void {
    const charge = pick(this.charges, place);
    if (charge === undefined || charge.total === 0 || charge.back > 0 || charge.disputedAt !== undefined)
      return;
    charge.disputedAt = this.now;
    this.#event('chargeback.created', chargebackData(charge, this.now));
  }

  #newCharge(kind: Charge['kind'], items: readonly Item[]): Charge {
    this.#count += 1;
    const number = String(this.#count).padStart(5, '0');
    const total = sum(items.map(({ net }) => net)) * (1 + TAX);
    const charge: Charge = {
      reference: `SHP${dayOf(this.now).slice(2).replaceAll('-', '')}-1000-${number}`,
      id: `order-${number}`,
      kind,
      at: this.now,
      items,
      total,
      back: 0,
      disputedAt: undefined,
    };
    this.charges.push(charge);
    return charge;
  }

  #event(type: string, data: Data): void {
    this.#count += 1;
    const event: Event = { kind: 'event', at: this.#tick(), id: `event-${this.#count}`, type, data };
    this.calls.push(event);
  }

  /** No two calls are of the same time. */
  #tick(): number {
    this.now += 1000;
    return this.now;
  }
}

/** Plays a story to its end. */
export function fastSpringTold(story: FastSpringStory): Told {
  const { calls, charges, now } = new FastSpringShop().tell(story);
  return {
    wire: fastSpringWire,
    calls,
    truth: truthOf(charges),
    orders: charges.flatMap(({ reference, id }) => [reference, id]),
    end: now,
    lines: story.steps.map(({ after, action }) => `${after} days later: ${JSON.stringify(action)}`),
  };
}

function wareOf(path: string): Ware {
  const ware = GOODS.find((each) => each.path === path);
  if (ware === undefined) throw new Error(`no ware ${path}`);
  return ware;
}

function newItem(ware: Ware, quantity: number, free: boolean): Item {
  const net = free ? 0 : ware.price * quantity;
  return {
    ware,
    quantity,
    net,
    subscription: undefined,
    until: undefined,
    free,
    unitsBack: 0,
    netBack: 0,
    isBack: false,
  };
}

/** What is left of a line: by the line, or as an amount that names no unit. */
function rest(item: Item, isWhole: boolean): Returned {
  return { item, units: isWhole ? item.quantity - item.unitsBack : 0, net: item.net - item.netBack, isWhole };
}

function one(item: Item, how: 'line' | 'unit' | 'amount'): Returned[] {
  if (how === 'line') return [rest(item, true)];
  const price = item.net / item.quantity;
  // A return by amount may have taken a part of the price, and what a unit costs then is not documented.
  if (how === 'unit') {
    const isClean = item.netBack === item.unitsBack * price && item.quantity - item.unitsBack > 1;
    return isClean ? [{ item, units: 1, net: price, isWhole: false }] : [];
  }
  const net = Math.min(5, price / 4);
  return item.netBack + net < item.net ? [{ item, units: 0, net, isWhole: false }] : [];
}

function take({ item, units, net, isWhole }: Returned): void {
  item.netBack += net;
  item.unitsBack += units;
  if (isWhole) item.isBack = true;
}

function pick<T>(list: readonly T[], place: number): T | undefined {
  return list[place % Math.max(1, list.length)];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
