/** Paddle Billing's events in the domain's tests: read as the service reads them, told to a world. */
import type { Fact, FactBody } from '../../src/domain/facts/fact.ts';
import type { Mode } from '../../src/domain/values/order.ts';
import type { Product } from '../../src/domain/values/product.ts';
import { readAgain } from '../../src/marketplaces/paddle-billing/events.ts';
import {
  type AdjustmentTold,
  adjustment,
  iso,
  type SoldItem,
  type SubscriptionTold,
  subscription,
  type TransactionTold,
  transaction,
} from '../../src/marketplaces/paddle-billing/shapes.ts';
import { productOf } from './product.ts';
import { StoreWorld, type Told } from './store-world.ts';
import { at } from './world.ts';

export type { Told };

/** A product that Paddle Billing sells under these ids. */
export function billed(id: string, ids: readonly string[], more: Partial<Product> = {}): Product {
  const sold = { products: ids, reply: 'markdown', parameters: [] } as const;
  return productOf({ id, marketplaces: { 'paddle-billing': sold }, ...more });
}

export const APP = billed('app', ['pri_month', 'pri_year'], { term: 'P1M' });
export const PLUS = billed('plus', ['pro_plus'], { term: 'P1M' });
export const TOOL = billed('tool', ['pri_tool'], { term: 'perpetual' });
export const PRODUCTS: readonly Product[] = [APP, PLUS, TOOL];

export function recurring(price = 'pri_month', quantity = 1, more: Partial<SoldItem> = {}): SoldItem {
  return { price, quantity, amount: 2000, isRecurring: true, ...more };
}

export function once(price = 'pri_tool', quantity = 1): SoldItem {
  return { price, quantity, amount: 2000, isRecurring: false };
}

/** An event; `day` is when it occurred, at noon and a second later for each event of this process. */
export function event(type: string, day: string, data: object, more: object = {}): Told {
  made += 1;
  const occurred = at(day) + made * 1000;
  const id = `evt_${String(made).padStart(6, '0')}`;
  const payload = { event_id: id, event_type: type, occurred_at: iso(occurred), data, ...more };
  return { day, payload: JSON.stringify(payload) };
}

let made = 0;

type Some<T> = Omit<Partial<T>, 'at' | 'until'> & { readonly until?: string | null };

/** A completed checkout, unless `more` says otherwise. */
export function completed(day: string, items: readonly SoldItem[], more: Some<TransactionTold> = {}): Told {
  const { until = null, ...rest } = more;
  const told = { id: 'txn_1', origin: 'web', subscription: null, items, at: at(day), ...rest };
  return event(
    'transaction.completed',
    day,
    transaction({ ...told, until: until === null ? null : at(until) }),
  );
}

export function renewed(day: string, until: string, more: Some<TransactionTold> = {}): Told {
  const rest = { origin: 'subscription_recurring', subscription: 'sub_1', until, id: `txn_${day}`, ...more };
  return completed(day, more.items ?? [recurring()], rest);
}

export function stated(
  type: string,
  day: string,
  items: readonly SoldItem[],
  more: Some<SubscriptionTold> = {},
): Told {
  const { until = null, ...rest } = more;
  const told = { id: 'sub_1', status: 'active', items, at: at(day), ...rest };
  return event(
    `subscription.${type}`,
    day,
    subscription({ ...told, until: until === null ? null : at(until) }),
  );
}

export function adjusted(day: string, more: Partial<Omit<AdjustmentTold, 'at'>> = {}): Told {
  const usual = { id: `adj_${day}`, transaction: 'txn_1', action: 'refund', status: 'approved' };
  const told = { ...usual, type: 'full', items: [], at: at(day), ...more } as const;
  return event('adjustment.updated', day, adjustment({ ...told, type: 'type' in more ? more.type : 'full' }));
}

export function factsOf({ payload }: Told, products: readonly Product[] = PRODUCTS): readonly Fact[] {
  return readAgain(payload, 'live', products).read().facts;
}

export function bodiesOf(told: Told): readonly FactBody[] {
  return factsOf(told).map(({ body }) => body);
}

/** A ledger in memory that is told Paddle's events, each on its own day. */
export class BillingWorld extends StoreWorld {
  constructor(products: readonly Product[] = PRODUCTS, day = '2026-01-01', mode: Mode = 'live') {
    super('paddle-billing', readAgain, products, day, mode);
  }
}

/** A monthly subscription, sold on 2026-01-10 and paid to 2026-02-10. */
export const SALE: readonly Told[] = [
  stated('activated', '2026-01-10', [recurring()], { until: '2026-02-10' }),
  stated('created', '2026-01-10', [recurring()], { until: '2026-02-10', transaction: 'txn_1' }),
  completed('2026-01-10', [recurring()], { subscription: 'sub_1', until: '2026-02-10' }),
];

/** A ledger that was told that sale. */
export function soldWorld(): BillingWorld {
  return new BillingWorld().tell(...SALE);
}
