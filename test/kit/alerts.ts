/** Made-up alerts, read without a service. */
import { readProductFile } from '../../src/catalog/product-file.ts';
import type { MarketplaceEvent } from '../../src/domain/facts/event.ts';
import type { FactBody } from '../../src/domain/facts/fact.ts';
import type { Product } from '../../src/domain/values/product.ts';
import { readAlert } from '../../src/marketplaces/paddle-classic/events.ts';
import { productFile } from './products.ts';

export type Values = Readonly<Record<string, string | undefined>>;

export function productOf(id: string, frontMatter: string): Product {
  const made = readProductFile(id, Buffer.from(productFile(frontMatter)));
  if (!('id' in made)) throw new Error(JSON.stringify(made));
  return made;
}

/** `app` is sold under two ids of Paddle's, `pro` under one. */
export const PRODUCTS: readonly Product[] = [
  productOf('app', 'name: App\nterm: P1Y\nmarketplaces: { paddle-classic: { product: ["47023", "47024"] } }'),
  productOf('pro', 'name: Pro\nterm: P1Y\nmarketplaces: { paddle-classic: { product: "5520" } }'),
];

/** The time of the alerts below. */
export const TIME = '2026-11-20 12:00:00';
export const AT = Date.UTC(2026, 10, 20, 12);

/** Undefined values are omitted. */
export function fieldsOf(values: Values): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) fields.set(name, value);
  return fields;
}

export function read(alert_name: string, values: Values): MarketplaceEvent {
  const head = { alert_id: '900', alert_name, event_time: TIME };
  return readAlert(fieldsOf({ ...head, ...values }), 'live', 'payload', PRODUCTS);
}

/** The facts of an alert by subject. */
export function told(alert_name: string, values: Values): readonly (readonly [string, FactBody])[] {
  return read(alert_name, values).facts.map(({ subject, body }) => [subject, body] as const);
}

/** The only fact of an alert. */
export function bodies(alert_name: string, values: Values): readonly FactBody[] {
  return read(alert_name, values).facts.map(({ body }) => body);
}

/** The kinds of flags that an alert raises. */
export function flags(alert_name: string, values: Values): readonly (string | undefined)[] {
  return bodies(alert_name, values).flatMap((body) => (body.kind === 'noted' && body.flag ? [body.why] : []));
}
