/** Gumroad in tests: its sales as its API has them, the pings about them, and a ledger that is told both. */
import type { Mode } from '../../src/domain/values/order.ts';
import type { Product } from '../../src/domain/values/product.ts';
import { completedPayload } from '../../src/marketplaces/completed-event.ts';
import { readAgain } from '../../src/marketplaces/gumroad/events.ts';
import { type SaleTold, saleOf, salePing, subscriptionPing } from '../../src/marketplaces/gumroad/shapes.ts';
import type { Loose } from '../../src/marketplaces/loose.ts';
import { productOf } from './product.ts';
import type { Answered } from './store-api.ts';
import { StoreWorld, type Told } from './store-world.ts';
import { at } from './world.ts';

export type { Told };

/** A product that Gumroad sells under these names. */
export function gummed(id: string, names: readonly string[], more: Partial<Product> = {}): Product {
  const sold = { products: names, reply: 'markdown', parameters: [] } as const;
  return productOf({ id, marketplaces: { gumroad: sold }, ...more });
}

export const APP = gummed('app', ['app=='], { term: 'P1M' });
export const PLUS = gummed('plus', ['app== (Plus)'], { term: 'P1M' });
export const TOOL = gummed('tool', ['tool=='], { term: 'perpetual' });
export const PRODUCTS: readonly Product[] = [APP, PLUS, TOOL];

type Some = Partial<Omit<SaleTold, 'at'>>;

/** A sale of the tool, as the API has it. */
export function bought(day: string, told: Some = {}): Loose {
  return saleOf({ id: 'S1==', product: 'tool==', ...told, at: at(day) });
}

/** A charge of subscription M of the app. */
export function charged(day: string, told: Some = {}): Loose {
  return saleOf({ id: `M-${day}`, product: 'app==', subscription: 'M==', ...told, at: at(day) });
}

export function renewed(day: string, told: Some = {}): Loose {
  return charged(day, { ...told, more: { recurring_charge: true, ...told.more } });
}

let received = 0;

/** A ping, as it is kept: each a second later than the one before. */
export function pinged(day: string, ping: Loose): Told {
  received += 1;
  return { day, payload: JSON.stringify({ received: at(day) + (received % 3600) * 1000, ping }) };
}

/** A ping together with what the API answered. */
export function confirmed(day: string, ping: Loose, fetched: object): Told {
  return { day, payload: completedPayload(pinged(day, ping).payload, JSON.stringify(fetched)) };
}

/** A ping about a sale that was paid. */
export function told(day: string, sale: Loose, resource = 'sale', more: object = {}): Told {
  return confirmed(day, salePing(resource, sale), { sale, listed: true, ...more });
}

/** A ping about the subscription of these charges, the newest first. */
export function changed(day: string, resource: string, charges: readonly Loose[], ping: Loose = {}): Told {
  const [sale] = charges;
  return confirmed(day, subscriptionPing(resource, charges, ping), { sale, listed: true, charges });
}

/** A ledger in memory that is told Gumroad's pings with what the API answered, each on its own day. */
export class GumroadWorld extends StoreWorld {
  constructor(products: readonly Product[] = PRODUCTS, day = '2026-01-01', mode: Mode = 'live') {
    super('gumroad', readAgain, products, day, mode);
  }
}

const PAGE_SIZE = 10;

/** What Gumroad's API has: all purchases, and the list of those that were paid. */
export class GumroadSales {
  readonly #sales = new Map<string, { readonly sale: Loose; readonly isListed: boolean }>();

  put(sale: Loose, isListed = true): Loose {
    this.#sales.set(String(sale['id']), { sale, isListed });
    return sale;
  }

  /** Of all sales of a subscription, as each shows its state. */
  state(subscription: string, state: Loose): void {
    for (const { sale, isListed } of [...this.#sales.values()]) {
      if (sale['subscription_id'] === subscription) this.put({ ...sale, ...state }, isListed);
    }
  }

  readonly answer = ({ pathname, searchParams }: URL): Answered => {
    const [, id] = /^\/sales\/(.+)$/.exec(pathname) ?? [];
    if (id === undefined) return { json: this.#list(searchParams) };
    const found = this.#sales.get(decodeURIComponent(id));
    // What is not found is answered with status 200.
    return { json: found ? { success: true, sale: found.sale } : { success: false, message: 'none' } };
  };

  #list(query: URLSearchParams): Loose {
    const fits = (name: string, value: unknown) => (query.get(name) ?? String(value)) === String(value);
    const all = [...this.#sales.values()]
      .filter(({ isListed }) => isListed)
      .map(({ sale }) => sale)
      .filter(
        (sale) =>
          fits('order_id', sale['order_id']) &&
          fits('email', sale['purchase_email']) &&
          fits('product_id', sale['product_id']) &&
          String(sale['created_at']) >= (query.get('after') ?? '') &&
          String(sale['created_at']) < (query.get('before') ?? '9'),
      )
      .sort((a, b) => (String(a['created_at']) < String(b['created_at']) ? 1 : -1));
    const start = Number(query.get('page_key')?.replace('after-', '') ?? 0);
    const next = start + PAGE_SIZE;
    const sales = all.slice(start, next);
    return { success: true, sales, ...(next < all.length && { next_page_key: `after-${next}` }) };
  }
}
