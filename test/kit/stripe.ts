/** Stripe's events in the domain's tests: read as the service reads them, told to a world. */
import type { Fact, FactBody } from '../../src/domain/facts/fact.ts';
import type { Mode } from '../../src/domain/values/order.ts';
import type { Product } from '../../src/domain/values/product.ts';
import { completedPayload } from '../../src/marketplaces/completed-event.ts';
import { readAgain } from '../../src/marketplaces/stripe/events.ts';
import {
  expanded,
  type InvoiceTold,
  invoice,
  type SessionTold,
  type SoldItem,
  type SubscriptionTold,
  seconds,
  session,
  subscription,
} from '../../src/marketplaces/stripe/shapes.ts';
import { productOf } from './product.ts';
import { StoreWorld, type Told } from './store-world.ts';
import { at } from './world.ts';

export type { Told };

/** A product that Stripe sells under these ids. */
export function striped(id: string, ids: readonly string[], more: Partial<Product> = {}): Product {
  const sold = { products: ids, reply: 'markdown', parameters: [] } as const;
  return productOf({ id, marketplaces: { stripe: sold }, ...more });
}

export const APP = striped('app', ['price_Month', 'price_Year'], { term: 'P1M' });
export const PLUS = striped('plus', ['prod_Plus'], { term: 'P1M' });
export const TOOL = striped('tool', ['price_Tool'], { term: 'perpetual' });
export const PRODUCTS: readonly Product[] = [APP, PLUS, TOOL];

export function recurring(price = 'price_Month', quantity = 1): SoldItem {
  return { price, quantity, amount: 2000, isRecurring: true };
}

export function once(price = 'price_Tool', quantity = 1): SoldItem {
  return { price, quantity, amount: 2000, isRecurring: false };
}

let made = 0;

/** An event; `day` is when it was made, at noon and a second later for each event of this process. */
export function event(type: string, day: string, object: object, more: object = {}): Told {
  made += 1;
  const created = seconds(at(day)) + made;
  const data = { object, ...('previous' in more && { previous_attributes: more.previous }) };
  const { previous: _, ...rest } = more as { previous?: unknown };
  const id = `evt_${String(made).padStart(6, '0')}`;
  const payload = {
    id,
    object: 'event',
    api_version: '2026-07-29.dahlia',
    created,
    livemode: true,
    type,
    data,
  };
  return { day, payload: JSON.stringify({ ...payload, ...rest }) };
}

/** The event together with what was fetched for it. */
export function completed({ day, payload }: Told, fetched: object): Told {
  return { day, payload: completedPayload(payload, JSON.stringify(fetched)) };
}

type Some<T> = Partial<T>;

/** A session as its event has it: paid, and without its lines. */
export function bought(day: string, items: readonly SoldItem[], more: Some<SessionTold> = {}): Told {
  return event('checkout.session.completed', day, session({ id: 'cs_1', items, ...more }));
}

/** The same with what the API answers. */
export function boughtWhole(
  day: string,
  items: readonly SoldItem[],
  more: Some<SessionTold> = {},
  other: object = {},
) {
  const told = { id: 'cs_1', items, ...more };
  return completed(bought(day, items, more), { session: expanded(told, other) });
}

type InvoiceDays = Omit<Some<InvoiceTold>, 'at' | 'until'> & { readonly until?: string | null };

export function invoiceOf(day: string, more: InvoiceDays = {}): object {
  const { until = null, ...rest } = more;
  const usual = {
    id: `in_${day}`,
    subscription: 'sub_1',
    items: [recurring()],
    reason: 'subscription_cycle',
  };
  return invoice({ ...usual, at: at(day), until: until === null ? null : at(until), ...rest });
}

export function paidInvoice(day: string, until: string | null, more: InvoiceDays = {}): Told {
  return event('invoice.paid', day, invoiceOf(day, { until, ...more }));
}

type SubscriptionDays = Omit<Some<SubscriptionTold>, 'until' | 'trialEnd' | 'ended'> & {
  readonly until?: string;
  readonly trialEnd?: string;
  readonly ended?: string;
};

export function subscriptionOf(day: string, more: SubscriptionDays = {}): object {
  const { until = day, trialEnd, ended, ...rest } = more;
  return subscription({
    id: 'sub_1',
    status: 'active',
    items: [recurring()],
    until: at(until),
    trialEnd: trialEnd === undefined ? null : at(trialEnd),
    ended: ended === undefined ? null : at(ended),
    ...rest,
  });
}

export function stated(name: string, day: string, more: SubscriptionDays = {}, previous: object = {}): Told {
  return event(`customer.subscription.${name}`, day, subscriptionOf(day, more), { previous });
}

export function factsOf({ payload }: Told, products: readonly Product[] = PRODUCTS): readonly Fact[] {
  return readAgain(payload, 'live', products).read().facts;
}

export function bodiesOf(told: Told): readonly FactBody[] {
  return factsOf(told).map(({ body }) => body);
}

/** A ledger in memory that is told Stripe's events, each on its own day. */
export class StripeWorld extends StoreWorld {
  constructor(products: readonly Product[] = PRODUCTS, day = '2026-01-01', mode: Mode = 'live') {
    super('stripe', readAgain, products, day, mode);
  }
}

const FIRST = { subscription: 'sub_1', invoice: 'in_1' };

/** A monthly subscription, sold on 2026-01-10 and paid to 2026-02-10. */
export const SALE: readonly Told[] = [
  stated('created', '2026-01-10', { until: '2026-02-10' }),
  bought('2026-01-10', [recurring()], FIRST),
  paidInvoice('2026-01-10', '2026-02-10', { id: 'in_1', reason: 'subscription_create' }),
  boughtWhole('2026-01-10', [recurring()], FIRST),
];

/** A ledger that was told that sale. */
export function soldWorld(): StripeWorld {
  return new StripeWorld().tell(...SALE);
}
