/** Common beginnings of tests: a service with the tests' products, a sale, a subscription. */

import type { Owner } from '../kit/service.ts';
import { completed, type Item, type Plan, subscription } from './fastspring-says.ts';
import { type Answer, Player } from './player.ts';
import { PRODUCTS } from './products.ts';
import type { Seen } from './seen.ts';
import type { Fields } from './steps.ts';

export function open(owner: Owner, products: Readonly<Record<string, string>> = {}): Promise<Player> {
  return Player.open(owner, { products: { ...PRODUCTS, ...products } });
}

/** A FastSpring sale of one line: the license request, then the order's event. */
export async function buy(player: Player, product: string, reference: string, item: Item): Promise<Answer> {
  const { product: path, quantity = 1 } = item;
  const answer = await player.request(product, { reference, product: path, quantity });
  await player.events(completed(reference, [item]));
  return answer;
}

/** A subscription's first order: the license request, the order's event and the activation. */
export async function subscribe(
  player: Player,
  product: string,
  plan: Plan,
  more: { readonly fields?: Fields; readonly item?: Partial<Item> } = {},
): Promise<Answer> {
  const { id, order, quantity = 1 } = plan;
  const answer = await player.request(product, {
    reference: order,
    product: plan.product,
    quantity,
    subscriptionReference: id,
    ...more.fields,
  });
  await player.events(
    completed(order, [{ product: plan.product, quantity, subscription: id, ...more.item }]),
    subscription('activated', plan),
  );
  return answer;
}

/** A year of Studio under order A, next charge 2027-11-20, so valid to 2027-12-04. */
export const STUDIO_PLAN: Plan = { id: 'a-sub', order: 'A', product: 'studio-yearly', next: '2027-11-20' };

/** The same subscription after a number of paid years. */
export function afterYears(years: number, plan: Plan = STUDIO_PLAN): Plan {
  return { ...plan, next: `${2026 + years}-11-20`, sequence: years };
}

export interface PaddlePlan {
  readonly order: string;
  readonly subscription_id: string;
  readonly subscription_plan_id: string;
}

export const PADDLE_PLAN: PaddlePlan = {
  order: '900-1',
  subscription_id: '700',
  subscription_plan_id: '5510',
};

/** A subscription at Paddle: the fulfillment request and its first payment, next charge 2027-11-20. */
export async function subscribeAtPaddle(
  player: Player,
  product: string,
  plan: PaddlePlan = PADDLE_PLAN,
  more: Fields = {},
): Promise<Answer> {
  const { order, ...named } = plan;
  const quantity = String(more['quantity'] ?? 1);
  const answer = await player.paddle(product, {
    p_order_id: order,
    p_product_id: plan.subscription_plan_id,
    p_quantity: quantity,
    quantity,
  });
  await player.alert(paid({ order_id: order, ...named, initial_payment: '1', ...more }));
  return answer;
}

/** `subscription_payment_succeeded` of 39.00 USD. */
export function paid(fields: Fields): Fields {
  return {
    alert_name: 'subscription_payment_succeeded',
    status: 'active',
    quantity: '1',
    initial_payment: '0',
    next_bill_date: '2027-11-20',
    sale_gross: '39.00',
    currency: 'USD',
    ...fields,
  };
}

/** The licenses of all these orders, each once, that are good today. */
export async function live(player: Player, ...orders: readonly string[]): Promise<readonly Seen[]> {
  const found = new Map<string, Seen>();
  for (const order of orders) for (const seen of await player.licenses(order)) found.set(seen.id, seen);
  return [...found.values()].filter(({ state }) => state === 'active');
}
