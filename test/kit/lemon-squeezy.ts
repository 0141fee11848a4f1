/** Lemon Squeezy's events in the domain's tests: read as the service reads them, told to a world. */
import type { Fact, FactBody } from '../../src/domain/facts/fact.ts';
import type { Mode } from '../../src/domain/values/order.ts';
import type { Product } from '../../src/domain/values/product.ts';
import { completedPayload } from '../../src/marketplaces/completed-event.ts';
import { readAgain } from '../../src/marketplaces/lemon-squeezy/events.ts';
import {
  eventOf,
  type InvoiceTold,
  invoice,
  type OrderTold,
  order,
  orderItem,
  type SoldItem,
  type SubscriptionTold,
  subscription,
} from '../../src/marketplaces/lemon-squeezy/shapes.ts';
import { productOf } from './product.ts';
import { StoreWorld, type Told } from './store-world.ts';
import { at } from './world.ts';

export type { Told };

/** A product that Lemon Squeezy sells under these names. */
export function squeezed(id: string, names: readonly string[], more: Partial<Product> = {}): Product {
  const sold = { products: names, reply: 'markdown', parameters: [] } as const;
  return productOf({ id, marketplaces: { 'lemon-squeezy': sold }, ...more });
}

const MONTH = 101;
const PLUS_VARIANT = 201;
const TOOL_VARIANT = 301;

export const APP = squeezed('app', [String(MONTH), '102'], { term: 'P1M' });
export const PLUS = squeezed('plus', ['product 20'], { term: 'P1M' });
export const TOOL = squeezed('tool', [String(TOOL_VARIANT)], { term: 'perpetual' });
export const PRODUCTS: readonly Product[] = [APP, PLUS, TOOL];

/** Order items; 20 euros for one of each. */
export function app(quantity = 1, more: Partial<SoldItem> = {}): SoldItem {
  return { id: 1, variant: MONTH, product: 10, quantity, price: 2000, ...more };
}

export const plus = (quantity = 1): SoldItem => app(quantity, { id: 2, variant: PLUS_VARIANT, product: 20 });
export const tool = (quantity = 1): SoldItem => app(quantity, { id: 3, variant: TOOL_VARIANT, product: 30 });

/** An event of live mode. */
function told(name: string, day: string, data: object): Told {
  const payload = JSON.stringify(eventOf(name, data, `webhook of ${name} on ${day}`));
  return { day, payload: payload.replaceAll('"test_mode":true', '"test_mode":false') };
}

type Some<T> = Partial<Omit<T, 'at' | 'createdAt'>>;

/** Seconds after noon, so that the events of a day have an order. */
let made = 0;
function noonOf(day: string): number {
  made += 1;
  return at(day) + (made % 3600) * 1000;
}

/** Order 1, made on 2026-01-10. */
export function ordered(day: string, more: Some<OrderTold> = {}, name = 'order_created'): Told {
  const usual = { id: 1, status: 'paid', items: [app()], createdAt: at('2026-01-10') } as const;
  return told(name, day, order({ ...usual, at: noonOf(day), ...more }));
}

export const refunded = (day: string, cents: number, more: Some<OrderTold> = {}): Told =>
  ordered(day, { refunded: cents, ...more }, 'order_refunded');

/** The event of an order together with all its items. */
export function withItems(sale: Told, items: readonly SoldItem[]): Told {
  const fetched = { data: items.map((item) => orderItem(item, 1)) };
  return { day: sale.day, payload: completedPayload(sale.payload, JSON.stringify(fetched)) };
}

type State = Omit<Some<SubscriptionTold>, 'renewsAt' | 'endsAt' | 'trialEndsAt' | 'itemAt'> & {
  readonly renews?: string;
  readonly ends?: string;
  readonly trialEnds?: string;
  readonly itemDay?: string;
};

/** Subscription 7 of order 1. */
export function stated(name: string, day: string, more: State = {}): Told {
  const { renews, ends, trialEnds, itemDay, ...rest } = more;
  const time = (text: string | undefined) => (text === undefined ? null : at(text));
  const dates = { renewsAt: time(renews), endsAt: time(ends), trialEndsAt: time(trialEnds) };
  const usual = { id: 7, order: 1, item: app(), status: 'active', createdAt: at('2026-01-10') };
  const item = itemDay === undefined ? {} : { itemAt: noonOf(itemDay) };
  return told(
    `subscription_${name}`,
    day,
    subscription({ ...usual, at: noonOf(day), ...dates, ...item, ...rest }),
  );
}

/** An invoice of subscription 7; its id is its day. */
export function billed(day: string, more: Some<InvoiceTold> = {}, name = 'success'): Told {
  const id = Number(day.replaceAll('-', ''));
  const usual = { id, subscription: 7, reason: 'renewal', status: 'paid', total: 2000, createdAt: at(day) };
  return told(`subscription_payment_${name}`, day, invoice({ ...usual, at: noonOf(day), ...more }));
}

export function factsOf({ payload }: Told, products: readonly Product[] = PRODUCTS): readonly Fact[] {
  return readAgain(payload, 'live', products).read().facts;
}

export function bodiesOf(event: Told): readonly FactBody[] {
  return factsOf(event).map(({ body }) => body);
}

/** A ledger in memory that is told Lemon Squeezy's events, each on its own day. */
export class LemonWorld extends StoreWorld {
  constructor(products: readonly Product[] = PRODUCTS, day = '2026-01-01', mode: Mode = 'live') {
    super('lemon-squeezy', readAgain, products, day, mode);
  }
}

/** A monthly subscription, sold on 2026-01-10 and paid to 2026-02-10. */
export const SALE: readonly Told[] = [
  ordered('2026-01-10'),
  stated('created', '2026-01-10', { renews: '2026-02-10' }),
  billed('2026-01-10', { reason: 'initial' }),
  stated('updated', '2026-01-10', { renews: '2026-02-10' }),
];

/** A ledger that was told that sale. */
export function soldWorld(): LemonWorld {
  return new LemonWorld().tell(...SALE);
}
