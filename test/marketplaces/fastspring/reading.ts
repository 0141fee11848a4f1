/** Reads single events as a delivery has them, with products of their own, and says what they tell. */
import type { MarketplaceEvent } from '../../../src/domain/facts/event.ts';
import type { FactBody, FactKind } from '../../../src/domain/facts/fact.ts';
import type { Product } from '../../../src/domain/values/product.ts';
import { readEvent } from '../../../src/marketplaces/fastspring/event.ts';
import { findByPath } from '../../../src/marketplaces/fastspring/product-keys.ts';

export const CREATED = Date.UTC(2026, 10, 20, 9);

export const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

const DEFAULT: Product = {
  id: 'app',
  name: 'App',
  term: 'P1Y',
  grace: 'P14D',
  updates: 'unlimited',
  quantity: 'codes',
  seats: 1,
  multibuy: 'single',
  features: ['export', 'sync'],
  grants: ['export'],
  trial: false,
  trialTerm: undefined,
  selfReissue: 0,
  downloads: { limit: 30 },
  overdue: 'suspend',
  ended: 'expire',
  refund: 'revoke',
  marketplaces: {},
  fields: {
    email: ['email'],
    name: ['name'],
    company: ['company'],
    reference: ['reference'],
    quantity: ['quantity'],
    subscriptionReference: ['subscriptionReference', 'subscription'],
    sequence: ['sequence'],
    test: ['test'],
    product: ['product'],
    trial: ['trial'],
    trialEnd: ['trialEnd'],
    features: [],
    units: [],
  },
  mail: { topics: {}, reminder: undefined },
  translations: {},
  message: { digest: '00', productId: 'app', productName: 'App', features: [], body: '{{ codes }}' },
};

/** A product that FastSpring sells under these paths; under its own id where there are none. */
export function sold(id: string, paths: readonly string[], more: Partial<Product> = {}): Product {
  const fastspring = { products: paths, reply: 'codes', parameters: [] } as const;
  return { ...DEFAULT, id, marketplaces: { fastspring }, ...more };
}

export const APP = sold('app', []);
export const PLAN = sold('plan', ['plan-monthly', 'plan-yearly']);
export const TEAM = sold('team', [], { quantity: 'seats', seats: 5 });
export const PRODUCTS: readonly Product[] = [APP, PLAN, TEAM];
export const findProduct = findByPath(PRODUCTS);

export interface Told {
  readonly id?: string;
  readonly live?: boolean;
  readonly created?: number | null;
}

export function read(type: string, data: object, told: Told = {}): MarketplaceEvent {
  const { id = 'e', live = true, created = CREATED } = told;
  return readEvent(JSON.stringify({ id, type, live, created, data }), findProduct);
}

/** The facts of events of other products. */
export function factsOf(products: readonly Product[]) {
  const find = findByPath(products);
  return (type: string, data: object, id: string, created: number) =>
    readEvent(JSON.stringify({ id, type, live: true, created, data }), find).facts;
}

export function bodies(type: string, data: object, told: Told = {}): FactBody[] {
  return read(type, data, told).facts.map(({ body }) => body);
}

/** The bodies of one kind. */
export function bodiesOf<K extends FactKind>(
  kind: K,
  type: string,
  data: object,
  told: Told = {},
): Extract<FactBody, { kind: K }>[] {
  return bodies(type, data, told).filter(
    (body): body is Extract<FactBody, { kind: K }> => body.kind === kind,
  );
}

/** Flags as `why: note`. */
export function flags(type: string, data: object): string[] {
  return bodiesOf('noted', type, data).flatMap(({ note, flag, why }) => (flag ? [`${why}: ${note}`] : []));
}

/** `subject body` of each fact. */
export function subjects(type: string, data: object, told: Told = {}): string[] {
  return read(type, data, told).facts.map(({ subject, body }) => `${subject} ${body.kind}`);
}

/** An order of given items. */
export function order(items: readonly object[], more: object = {}): object {
  return { id: 'o1', order: 'o1', reference: 'R1', live: true, currency: 'EUR', items, ...more };
}

/** A complete subscription in FastSpring's shape. */
export function subscription(more: object = {}): object {
  return {
    id: 's1',
    subscription: 's1',
    active: true,
    state: 'active',
    isPauseScheduled: false,
    adhoc: false,
    autoRenew: true,
    product: 'plan-monthly',
    quantity: 2,
    sequence: 1,
    next: day('2026-12-20'),
    nextChargeDate: day('2026-12-20'),
    end: null,
    deactivationDate: null,
    ...more,
  };
}
